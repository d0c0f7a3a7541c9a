//! Stores, to which branches belong.

use poem_openapi::Object;
use serde::Deserialize;

use super::routes::register;
use super::{Entry, Names, Reading, Writing};
use crate::entity::shop;

register!(
    /// Stores, to which branches belong.
    Shops, Shop by code, "/stores", "/stores/:key", RegistriesWrite
);

/// A store
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shop {
    /// First part of its tracking codes
    pub code: String,
    pub name: Names,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub phone: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub address: Option<String>,
    /// Left out of choices when not
    #[oai(default = "yes")]
    #[serde(default = "yes")]
    pub active: bool,
    /// Which picture of it this is; needed to change it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub version: Option<i64>,
}

impl Entry for Shop {
    type Table = shop::Entity;

    fn read(row: shop::Model, _: &Reading<'_>) -> Self {
        Self {
            code: row.code,
            name: Names::read(&row.name),
            phone: row.phone,
            address: row.address,
            active: row.active,
            version: Some(row.version),
        }
    }

    fn write(&self, writing: &mut Writing<'_>) -> shop::Model {
        shop::Model {
            code: writing.key("code", &self.code),
            name: self.name.write(writing),
            phone: self.phone.clone(),
            address: self.address.clone(),
            active: self.active,
            ..Default::default()
        }
    }
}

fn yes() -> bool {
    true
}
