//! The last thing that happens to a log line: what it says of people is covered, and nothing in it looks like another line.
//!
//! Nobody should log a phone number, an address or an identity number; whoever does, by way of an error's own words,
//! still does not show it. Passwords, codes and tokens are not recognised here: they are never given to a line.

use std::io::{self, Write};

use tracing_subscriber::fmt::MakeWriter;

/// A number of so many digits in a row may be a telephone or a person's identity.
const PERSONAL: usize = 8;
/// How much of it is shown, so that two of them can be told apart.
const SHOWN: usize = 2;

/// Standard error, covered.
pub struct Masked {
    /// Colours stay.
    pub ansi: bool,
}

impl<'a> MakeWriter<'a> for Masked {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { ansi: self.ansi }
    }
}

/// One line; it is written as a whole.
pub struct Line {
    ansi: bool,
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let covered = mask(&String::from_utf8_lossy(bytes), self.ansi);
        io::stderr().write_all(covered.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// A line with its people covered and its control characters spelled out, but for the end of the line.
pub fn mask(line: &str, ansi: bool) -> String {
    let (text, end) = line.strip_suffix('\n').map_or((line, ""), |text| (text, "\n"));
    let mut covered = String::with_capacity(line.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let is_colour = ansi && letter == '\u{1b}';
        let word = rest.find(|letter: char| !is_address(letter)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(word);
        if !word.is_empty() {
            cover(&mut covered, word);
            rest = after;
            continue;
        }
        if !is_colour && (letter.is_control() || is_direction(letter)) {
            covered.extend(letter.escape_unicode());
        } else {
            covered.push(letter);
        }
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    covered + end
}

/// What e-mail addresses and numbers are made of.
fn is_address(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '@' | '.' | '_' | '%' | '+' | '-')
}

/// Letters that turn the direction of what follows.
fn is_direction(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn cover(covered: &mut String, word: &str) {
    if let Some((name, host)) = word.split_once('@')
        && !name.is_empty()
        && host.contains('.')
    {
        covered.extend(name.chars().take(1));
        covered.push_str("…@…");
        return;
    }
    let mut rest = word;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_numeric()).unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let count = number.chars().count();
        if count >= PERSONAL {
            covered.push('…');
            covered.extend(number.chars().skip(count - SHOWN));
        } else {
            covered.push_str(number);
        }
        let words = after.find(char::is_numeric).unwrap_or(after.len());
        let (plain, after) = after.split_at(words);
        covered.push_str(plain);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // P: 16.2.5
    #[test]
    fn people_are_covered_and_everything_else_stays() {
        for (line, covered) in [
            ("cannot send to 09121234567\n", "cannot send to …67\n"),
            ("to +989121234567, then", "to +…67, then"),
            ("phone=۰۹۱۲۱۲۳۴۵۶۷", "phone=…۶۷"),
            ("national id `0499370899`", "national id `…99`"),
            ("<maryam.k@example.com> refused", "<m…@…> refused"),
            ("{\"to\":\"maryam@example.com\"}", "{\"to\":\"m…@…\"}"),
            (
                "2026-11-22T21:51:35.123456Z INFO ticket 01-03-1405-09-0001",
                "2026-11-22T21:51:35.123456Z INFO ticket 01-03-1405-09-0001",
            ),
            ("serial WM1000068 at 127.0.0.1:8080", "serial WM1000068 at 127.0.0.1:8080"),
        ] {
            assert_eq!(mask(line, false), covered);
        }
    }

    // P: 16.4.1
    #[test]
    fn nothing_in_a_line_looks_like_another_line_or_moves_what_stands_in_it() {
        let covered = mask("as `eve\n2026 INFO all is well\r\u{1b}[2J\u{202e}`\n", false);
        assert_eq!(covered, "as `eve\\u{a}2026 INFO all is well\\u{d}\\u{1b}[2J\\u{202e}`\n");
    }
}
