//! Products: the models that are sold and repaired.

use poem_openapi::Object;
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Deserialize;

use super::routes::register_routes;
use super::{Entry, Names, Reading, Writing};
use crate::entity::product;

register_routes!(
    /// Products: the models that are sold and repaired.
    Products,
    Product,
    "/products",
    "/products/:key",
    RegistriesWrite
);

/// A model
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Model code
    pub code: String,
    /// Code of its category
    pub category: String,
    pub name: Names,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub brand: Option<String>,
    /// List price without VAT, in major units
    pub price: String,
    /// `none`, `electric`, `gas`, `pressure`: what the safety check is about
    #[serde(default = "no_hazard")]
    #[oai(default = "no_hazard")]
    pub hazard: String,
    /// Code of its warranty policy
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub policy: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub serial_prefix: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub serial_suffix: Option<String>,
    /// Digits between prefix and suffix
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub serial_width: Option<i64>,
    /// Left out of choices when not
    #[oai(default = "yes")]
    #[serde(default = "yes")]
    pub active: bool,
    /// Which picture of it this is; needed to change it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub version: Option<i64>,
}

impl Entry for Product {
    type Table = product::Entity;

    fn key(&self) -> &str {
        &self.code
    }

    fn version(&self) -> Option<i64> {
        self.version
    }

    fn read(row: product::Model, reading: &Reading<'_>) -> Self {
        Self {
            code: row.code,
            category: row.category,
            name: Names::read(&row.name),
            brand: row.brand,
            price: reading.amount(row.price),
            hazard: row.hazard,
            policy: row.policy,
            serial_prefix: row.serial_prefix,
            serial_suffix: row.serial_suffix,
            serial_width: row.serial_width,
            active: row.active,
            version: Some(row.version),
        }
    }

    fn write(&self, writing: &mut Writing<'_>) -> product::ActiveModel {
        product::ActiveModel {
            code: Set(writing.key("code", &self.code)),
            category: Set(self.category.clone()),
            name: Set(self.name.write(writing)),
            brand: Set(self.brand.clone()),
            price: Set(writing.amount("price", &self.price)),
            hazard: Set(writing.word("hazard", &self.hazard, &["none", "electric", "gas", "pressure"])),
            policy: Set(self.policy.clone()),
            serial_prefix: Set(self.serial_prefix.clone()),
            serial_suffix: Set(self.serial_suffix.clone()),
            serial_width: Set(self.serial_width),
            attributes: NotSet,
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

fn no_hazard() -> String {
    "none".into()
}
