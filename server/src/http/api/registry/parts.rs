//! Spare parts with their prices.

use poem_openapi::Object;
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Deserialize;

use super::routes::register_routes;
use super::{Entry, Names, Reading, Writing};
use crate::entity::part;

register_routes!(
    /// Spare parts with their prices.
    Parts,
    Part,
    "/parts",
    "/parts/:key",
    RegistriesWrite
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

    fn key(&self) -> &str {
        &self.code
    }

    fn version(&self) -> Option<i64> {
        self.version
    }

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

    fn write(&self, writing: &mut Writing<'_>) -> part::ActiveModel {
        part::ActiveModel {
            code: Set(writing.key("code", &self.code)),
            name: Set(self.name.write(writing)),
            oem: Set(self.original),
            price: Set(writing.amount("price", &self.price)),
            agency_price: Set(self.agency_price.as_ref().map(|price| writing.amount("agency_price", price))),
            unit: Set(writing.required("unit", &self.unit)),
            min_level: Set(self.min_level.max(0)),
            active: Set(self.active),
            created_at: NotSet,
            updated_at: NotSet,
            version: NotSet,
        }
    }
}

fn yes() -> bool {
    true
}
