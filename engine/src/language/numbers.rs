//! Numbers and money as each language writes them. Exact: digits are moved, never calculated.

use rust_decimal::Decimal;

use super::Language;

/// The same text with the language's own digits. A word with Latin letters is a code, an address or a name, which has
/// its digits as they are: `WM1000068`, `k01351@customer.example`.
pub fn digits(text: &str, language: Language) -> String {
    if language != Language::Fa {
        return text.to_owned();
    }
    let is_code = |word: &str| word.contains(|letter: char| letter.is_ascii_alphabetic());
    let words = text.split_inclusive(char::is_whitespace);
    words
        .flat_map(|word| word.chars().map(move |letter| if is_code(word) { letter } else { persian(letter) }))
        .collect()
}

fn persian(letter: char) -> char {
    letter.to_digit(10).and_then(|digit| char::from_u32(0x06F0 + digit)).unwrap_or(letter)
}

/// Group separator and decimal sign.
fn signs(language: Language) -> (char, char) {
    match language {
        Language::En | Language::Zh => (',', '.'),
        Language::Fa => ('٬', '٫'),
        Language::Pl => ('\u{a0}', ','),
    }
}

/// A number with its thousands set apart.
pub fn number(value: Decimal, language: Language) -> String {
    let written = value.abs().to_string();
    let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
    let (group, point) = signs(language);
    let mut text = String::new();
    if value.is_sign_negative() && !value.is_zero() {
        text.push(if language == Language::Pl { '−' } else { '-' });
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    digits(&text, language)
}

/// An amount with its currency, with as many digits after the point as the currency has.
pub fn money(value: Decimal, currency: &str, minor_digits: u32, language: Language) -> String {
    let mut value = value;
    value.rescale(minor_digits);
    let amount = number(value, language);
    match (language, currency) {
        (Language::Fa, "IRR") => format!("{amount} ریال"),
        (Language::Pl, "PLN") => format!("{amount}\u{a0}zł"),
        (Language::Zh, "CNY") => format!("¥{amount}"),
        (Language::Fa | Language::Pl, _) => format!("{amount}\u{a0}{currency}"),
        (Language::En | Language::Zh, _) => format!("{currency}\u{a0}{amount}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_numbers_its_own_way() {
        let value: Decimal = "-1234567.5".parse().unwrap();
        let written = Language::ALL.map(|language| number(value, language));
        assert_eq!(written, ["-1,234,567.5", "-۱٬۲۳۴٬۵۶۷٫۵", "-1,234,567.5", "−1\u{a0}234\u{a0}567,5"]);
        assert_eq!(number(123.into(), Language::En), "123");
        assert_eq!(number(123_456.into(), Language::En), "123,456");
    }

    #[test]
    fn codes_keep_their_digits() {
        let text = "WM1000068 ۲ 98 k01351@customer.example, 01-01-1405-09-0002";
        assert_eq!(digits(text, Language::Fa), "WM1000068 ۲ ۹۸ k01351@customer.example, ۰۱-۰۱-۱۴۰۵-۰۹-۰۰۰۲");
    }

    #[test]
    fn money_has_the_currencys_digits() {
        let value: Decimal = "12000".parse().unwrap();
        assert_eq!(money(value, "IRR", 0, Language::Fa), "۱۲٬۰۰۰ ریال");
        assert_eq!(money(value, "PLN", 2, Language::Pl), "12\u{a0}000,00\u{a0}zł");
        assert_eq!(money("12.5".parse().unwrap(), "IRR", 0, Language::En), "IRR\u{a0}13");
        assert_eq!(money("12.5".parse().unwrap(), "CNY", 2, Language::Zh), "¥12.50");
    }
}
