//! Diagnostics for programs: one JSON object each, with lines, columns and byte offsets.

use serde_json::{Value as Json, json};

use super::{Diagnostic, Sources};

/// All diagnostics as a JSON array.
pub fn array(found: &[Diagnostic], sources: &Sources) -> Json {
    Json::Array(found.iter().map(|one| object(one, sources)).collect())
}

fn object(one: &Diagnostic, sources: &Sources) -> Json {
    let mut entries: Vec<(&str, Json)> = vec![
        ("code", one.code.into()),
        ("severity", json!(one.severity)),
        ("message", one.message.as_str().into()),
    ];
    if let Some(place) = one.place {
        entries.extend([
            ("file", sources.path(place.source).into()),
            ("line", place.line.into()),
            ("column", place.column.into()),
            ("offset", place.start.into()),
            ("length", place.len.into()),
        ]);
    }
    if !one.label.is_empty() {
        entries.push(("label", one.label.as_str().into()));
    }
    entries.extend(one.help.iter().map(|help| ("help", help.as_str().into())));
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Place;

    #[test]
    fn a_program_gets_the_place_in_every_form() {
        let mut sources = Sources::default();
        let source = sources.add("a.yaml", "x: yy\n");
        let place = Place { source, line: 1, column: 4, start: 3, len: 2 };
        let found = [Diagnostic::warning("AC0502", place, "no").help("so")];
        assert_eq!(
            array(&found, &sources).to_string(),
            r#"[{"code":"AC0502","severity":"warning","message":"no","file":"a.yaml","line":1,"column":4,"offset":3,"length":2,"help":"so"}]"#
        );
    }
}
