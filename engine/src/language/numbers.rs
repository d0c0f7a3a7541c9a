//! Numbers and money as each language writes them. Exact: digits are moved, never calculated.

use rust_decimal::Decimal;

use super::Language;

/// The same text with the language's own digits.
pub fn digits(text: &str, language: Language) -> String {
    match language {
        Language::Fa => text.chars().map(persian).collect(),
        _ => text.to_owned(),
    }
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
    fn money_has_the_currencys_digits() {
        let value: Decimal = "12000".parse().unwrap();
        assert_eq!(money(value, "IRR", 0, Language::Fa), "۱۲٬۰۰۰ ریال");
        assert_eq!(money(value, "PLN", 2, Language::Pl), "12\u{a0}000,00\u{a0}zł");
        assert_eq!(money("12.5".parse().unwrap(), "IRR", 0, Language::En), "IRR\u{a0}13");
        assert_eq!(money("12.5".parse().unwrap(), "CNY", 2, Language::Zh), "¥12.50");
    }
}
