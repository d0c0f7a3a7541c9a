//! Branches: where tickets are opened and staff work.

use poem_openapi::Object;
use serde::Deserialize;

use super::routes::register;
use super::{Entry, Names, Reading, Writing};
use crate::entity::branch;

register!(
    /// Branches: where tickets are opened and staff work.
    Branches, Branch by code, "/branches", "/branches/:key", RegistriesWrite
);

/// A branch of a store
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    pub code: String,
    /// Code of its store
    pub store: String,
    /// Its part of a tracking code, such as `03`
    pub number: String,
    pub name: Names,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub city: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub phone: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub address: Option<String>,
    /// Code of its main warehouse
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub warehouse: Option<String>,
    /// Name of its working calendar
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub calendar: Option<String>,
    /// Left out of choices when not
    #[oai(default = "yes")]
    #[serde(default = "yes")]
    pub active: bool,
    /// Which picture of it this is; needed to change it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub version: Option<i64>,
}

impl Entry for Branch {
    type Table = branch::Entity;

    fn branch(&self) -> Option<&str> {
        Some(&self.code)
    }

    fn read(row: branch::Model, _: &Reading<'_>) -> Self {
        Self {
            code: row.code,
            store: row.shop,
            number: row.number,
            name: Names::read(&row.name),
            city: row.city,
            phone: row.phone,
            address: row.address,
            warehouse: row.warehouse,
            calendar: row.calendar,
            active: row.active,
            version: Some(row.version),
        }
    }

    fn write(&self, writing: &mut Writing<'_>) -> branch::Model {
        branch::Model {
            code: writing.key("code", &self.code),
            shop: self.store.clone(),
            number: writing.required("number", &self.number),
            name: self.name.write(writing),
            city: self.city.clone(),
            phone: self.phone.clone(),
            address: self.address.clone(),
            warehouse: self.warehouse.clone(),
            calendar: self.calendar.clone(),
            active: self.active,
            ..Default::default()
        }
    }
}

fn yes() -> bool {
    true
}
