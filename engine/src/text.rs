//! Text as people type it, made comparable: one form for searching and one for phone numbers.
//!
//! The same phone or name comes with Persian, Arabic or Latin digits, with Arabic or Persian letters, with or
//! without joiners and marks. Both sides of every comparison go through here; what is shown stays as it was.

/// The form in which texts are searched: lower case, Persian letters, Latin digits, no marks, single spaces.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for letter in text.chars().flat_map(char::to_lowercase) {
        let letter = match fold(letter) {
            Folded::Letter(letter) => letter,
            Folded::Space => {
                space = true;
                continue;
            }
            Folded::Nothing => continue,
        };
        if space && !out.is_empty() {
            out.push(' ');
        }
        space = false;
        out.push(letter);
    }
    out
}

/// Whether two names are the same however they are typed: letters, case, digits and spaces do not count.
pub fn same(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

/// Names that stand in a text with commas between them, in any script.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '،', '，', '、', ';', '؛', '\n']).map(str::trim).filter(|name| !name.is_empty())
}

enum Folded {
    Letter(char),
    Space,
    Nothing,
}

fn fold(letter: char) -> Folded {
    Folded::Letter(match letter {
        'ي' | 'ى' | 'ئ' => 'ی',
        'ك' => 'ک',
        'ة' | 'ۀ' => 'ه',
        'أ' | 'إ' | 'ٱ' | 'آ' => 'ا',
        'ؤ' => 'و',
        'ą' => 'a',
        'ć' => 'c',
        'ę' => 'e',
        'ł' => 'l',
        'ń' => 'n',
        'ó' => 'o',
        'ś' => 's',
        'ź' | 'ż' => 'z',
        // Tatweel, vowel marks, joiners and direction marks are how a text looks, not what it says; the
        // zero-width non-joiner stands where others write a space.
        '\u{0640}' | '\u{064B}'..='\u{0655}' | '\u{0670}' | '\u{0307}' => return Folded::Nothing,
        '\u{200C}' => return Folded::Space,
        '\u{200B}' | '\u{200D}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}' => {
            return Folded::Nothing;
        }
        _ if letter.is_whitespace() => return Folded::Space,
        _ => return Folded::Letter(latin_digit(letter)),
    })
}

/// The same text with Latin digits.
pub fn latin_digits(text: &str) -> String {
    text.chars().map(latin_digit).collect()
}

fn latin_digit(letter: char) -> char {
    let zero = match letter {
        '۰'..='۹' => '۰',
        '٠'..='٩' => '٠',
        '０'..='９' => '０',
        _ => return letter,
    };
    let value = u32::from(letter).saturating_sub(u32::from(zero));
    char::from_digit(value, 10).unwrap_or(letter)
}

/// A phone number in international form, `+989121234567`. `country` is the calling code that a leading 0
/// stands for; empty: none does, and a number says its country itself. None when it has a letter or too few or
/// too many digits.
pub fn phone(text: &str, country: &str) -> Option<String> {
    let typed: String = latin_digits(text)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '(' | ')' | '/') && !is_mark(*c))
        .collect();
    let digits = match typed.strip_prefix('+').or_else(|| typed.strip_prefix("00")) {
        // Some write +98 (0)912 …: the zero is not dialled.
        Some(rest) => match rest.strip_prefix(country).and_then(|rest| rest.strip_prefix('0')) {
            Some(local) => format!("{country}{local}"),
            None => rest.to_owned(),
        },
        None if country.is_empty() => return None,
        None => match typed.strip_prefix('0') {
            Some(local) => format!("{country}{local}"),
            None if typed.starts_with(country) && typed.len() >= 11 => typed,
            None => format!("{country}{typed}"),
        },
    };
    let plausible = (8..=15).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit());
    plausible.then(|| format!("+{digits}"))
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// What a search for part of a phone number looks for: its digits without the prefix that may be written
/// either way.
pub fn phone_part(text: &str, country: &str) -> String {
    let digits: String = latin_digits(text).chars().filter(char::is_ascii_digit).collect();
    let rest = digits.strip_prefix("00").unwrap_or(&digits);
    // Only where the writing says so does the country code stand in front: 98… may also be the middle of a number.
    let international = text.trim_start().starts_with('+') || digits.starts_with("00");
    let part = match rest.strip_prefix(country) {
        Some(local) if international || digits.len() >= 11 => local.trim_start_matches('0'),
        _ => rest.trim_start_matches('0'),
    };
    // Zeros alone are nobody's number, and not everybody's.
    if part.is_empty() { digits } else { part.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_and_persian_letters_are_one() {
        assert_eq!(folded("علي كاظمی"), folded("علی کاظمي"));
        assert_eq!(folded("می‌خواهم"), folded("می خواهم"));
        assert_eq!(folded("محمّد"), folded("محمد"));
        assert_ne!(folded("علی"), folded("عالی"));
    }

    #[test]
    fn digits_of_all_scripts_are_one() {
        assert_eq!(folded("سریال ۱۲۳ ٤٥٦"), "سریال 123 456");
    }

    #[test]
    fn polish_letters_are_found_without_their_marks() {
        assert_eq!(folded("Łukasz  ŻÓŁĆ "), "lukasz zolc");
    }

    #[test]
    fn a_phone_number_has_one_form_however_it_is_written() {
        for written in [
            "09121234567",
            "+989121234567",
            "00989121234567",
            "۰۹۱۲ ۱۲۳ ۴۵۶۷",
            "٠٩١٢-١٢٣-٤٥٦٧",
            "989121234567",
            "9121234567",
            "+98 (0)912 123 4567",
        ] {
            assert_eq!(phone(written, "98").as_deref(), Some("+989121234567"), "{written}");
        }
        assert_eq!(phone("+48 601 234 567", "98").as_deref(), Some("+48601234567"));
        assert_eq!(phone("+48 601 234 567", "").as_deref(), Some("+48601234567"));
        assert_eq!(phone("0601234567", ""), None, "of which country?");
    }

    #[test]
    fn what_is_no_phone_number_is_refused() {
        for written in ["", "12", "phone", "0912123456789012345", "+98x9121234567"] {
            assert_eq!(phone(written, "98"), None, "{written}");
        }
    }

    #[test]
    fn part_of_a_number_is_looked_for_without_its_prefix() {
        assert_eq!(phone_part("0912", "98"), "912");
        assert_eq!(phone_part("+98912", "98"), "912");
        assert_eq!(phone_part("۴۵۶۷", "98"), "4567");
        assert_eq!(phone_part("9845", "98"), "9845");
        assert_eq!(phone_part("0000000", "98"), "0000000", "zeros alone are not everybody's number");
    }
}
