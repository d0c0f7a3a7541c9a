//! A field's value: as it travels, as JSON, and as it is stored.

use std::collections::BTreeMap;

use aftercare_engine::facts::shape::{self, POLICY};
use aftercare_engine::facts::words;
use aftercare_engine::ledger::amount::{Amount, Currency, decimal};
use aftercare_engine::message::Templates;
use aftercare_engine::text;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::field::{Kind, LANGUAGES};
use crate::letter;

/// A value as its column holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    Text(Option<String>),
    Whole(Option<i64>),
    YesNo(Option<bool>),
    Day(Option<NaiveDate>),
}

/// What is wrong with a value: the key of a text, and what fills it. Among them `expected` is what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where inside the value: `[1]`, `.fa`; empty: the value itself.
    pub inside: String,
    pub code: &'static str,
    pub values: Vec<(&'static str, String)>,
}

impl Mistake {
    pub fn new(code: &'static str, values: Vec<(&'static str, String)>) -> Self {
        Self { inside: String::new(), code, values }
    }

    pub fn inside(self, inside: String) -> Self {
        Self { inside, ..self }
    }
}

/// What reading and showing amounts and numbers needs to know.
#[derive(Clone, Debug)]
pub struct Locale {
    pub currency: Currency,
    /// Calling code that a leading 0 of a phone number stands for.
    pub country: String,
}

impl Kind {
    /// The column's value of something that is not there.
    pub fn nothing(self) -> Cell {
        match self {
            Self::YesNo => Cell::YesNo(None),
            Self::Whole(_) | Self::Amount | Self::Quantity => Cell::Whole(None),
            Self::Day => Cell::Day(None),
            _ => Cell::Text(None),
        }
    }

    /// What a column holds, as JSON.
    pub fn show(self, cell: &Cell, locale: &Locale) -> Value {
        match (self, cell) {
            (Self::Amount, Cell::Whole(Some(minor))) => json!(decimal(*minor, &locale.currency).to_string()),
            (Self::Quantity, Cell::Whole(Some(thousandths))) => {
                json!(Decimal::new(*thousandths, 3).normalize().to_string())
            }
            (
                Self::Names | Self::Texts | Self::Terms | Self::Definitions | Self::Attributes,
                Cell::Text(Some(text)),
            ) => serde_json::from_str(text).unwrap_or_default(),
            (_, Cell::Text(text)) => json!(text),
            (_, Cell::Whole(number)) => json!(number),
            (_, Cell::YesNo(yes)) => json!(yes),
            (_, Cell::Day(day)) => json!(day),
        }
    }

    /// A JSON value as its column holds it, or all that is wrong with it.
    pub fn read(self, value: &Value, locale: &Locale) -> Result<Cell, Vec<Mistake>> {
        let one = |code, values| Err(vec![Mistake::new(code, values)]);
        match (self, value) {
            (_, Value::Null) => Ok(self.nothing()),
            (Self::YesNo, Value::Bool(yes)) => Ok(Cell::YesNo(Some(*yes))),
            (Self::YesNo, _) => one("field-yes-no", vec![]),
            (Self::Whole(least), _) => match value.as_i64().filter(|number| *number >= least) {
                Some(number) => Ok(Cell::Whole(Some(number))),
                None => one("field-whole", vec![("least", least.to_string())]),
            },
            (Self::Names, Value::Object(map)) => names(map),
            (Self::Texts, Value::Object(map)) => names(map).and_then(|cell| placeholders(map).map(|()| cell)),
            (Self::Names | Self::Texts, _) => one("field-names", vec![]),
            (Self::Terms, Value::Object(map)) => terms(map),
            (Self::Attributes, Value::Object(_)) => Ok(Cell::Text(Some(value.to_string()))),
            (Self::Terms | Self::Attributes, _) => one("field-object", vec![]),
            (Self::Definitions, _) => super::attributes::definitions(value),
            (Self::Phones | Self::Roles, _) => Ok(self.nothing()),
            (_, Value::String(text)) => self.read_text(text, locale).map_err(|mistake| vec![mistake]),
            _ => one("field-text", vec![]),
        }
    }

    fn read_text(self, text: &str, locale: &Locale) -> Result<Cell, Mistake> {
        match self {
            Self::Key => key(text),
            Self::Word(words) if words.contains(&text) => Ok(Cell::Text(Some(text.to_owned()))),
            Self::Word(words) => Err(Mistake::new("field-word", vec![("words", words.join(", "))])),
            Self::Digits => Ok(Cell::Text(Some(text::latin_digits(text)))),
            Self::Email if !is_address(text) => Err(Mistake::new("field-email", vec![])),
            Self::Phone if text::phone(text, &locale.country).is_none() => {
                Err(Mistake::new("field-phone", vec![]))
            }
            Self::Number => match Decimal::from_str_exact(text.trim()) {
                Ok(number) if !number.is_sign_negative() => Ok(Cell::Text(Some(number.to_string()))),
                _ => Err(Mistake::new("field-number", vec![])),
            },
            Self::Quantity => {
                let number = Decimal::from_str_exact(text.trim()).ok();
                let number =
                    number.filter(|number| !number.is_sign_negative() && number.normalize().scale() <= 3);
                let thousandths =
                    number.and_then(|number| number.checked_mul(Decimal::ONE_THOUSAND)?.to_i64());
                thousandths
                    .map(|thousandths| Cell::Whole(Some(thousandths)))
                    .ok_or_else(|| Mistake::new("field-quantity", vec![]))
            }
            Self::Amount => {
                let number = Decimal::from_str_exact(text.trim()).ok();
                let number = number.filter(|number| !number.is_sign_negative());
                let minor = number.and_then(|number| Amount::exact(number, &locale.currency).ok());
                let digits = locale.currency.minor_digits.to_string();
                minor
                    .map(|amount| Cell::Whole(Some(amount.minor())))
                    .ok_or_else(|| Mistake::new("field-amount", vec![("digits", digits)]))
            }
            Self::Day => match text.parse() {
                Ok(day) => Ok(Cell::Day(Some(day))),
                Err(_) => Err(Mistake::new("field-day", vec![])),
            },
            _ => Ok(Cell::Text(Some(text.to_owned()))),
        }
    }
}

