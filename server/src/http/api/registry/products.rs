//! Products: the models that are sold and repaired.

use poem_openapi::Object;
use serde::Deserialize;

use super::routes::register;
use super::{Entry, Names, Reading, Writing};
use crate::entity::product;

register!(
    /// Products: the models that are sold and repaired.
    Products, Product by code, "/products", "/products/:key", RegistriesWrite
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

    fn write(&self, writing: &mut Writing<'_>) -> product::Model {
        product::Model {
            code: writing.key("code", &self.code),
            category: self.category.clone(),
            name: self.name.write(writing),
            brand: self.brand.clone(),
            price: writing.amount("price", &self.price),
            hazard: writing.word("hazard", &self.hazard, &["none", "electric", "gas", "pressure"]),
            policy: self.policy.clone(),
            serial_prefix: self.serial_prefix.clone(),
            serial_suffix: self.serial_suffix.clone(),
            serial_width: self.serial_width,
            active: self.active,
            ..Default::default()
        }
    }
}

fn yes() -> bool {
    true
}

fn no_hazard() -> String {
    "none".into()
}
