//! How many short messages a text takes: what an SMS gateway charges for.

/// Letters of the GSM 7-bit alphabet, GSM 03.38.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
    ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Those that take two places.
const EXTENDED: &str = "^{}\\[~]|€\u{c}";

/// The alphabet that a text needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// 160 letters in one message, 153 in each of several.
    Gsm7,
    /// 70 letters in one message, 67 in each of several: Persian, Chinese and Polish need it.
    Ucs2,
}

/// Size of a text as short messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segments {
    pub alphabet: Alphabet,
    pub count: usize,
}

/// Counts the short messages that a text takes. A letter is never cut in two.
pub fn count(text: &str) -> Segments {
    let gsm7 = text.chars().all(|c| BASIC.contains(c) || EXTENDED.contains(c));
    let (alphabet, alone, each) = if gsm7 { (Alphabet::Gsm7, 160, 153) } else { (Alphabet::Ucs2, 70, 67) };
    let sizes = text.chars().map(|c| match alphabet {
        Alphabet::Gsm7 => 1 + usize::from(EXTENDED.contains(c)),
        Alphabet::Ucs2 => c.len_utf16(),
    });
    let total: usize = sizes.clone().sum();
    if total <= alone {
        return Segments { alphabet, count: 1 };
    }
    let mut count = 1;
    let mut used = 0;
    for size in sizes {
        if used + size > each {
            count += 1;
            used = 0;
        }
        used += size;
    }
    Segments { alphabet, count }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_counted_as_gateways_count() {
        for (text, alphabet, expected) in [
            ("a".repeat(160), Alphabet::Gsm7, 1),
            ("a".repeat(161), Alphabet::Gsm7, 2),
            ("€".repeat(80), Alphabet::Gsm7, 1),
            // Two places for each and 153 in a message: one place stays empty.
            ("€".repeat(153), Alphabet::Gsm7, 3),
            ("س".repeat(70), Alphabet::Ucs2, 1),
            ("س".repeat(71), Alphabet::Ucs2, 2),
            (format!("ą{}", "a".repeat(70)), Alphabet::Ucs2, 2),
            ("😀".repeat(35), Alphabet::Ucs2, 1),
            ("😀".repeat(67), Alphabet::Ucs2, 3),
        ] {
            assert_eq!(count(&text), Segments { alphabet, count: expected }, "{text}");
        }
    }
}
