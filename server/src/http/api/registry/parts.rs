//! Spare parts with their prices.

use poem_openapi::Object;
use serde::Deserialize;

use super::routes::register;
use super::{Entry, Names, Reading, Writing};
use crate::entity::part;

register!(
    /// Spare parts with their prices.
    Parts, Part by code, "/parts", "/parts/:key", RegistriesWrite
);

/// A spare part. Amounts are texts in major units of the company's currency
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub code: String,
    pub name: Names,
    /// Made by the maker of the product
    #[serde(default)]
    #[oai(default)]
    pub original: bool,
    /// List price
    pub price: String,
    /// Price for agencies
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub agency_price: Option<String>,
    /// Unit of quantity, such as `piece`
    pub unit: String,
    /// Below it somebody should order, in thousandths of the unit
    #[serde(default)]
    #[oai(default)]
    pub min_level: i64,
    /// Left out of choices when not
    #[oai(default = "yes")]
    #[serde(default = "yes")]
    pub active: bool,
    /// Which picture of it this is; needed to change it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub version: Option<i64>,
}

impl Entry for Part {
    type Table = part::Entity;
    const FACTS: &'static str = "part";

    fn read(row: part::Model, reading: &Reading<'_>) -> Self {
        Self {
            code: row.code,
            name: Names::read(&row.name),
            original: row.oem,
            price: reading.amount(row.price),
            agency_price: row.agency_price.map(|minor| reading.amount(minor)),
            unit: row.unit,
            min_level: row.min_level,
            active: row.active,
            version: Some(row.version),
        }
    }

    fn write(&self, writing: &mut Writing<'_>) -> part::Model {
        part::Model {
            code: writing.key("code", &self.code),
            name: self.name.write(writing),
            oem: self.original,
            price: writing.amount("price", &self.price),
            agency_price: self.agency_price.as_ref().map(|price| writing.amount("agency_price", price)),
            unit: writing.required("unit", &self.unit),
            min_level: self.min_level.max(0),
            active: self.active,
            ..Default::default()
        }
    }
}

fn yes() -> bool {
    true
}
