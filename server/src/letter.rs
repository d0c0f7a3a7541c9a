//! A letter's text: the text of its kind with the fragments put in, and what an e-mail makes of it. No SQL, no rights.

/// What a fragment's placeholder begins with.
const FRAGMENT: &str = "fragment.";

/// A piece of a text: as it stands, or the code of a fragment.
enum Piece<'t> {
    Text(&'t str),
    Fragment(&'t str),
}

/// A text cut at its fragments' placeholders, `{{ fragment.greeting }}`.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut rest, mut plain) = (text, text);
    while let Some((before, tag, after)) = next_tag(rest) {
        let code = tag.trim_matches('-').trim().strip_prefix(FRAGMENT);
        if let Some(code) = code {
            let length = plain.len() - rest.len() + before.len();
            found.extend(plain.get(..length).map(Piece::Text));
            found.push(Piece::Fragment(code.trim()));
            plain = after;
        }
        rest = after;
    }
    found.push(Piece::Text(plain));
    found
}

fn next_tag(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (tag, after) = rest.split_once("}}")?;
    Some((before, tag, after))
}

/// The codes of the fragments that a text names.
pub fn fragments(text: &str) -> Vec<String> {
    let codes = pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Fragment(code) => Some(code.to_owned()),
        Piece::Text(_) => None,
    });
    codes.collect()
}

/// The text with the fragments in their places. `find` knows their texts; of one that it does not know nothing is
/// left. A fragment names no others.
pub fn put_together(text: &str, find: impl Fn(&str) -> Option<String>) -> String {
    let parts = pieces(text).into_iter().map(|piece| match piece {
        Piece::Text(text) => text.to_owned(),
        Piece::Fragment(code) => find(code).map(|text| without_fragments(&text)).unwrap_or_default(),
    });
    parts.collect()
}

/// The text without its fragments: what is a template by itself.
pub fn without_fragments(text: &str) -> String {
    let texts = pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(text),
        Piece::Fragment(_) => None,
    });
    texts.collect()
}

/// A plain text as simple HTML for an e-mail: nothing of it is markup.
pub fn html(text: &str, is_right_to_left: bool) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let escaped = escaped.replace("\r\n", "\n");
    let paragraphs = escaped.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    let body: String = paragraphs.map(|text| format!("<p>{}</p>", text.replace('\n', "<br>"))).collect();
    if is_right_to_left { format!("<div dir=\"rtl\">{body}</div>") } else { body }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_stand_where_they_are_named_and_nothing_else_is_touched() {
        let text = "{{ fragment.dear }}\nYour {{ product.name }}.\n{{fragment.end}}";
        assert_eq!(fragments(text), ["dear", "end"]);
        let find =
            |code: &str| (code == "dear").then(|| "Dear {{ customer.name }}{{ fragment.end }},".to_owned());
        assert_eq!(put_together(text, find), "Dear {{ customer.name }},\nYour {{ product.name }}.\n");
        assert_eq!(without_fragments("a {{ fragment.x }}b {{ c"), "a b {{ c");
    }

    #[test]
    fn nothing_that_was_typed_is_markup_in_an_email() {
        assert_eq!(html("a <b>\r\nc\r\n\r\nd & e", false), "<p>a &lt;b&gt;<br>c</p><p>d &amp; e</p>");
        assert!(html("سلام", true).starts_with("<div dir=\"rtl\"><p>"));
    }
}
