//! The pictures of the pages, drawn by us on a grid of 24: one line each, in the colour of the text around.

use tera::{Kwargs, State, Tera, TeraResult, Value};

/// Name and paths of each.
const ICONS: &[(&str, &str)] = &[
    ("more", "M5 12h.01M12 12h.01M19 12h.01"),
    ("board", "M4 5h7v6H4zM13 5h7v9h-7zM4 13h7v6H4zM13 16h7v3h-7z"),
    ("own", "M3 20h18M5 20V9l7-5 7 5v11M10 20v-6h4v6M9 10h.01M15 10h.01"),
    ("letters", "M3 6h18v13H3zM3 7l9 7 9-7"),
    ("inbox", "M4 13 7 4h10l3 9v7H4zM4 13h5l1.500 3h3l1.500-3h5"),
    ("draw-arrow", "M5 19 19 5M9 5h10v10"),
    ("draw-circle", "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z"),
    ("draw-line", "M3 16c3-8 6-8 9-3s6 3 9-5"),
    ("draw-words", "M5 6h14M12 6v13M9 19h6"),
    ("intake", "M12 4v10M8 10l4 4 4-4M4 15v4h16v-4"),
    (
        "day",
        "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M19 5l-1.4 1.4M6.4 17.6 5 19",
    ),
    ("books", "M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11M9 8h6"),
    (
        "registry",
        "M4 6c0-1.5 3.6-2.5 8-2.5s8 1 8 2.5-3.6 2.5-8 2.5S4 7.500 4 6zM4 6v6c0 1.500 3.600 2.500 8 2.500s8-1 8-2.500V6M4 12v6c0 1.500 3.600 2.500 8 2.500s8-1 8-2.500v-6",
    ),
    ("incident", "M12 4 2.500 20h19zM12 10v4M12 17v.5"),
    ("bundle", "M12 3l8 4.500v9L12 21l-8-4.500v-9zM4 7.500l8 4.500 8-4.500M12 12v9"),
    ("message", "M4 5h16v11H9l-5 4z"),
    ("reports", "M4 20h16M7 20v-7M12 20V5M17 20v-10"),
    ("search", "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5"),
    (
        "language",
        "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3.500 6 3.500 9s-.5 6-3.500 9c-3-3-3.500-6-3.500-9s.5-6 3.500-9z",
    ),
    ("person", "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20c.8-4 4-6 8-6s7.200 2 8 6"),
    ("sign-out", "M14 4H6v16h8M10 12h11M17 8l4 4-4 4"),
    ("check", "M4 13l5 5L20 6"),
    ("cross", "M6 6l12 12M18 6 6 18"),
    ("clock", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.500 2"),
    (
        "phone",
        "M6 3h3l2 5-2.500 1.500a12 12 0 0 0 6 6L16 13l5 2v3c0 1.700-1.300 3-3 3C10 20.500 3.500 14 3 6c0-1.700 1.300-3 3-3z",
    ),
    (
        "map",
        "M12 21c4-4.500 7-8 7-11.500a7 7 0 0 0-14 0C5 13 8 16.500 12 21zM12 7a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
    ),
    ("device", "M6 3h12v18H6zM6 8h12M12 11.500a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM9 5.500h.5"),
    ("card", "M3 6h18v12H3zM3 10h18M7 14.500h4"),
    ("money", "M3 7h18v11H3zM12 9.500a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM6 10v.5M18 14.500v.5"),
    ("document", "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5"),
    ("history", "M4 12a8 8 0 1 0 2.500-5.800M4 4v4h4M12 8v4.500l3 2"),
    (
        "question",
        "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.300-1 .8-1 1.700M12 16.500v.5",
    ),
    ("chart", "M5 4h5v4H5zM14 10h5v4h-5zM5 16h5v4H5zM10 6h6.500v4M16.500 14v4H10"),
    ("lock", "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3"),
    ("tasks", "M4 5h3v3H4zM10 6.500h10M4 11h3v3H4zM10 12.500h10M4 17h3v3H4zM10 18.500h10"),
    ("picture", "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 8.500h.01"),
    ("dispatch", "M4 18V9l4-4 4 4v9M4 18h8M16 8h5M16 12h5M16 16h5M7 13h2"),
    ("more", "M5 12h.01M12 12h.01M19 12h.01"),
    ("next", "M9 5l7 7-7 7"),
    ("back", "M15 5l-7 7 7 7"),
    ("filter", "M4 6h16M7 12h10M10 18h4"),
    ("plus", "M12 5v14M5 12h14"),
    ("scan", "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M7 12h10"),
    ("print", "M7 9V4h10v5M7 17H4v-8h16v8h-3M7 14h10v6H7z"),
    (
        "sun",
        "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v1M12 20v1M3 12h1M20 12h1M5.600 5.600l.8.8M17.600 17.600l.8.8M18.400 5.600l-.8.8M6.400 17.600l-.8.8",
    ),
    (
        "tool",
        "M14.500 6.500a4 4 0 0 1 5-3l-2.500 2.500 1 2 2 .5 0-3.500a4 4 0 0 1-5 5.500L8 17.500a2.100 2.100 0 0 1-3-3l7.500-7a4 4 0 0 1 2-1z",
    ),
    ("shield", "M12 3l8 3v6c0 4.500-3.200 7.500-8 9-4.800-1.500-8-4.500-8-9V6z"),
];

/// `{{ icon(name="board") }}`
pub fn register(tera: &mut Tera) {
    tera.register_function("icon", |kwargs: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let name: String = kwargs.must_get("name")?;
        let found = ICONS.iter().find(|(known, _)| *known == name);
        let (_, path) = found.ok_or_else(|| tera::Error::message(format!("there is no icon `{name}`")))?;
        let turns = if matches!(name.as_str(), "next" | "back" | "sign-out") { " turns" } else { "" };
        Ok(Value::safe_string(&format!(
            "<svg class=\"icon{turns}\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\"><path d=\"{path}\"/></svg>"
        )))
    });
}
