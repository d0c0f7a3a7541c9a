//! Stores, to which branches belong.

use poem_openapi::Object;
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Deserialize;

use super::routes::register_routes;
use super::{Entry, Names, Reading, Writing};
use crate::entity::shop;

register_routes!(
    /// Stores, to which branches belong.
    Shops,
    Shop,
    "/stores",
    "/stores/:key",
    RegistriesWrite
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

    fn key(&self) -> &str {
        &self.code
    }

    fn version(&self) -> Option<i64> {
        self.version
    }

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

    fn write(&self, writing: &mut Writing<'_>) -> shop::ActiveModel {
        shop::ActiveModel {
            code: Set(writing.key("code", &self.code)),
            name: Set(self.name.write(writing)),
            phone: Set(self.phone.clone()),
            address: Set(self.address.clone()),
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
