//! Facts that look real, made from the table of [`shape`](super::shape): what `check` renders messages with.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use rust_decimal::Decimal;

use super::shape::{Entry, Kind, WORLD};
use super::{Map, Value};

/// Every name of the world with a value of its type.
pub fn world() -> Map {
    map(WORLD)
}

/// A value of a type; the name helps to make texts that look right.
pub fn value(name: &str, kind: Kind) -> Value {
    match kind {
        Kind::Bool => Value::Bool(true),
        Kind::Int if name == "minor_digits" => Value::Int(0),
        Kind::Int => Value::Int(3),
        Kind::Decimal => Value::Decimal(Decimal::new(25, 1)),
        Kind::Money => Value::Decimal(Decimal::from(1_250_000)),
        Kind::Text => Value::text(text(name)),
        Kind::Date => NaiveDate::from_ymd_opt(2026, 11, 21).into(),
        Kind::Time => DateTime::from_timestamp(1_795_257_300, 0).into(),
        Kind::Map(entries) => Value::Map(map(entries)),
        Kind::Rows(entries) => Value::List(vec![Value::Map(map(entries)), Value::Map(map(entries))]),
        Kind::Texts => Value::List(vec![Value::text(text(name))]),
        Kind::Any => Value::Map(Map::new()),
    }
}

fn map(entries: &[Entry]) -> Map {
    entries.iter().map(|entry| (Arc::from(entry.name), value(entry.name, entry.kind))).collect()
}

fn text(name: &str) -> &'static str {
    match name {
        "currency" => "IRR",
        "language" => "fa",
        "name" => "علی رضایی",
        "serial" => "AC-2026-000123",
        "phone" => "+989121234567",
        "email" => "ali@example.com",
        "code" => "T-0511-0042",
        _ => "sample",
    }
}
