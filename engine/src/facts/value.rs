//! An exact value: no float anywhere.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// The largest number that forms, charge lines and payments take. What is worked out from such numbers, over as
/// many lines as a ticket can have, stays within what a decimal holds.
pub const LARGEST: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0);

/// Digits that every float keeps.
const FLOAT_DIGITS: usize = 15;

/// A map of facts.
pub type Map = BTreeMap<Arc<str>, Value>;

/// A fact's value. In JSON a decimal is a string of digits (`"12.10"`), a date `"2026-11-21"`, a moment
/// RFC 3339 in UTC; reading them back as such needs the type, see [`Kind::decode`](super::shape::Kind::decode).
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Decimal(Decimal),
    Text(Arc<str>),
    Date(NaiveDate),
    Time(DateTime<Utc>),
    List(Vec<Value>),
    Map(Map),
}

impl Value {
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// The value under a key; nothing for anything but a map.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(map) => map.get(key),
            _ => None,
        }
    }

    /// The value at a dotted path.
    pub fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |value, key| value.get(key))
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            Self::Decimal(value) if value.is_integer() => i64::try_from(*value).ok(),
            _ => None,
        }
    }

    /// A number, whole or not.
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Int(value) => Some(Decimal::from(*value)),
            Self::Decimal(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_date(&self) -> Option<NaiveDate> {
        match self {
            Self::Date(date) => Some(*date),
            // The day of a moment depends on where one stands: see `Run::day_of`.
            _ => None,
        }
    }

    pub fn as_time(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Time(time) => Some(*time),
            _ => None,
        }
    }

    pub fn as_list(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What kind of value it is, in an author's words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "yes or no",
            Self::Int(_) => "a whole number",
            Self::Decimal(_) => "a decimal number",
            Self::Text(_) => "a text",
            Self::Date(_) => "a date",
            Self::Time(_) => "a moment",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }

    /// JSON, see the type's own words for the form of decimals and times.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The value as JSON keeps it, without its types.
    pub(crate) fn kept(self) -> Self {
        match self {
            Self::Decimal(_) | Self::Date(_) | Self::Time(_) => Self::text(self.to_string()),
            Self::List(items) => Self::List(items.into_iter().map(Self::kept).collect()),
            Self::Map(map) => Self::Map(map.into_iter().map(|(key, value)| (key, value.kept())).collect()),
            plain => plain,
        }
    }

    /// From JSON: strings stay text, numbers with a fraction become decimals digit by digit, as far as the
    /// reader of the JSON has kept them.
    pub fn from_json(json: &serde_json::Value) -> Self {
        Self::deserialize(json).unwrap_or_default()
    }
}

/// As shown in explanations: texts bare, lists in brackets.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("–"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Decimal(value) => write!(f, "{value}"),
            Self::Text(text) => f.write_str(text),
            Self::Date(date) => write!(f, "{date}"),
            Self::Time(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            Self::List(items) => {
                f.write_str("[")?;
                for (n, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if n == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Self::Map(map) => {
                f.write_str("{")?;
                for (n, (key, value)) in map.iter().enumerate() {
                    write!(f, "{}{key}: {value}", if n == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(map) => serializer.collect_map(map.iter().map(|(k, v)| (&**k, v))),
            Self::Decimal(_) | Self::Date(_) | Self::Time(_) => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Value;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }
            fn visit_none<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }
            fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Value, D::Error> {
                d.deserialize_any(self)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
                Ok(Value::Bool(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
                Ok(Value::Int(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
                Ok(i64::try_from(value).map_or_else(|_| Value::Decimal(value.into()), Value::Int))
            }
            // JSON readers offer nothing better than a float. Up to 15 digits its shortest text is what was
            // written; a longer number may have lost something and stays a text, which no number field takes.
            fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
                let text = value.to_string();
                let written = text.trim_start_matches(['-', '0', '.']).trim_end_matches('0');
                match written.chars().filter(char::is_ascii_digit).count() <= FLOAT_DIGITS {
                    true => self.visit_bytes(text.as_bytes()).or_else(|_: E| Ok(Value::text(text))),
                    false => Ok(Value::text(text)),
                }
            }
            fn visit_str<E>(self, text: &str) -> Result<Value, E> {
                Ok(Value::text(text))
            }
            // The digits of a number as a definition file has them.
            fn visit_bytes<E: serde::de::Error>(self, digits: &[u8]) -> Result<Value, E> {
                let digits = std::str::from_utf8(digits).map_err(E::custom)?;
                Decimal::from_str_exact(digits)
                    .or_else(|_| Decimal::from_scientific(digits))
                    .map(Value::Decimal)
                    .map_err(|_| E::custom(format!("`{digits}` is not a number that can be kept exactly")))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Value::List(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                let mut entries = Map::new();
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    entries.insert(key.into(), value);
                }
                Ok(Value::Map(entries))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Decimal> for Value {
    fn from(value: Decimal) -> Self {
        Self::Decimal(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<NaiveDate> for Value {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<DateTime<Utc>> for Value {
    fn from(time: DateTime<Utc>) -> Self {
        Self::Time(time)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