/// Whether mail can go there; that somebody reads it is not known.
pub fn is_address(text: &str) -> bool {
    text.parse::<lettre::Address>().is_ok()
}

fn key(text: &str) -> Result<Cell, Mistake> {
    let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    if text.is_empty() || text.chars().count() > 64 || !text.chars().all(fits) {
        return Err(Mistake::new("field-key", vec![]));
    }
    Ok(Cell::Text(Some(text.to_owned())))
}

/// A name in at least one of the languages.
fn names(map: &Map<String, Value>) -> Result<Cell, Vec<Mistake>> {
    let mut wrong = Vec::new();
    let mut kept = Map::new();
    for (language, name) in map {
        let inside = format!(".{language}");
        match name {
            _ if !LANGUAGES.contains(&language.as_str()) => {
                wrong.push(Mistake::new("field-unknown", vec![]).inside(inside));
            }
            Value::Null => {}
            Value::String(_) => drop(kept.insert(language.clone(), name.clone())),
            _ => wrong.push(Mistake::new("field-text", vec![]).inside(inside)),
        }
    }
    if wrong.is_empty() && kept.values().all(|name| name.as_str().unwrap_or_default().trim().is_empty()) {
        wrong.push(Mistake::new("field-required", vec![]));
    }
    if wrong.is_empty() { Ok(Cell::Text(Some(Value::Object(kept).to_string()))) } else { Err(wrong) }
}

/// Texts whose placeholders can be read in every language.
fn placeholders(map: &Map<String, Value>) -> Result<(), Vec<Mistake>> {
    let templates = Templates::default();
    let wrong = map.iter().filter_map(|(language, text)| {
        let reason = templates.fits(&letter::without_fragments(text.as_str()?)).err()?;
        Some(Mistake::new("field-template", vec![("reason", reason)]).inside(format!(".{language}")))
    });
    let wrong: Vec<Mistake> = wrong.collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Terms have the names of the facts, and values that the facts can hold.
fn terms(map: &Map<String, Value>) -> Result<Cell, Vec<Mistake>> {
    let mut wrong = Vec::new();
    known(map, POLICY, "", &mut wrong);
    if wrong.is_empty() { Ok(Cell::Text(Some(json!(map).to_string()))) } else { Err(wrong) }
}

fn known(map: &Map<String, Value>, shape: &[shape::Entry], above: &str, wrong: &mut Vec<Mistake>) {
    for (name, value) in map {
        let inside = format!("{above}.{name}");
        let Some(entry) = shape.iter().find(|entry| entry.name == name) else {
            wrong.push(Mistake::new("field-unknown", vec![]).inside(inside));
            continue;
        };
        let is_number = |value: &Value| {
            value.is_number()
                || value.as_str().is_some_and(|text| Decimal::from_str_exact(text.trim()).is_ok())
        };
        let code = match (entry.kind, value) {
            (_, Value::Null) => continue,
            (shape::Kind::Map(inner), Value::Object(map)) => {
                known(map, inner, &inside, wrong);
                continue;
            }
            (shape::Kind::Map(_), _) => "field-object",
            (shape::Kind::Int | shape::Kind::Decimal | shape::Kind::Money, value) if !is_number(value) => {
                "field-number"
            }
            (shape::Kind::Bool, value) if !value.is_boolean() => "field-yes-no",
            (shape::Kind::Text, value) if !value.is_string() => "field-text",
            (shape::Kind::Texts, value) if !value.is_array() => "field-list",
            (shape::Kind::Texts, value) => {
                let words = words::of(&format!("policy{inside}")).unwrap_or_default();
                let is_one = |item: &Value| item.as_str().is_some_and(|item| words.contains(&item));
                if !words.is_empty() && !value.as_array().is_some_and(|items| items.iter().all(is_one)) {
                    let words = vec![("words", words.join(", "))];
                    wrong.push(Mistake::new("field-word", words).inside(inside));
                }
                continue;
            }
            _ => continue,
        };
        wrong.push(Mistake::new(code, vec![]).inside(inside));
    }
}

/// The words by which an entry is found: names in all languages, numbers as they are dialled and as they are
/// written, all of it folded.
pub fn search_key<'a>(values: impl Iterator<Item = (Kind, &'a Value)>, locale: &Locale) -> String {
    let mut words = BTreeMap::new();
    let mut add = |text: &str| {
        let folded = text::folded(text);
        if !folded.is_empty() {
            words.insert(folded, ());
        }
    };
    for (kind, value) in values {
        match value {
            Value::Array(items) => {
                for number in items.iter().filter_map(Value::as_str) {
                    add(&text::phone(number, &locale.country).unwrap_or_else(|| number.to_owned()));
                }
            }
            Value::Object(map) => map.values().for_each(|value| match value {
                Value::String(text) => add(text),
                other => add(&other.to_string()),
            }),
            Value::String(text)
                if matches!(kind, Kind::Text | Kind::Phone) && text.starts_with(['+', '0', '۰', '٠']) =>
            {
                add(&text::phone(text, &locale.country).unwrap_or_else(|| text.clone()));
                add(text);
            }
            Value::String(text) => add(text),
            _ => {}
        }
    }
    words.into_keys().collect::<Vec<_>>().join("\n")
}
