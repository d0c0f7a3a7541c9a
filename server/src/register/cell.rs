//! A value in a cell of a file: what people and their spreadsheets write, made into what the API takes, and back.

use aftercare_engine::company::date::from_jalali;
use aftercare_engine::text::latin_digits;
use chrono::NaiveDate;
use serde_json::{Number, Value, json};

use super::field::Kind;
use super::value::Mistake;

/// What stands between the values of a list in one cell.
const BETWEEN: char = ';';

/// The value of a cell that is not empty.
pub fn read(kind: Kind, text: &str) -> Result<Value, Mistake> {
    let text = text.trim();
    match kind {
        Kind::Key | Kind::Refers(_) | Kind::RefersLater(_) | Kind::Digits => Ok(json!(latin_digits(text))),
        Kind::Word(words) => {
            let word = text.to_lowercase();
            Ok(json!(words.iter().find(|one| **one == word).map_or(text, |one| one)))
        }
        Kind::YesNo => yes_no(text).map(Value::Bool).ok_or_else(|| Mistake::new("field-yes-no", vec![])),
        Kind::Whole(least) => match plain_number(text).parse::<i64>() {
            Ok(number) => Ok(json!(number)),
            Err(_) => Err(Mistake::new("field-whole", vec![("least", least.to_string())])),
        },
        Kind::Number | Kind::Quantity | Kind::Amount => Ok(json!(plain_number(text))),
        Kind::Day => day(text).map(|day| json!(day)).ok_or_else(|| Mistake::new("field-day", vec![])),
        Kind::Phones => Ok(text.split(BETWEEN).map(str::trim).filter(|one| !one.is_empty()).collect()),
        Kind::Roles => Ok(text.split(BETWEEN).filter_map(role).collect()),
        Kind::Definitions => serde_json::from_str(text).map_err(|_| Mistake::new("field-list", vec![])),
        Kind::Text
        | Kind::Email
        | Kind::Phone
        | Kind::Names
        | Kind::Texts
        | Kind::Terms
        | Kind::Attributes => Ok(json!(text)),
    }
}

/// A value as it stands in a cell.
pub fn show(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().any(|item| item.get("role").is_none() && item.is_object()) => {
            value.to_string()
        }
        Value::Array(items) => items.iter().map(item).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

fn item(value: &Value) -> String {
    let text = |name| value.get(name).and_then(Value::as_str);
    match (text("role"), text("branch")) {
        (Some(role), Some(branch)) => format!("{role}@{branch}"),
        (Some(role), None) => role.to_owned(),
        _ => show(value),
    }
}

fn role(text: &str) -> Option<Value> {
    let text = text.trim();
    match text.split_once('@') {
        Some((role, branch)) => Some(json!({"role": role.trim(), "branch": branch.trim()})),
        None => (!text.is_empty()).then(|| json!({"role": text})),
    }
}

/// Yes and no as people of the four languages, and their spreadsheets, write them.
pub fn yes_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "۱" | "بله" | "بلی" | "آری" | "是" | "tak" | "prawda" => {
            Some(true)
        }
        "false" | "no" | "n" | "0" | "۰" | "خیر" | "نه" | "否" | "nie" | "fałsz" => Some(false),
        _ => None,
    }
}

/// A number without what people put between its digits.
pub fn plain_number(text: &str) -> String {
    let between = [',', '٬', '،', '\u{a0}', '\u{202f}', ' ', '\''];
    latin_digits(text).replace(between, "").replace('٫', ".")
}

/// A day: `2026-03-21`, `2026/3/21`, or Jalali, which its year tells.
pub fn day(text: &str) -> Option<NaiveDate> {
    let text = latin_digits(text);
    // A spreadsheet's day may come with a midnight.
    let text = text.split(['T', ' ']).next()?;
    let mut parts = text.split(['-', '/', '.']).map(str::parse::<u32>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    if parts.next().is_some() {
        return None;
    }
    match year {
        1200..=1599 => from_jalali((year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?)),
        1900..=2999 => NaiveDate::from_ymd_opt(year.try_into().ok()?, month, day),
        _ => None,
    }
}

/// A number as JSON if the text is one, else the text.
pub fn number_or_text(text: &str) -> Value {
    let plain = plain_number(text);
    match plain.parse::<i64>() {
        Ok(number) => json!(number),
        Err(_) => plain.parse::<Number>().map_or_else(|_| json!(text), Value::Number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_both_calendars_and_all_digits() {
        let spring = NaiveDate::from_ymd_opt(2026, 3, 21);
        for text in ["2026-03-21", "2026/3/21", "1405/01/01", "۱۴۰۵/۱/۱", "2026-03-21 00:00:00"] {
            assert_eq!(day(text), spring, "{text}");
        }
        for text in ["", "21.03.2026", "2026-13-01", "1404/12/30", "soon"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_without_what_stands_between_their_digits() {
        assert_eq!(plain_number("۱٬۲۵۰٬۰۰۰"), "1250000");
        assert_eq!(plain_number("1 250 000"), "1250000");
        assert_eq!(read(Kind::Whole(0), "12 000"), Ok(json!(12000)));
        assert!(read(Kind::Whole(0), "many").is_err());
    }

    #[test]
    fn what_is_shown_is_read_again() {
        let roles = json!([{"role": "reception", "branch": "B1"}, {"role": "manager"}]);
        assert_eq!(show(&roles), "reception@B1; manager");
        assert_eq!(read(Kind::Roles, &show(&roles)), Ok(roles));
        assert_eq!(read(Kind::YesNo, &show(&json!(true))), Ok(json!(true)));
        assert_eq!(read(Kind::YesNo, "بله"), Ok(json!(true)));
    }
}
