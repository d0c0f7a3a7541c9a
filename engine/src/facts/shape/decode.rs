//! Values read by the types that the tables of facts give them. What does not fit stays as it is, so that whoever looks
//! at it can say what is wrong.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use rust_decimal::Decimal;

use super::{Entry, Kind, WORLD};
use crate::facts::{Map, Value};

impl Kind {
    /// Reads a JSON or text value as this type; what does not fit stays as it is.
    pub fn decode(self, value: Value) -> Value {
        match (self, value) {
            (Self::Decimal | Self::Money, Value::Text(text)) => {
                Decimal::from_str_exact(&text).map_or(Value::Text(text), Value::Decimal)
            }
            (Self::Decimal | Self::Money, Value::Int(number)) => Value::Decimal(number.into()),
            (Self::Date, Value::Text(text)) => {
                text.parse::<NaiveDate>().map_or(Value::Text(text), Value::Date)
            }
            (Self::Time, Value::Text(text)) => DateTime::parse_from_rfc3339(&text)
                .map_or(Value::Text(text), |time| Value::Time(time.to_utc())),
            (Self::Map(entries), Value::Map(map)) => Value::Map(decode_map(entries, map)),
            (Self::Rows(entries), Value::List(items)) => {
                Value::List(items.into_iter().map(|item| Self::Map(entries).decode(item)).collect())
            }
            (_, value) => value,
        }
    }
}

/// Reads a fact by its name among [`WORLD`]; one that is not there stays as it is.
pub fn read(name: &str, value: Value) -> Value {
    match WORLD.iter().find(|entry| entry.name == name) {
        Some(entry) => entry.kind.decode(value),
        None => value,
    }
}

/// Reads a map by its table and adds what is absent as `()`, so that a known name never fails.
fn decode_map(entries: &[Entry], mut map: Map) -> Map {
    for entry in entries {
        match map.get_mut(entry.name) {
            Some(value) => *value = entry.kind.decode(std::mem::take(value)),
            None => drop(map.insert(Arc::from(entry.name), Value::Null)),
        }
    }
    map
}
