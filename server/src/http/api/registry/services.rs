//! Services with their tariff.

use poem_openapi::Object;
use serde::Deserialize;

use rust_decimal::Decimal;

use super::routes::register;
use super::{Entry, Names, Reading, Writing};
use crate::entity::service;

register!(
    /// Services with their tariff.
    Services, Service by code, "/services", "/services/:key", RegistriesWrite
);

/// A service: labour, travel or a fee
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub code: String,
    pub name: Names,
    /// `labour`, `travel`, `fee`
    pub kind: String,
    /// Standard hours, a decimal number
    #[serde(default = "zero")]
    #[oai(default = "zero")]
    pub hours: String,
    /// In major units
    pub price: String,
    /// Left out of choices when not
    #[oai(default = "yes")]
    #[serde(default = "yes")]
    pub active: bool,
    /// Which picture of it this is; needed to change it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub version: Option<i64>,
}

impl Entry for Service {
    type Table = service::Entity;

    fn read(row: service::Model, reading: &Reading<'_>) -> Self {
        Self {
            code: row.code,
            name: Names::read(&row.name),
            kind: row.kind,
            hours: row.hours,
            price: reading.amount(row.price),
            active: row.active,
            version: Some(row.version),
        }
    }

    fn write(&self, writing: &mut Writing<'_>) -> service::Model {
        let hours = match Decimal::from_str_exact(&self.hours) {
            Ok(hours) if !hours.is_sign_negative() => hours.to_string(),
            _ => {
                writing.wrong("hours", "it must be a number, such as 1.5");
                String::new()
            }
        };
        service::Model {
            code: writing.key("code", &self.code),
            name: self.name.write(writing),
            kind: writing.word("kind", &self.kind, &["labour", "travel", "fee"]),
            hours,
            price: writing.amount("price", &self.price),
            active: self.active,
            ..Default::default()
        }
    }
}

fn yes() -> bool {
    true
}

fn zero() -> String {
    "0".into()
}
