//! Codes and numbers inside a text that is read from right to left. After Persian letters the hyphens of `01-03-0042`
//! or the plus of `+98912…` would be shown on the wrong side; an isolate keeps such a piece in its own order.
//!
//! Only what needs it is isolated: a piece that begins with a Latin letter, such as an address on the web, keeps its
//! order by itself, and a mark behind it would become part of the link on some telephones.

/// Left-to-right isolate, and the end of one.
const LRI: char = '\u{2066}';
const PDI: char = '\u{2069}';

/// What digits can have between them without losing their order.
const JOINTS: [char; 6] = ['.', ',', ':', '/', '٬', '٫'];
/// What stands around a piece and is no part of it.
const AROUND: [char; 10] = ['.', ',', ':', ';', '!', '?', '(', ')', '"', '\''];

/// The plain text with isolates where its pieces need them.
pub fn isolated(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_latin = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|letter| !is_of_piece(letter)).unwrap_or(rest.len());
        if end == 0 {
            if first.is_alphabetic() {
                after_latin = false;
            }
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (piece, after) = rest.split_at(end);
        let has_latin = piece.chars().any(|letter| letter.is_ascii_alphabetic());
        if after_latin || !needs(piece) {
            out.push_str(piece)
        } else {
            put(&mut out, piece)
        }
        after_latin |= has_latin;
        rest = after;
    }
    out
}

/// The same for HTML: what stands in tags is no text.
pub fn isolated_html(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for (n, part) in html.split('<').enumerate() {
        match part.split_once('>').filter(|_| n > 0) {
            Some((tag, text)) => out.extend(["<", tag, ">", &isolated(text)]),
            None if n > 0 => out.extend(["<", part]),
            None => out.push_str(&isolated(part)),
        }
    }
    out
}

/// The piece between isolates, what stands around it outside.
fn put(out: &mut String, piece: &str) {
    let inner = piece.trim_matches(AROUND);
    let begin = piece.len() - piece.trim_start_matches(AROUND).len();
    let (before, rest) = piece.split_at(begin);
    out.push_str(before);
    out.push(LRI);
    out.push_str(inner);
    out.push(PDI);
    out.push_str(rest.get(inner.len()..).unwrap_or_default());
}

fn is_of_piece(letter: char) -> bool {
    letter.is_ascii_graphic() || is_digit(letter)
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, '۰'..='۹' | '٠'..='٩')
}

/// Begins with no letter, has a digit, and a sign between or beside its digits.
fn needs(piece: &str) -> bool {
    let inner = piece.trim_matches(AROUND);
    let begins = inner.chars().next().is_some_and(|first| !first.is_ascii_alphabetic());
    begins
        && inner.chars().any(is_digit)
        && inner.chars().any(|letter| !is_digit(letter) && !JOINTS.contains(&letter) && letter != '&')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_and_a_phone_keep_their_order_and_the_rest_stays_as_it_was() {
        for (text, expected) in [
            ("درخواست 01-03-0042: تغییر", "درخواست \u{2066}01-03-0042\u{2069}: تغییر"),
            ("درخواست ۰۱-۰۳-۰۰۴۲.", "درخواست \u{2066}۰۱-۰۳-۰۰۴۲\u{2069}."),
            ("تماس (+989121234567)", "تماس (\u{2066}+989121234567\u{2069})"),
            // Numbers, days, times and amounts keep their order, and so does what begins with a Latin letter.
            ("در ۱۴۰۵/۰۸/۳۰ ۱۴:۰۵ مبلغ ۱٬۲۵۰٬۰۰۰ ریال", "در ۱۴۰۵/۰۸/۳۰ ۱۴:۰۵ مبلغ ۱٬۲۵۰٬۰۰۰ ریال"),
            (
                "ببینید: https://a.example/track/01-03-0042/x-Y_9",
                "ببینید: https://a.example/track/01-03-0042/x-Y_9",
            ),
            ("مدل Frost 20-4 است", "مدل Frost 20-4 است"),
            ("کد T-0511 شما", "کد T-0511 شما"),
        ] {
            assert_eq!(isolated(text), expected);
        }
    }

    #[test]
    fn tags_of_an_email_are_left_alone() {
        let html = "<p class=\"a-1\">درخواست 01-03-0042</p><a href=\"https://a/1-2\">1-2</a>";
        let expected = "<p class=\"a-1\">درخواست \u{2066}01-03-0042\u{2069}</p><a href=\"https://a/1-2\">\u{2066}1-2\u{2069}</a>";
        assert_eq!(isolated_html(html), expected);
    }
}
