//! Branches: where tickets are opened and staff work.

use poem_openapi::Object;
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Deserialize;

use super::routes::register_routes;
use super::{Entry, Names, Reading, Writing};
use crate::entity::branch;

register_routes!(
    /// Branches: where tickets are opened and staff work.
    Branches,
    Branch,
    "/branches",
    "/branches/:key",
    RegistriesWrite
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

    fn key(&self) -> &str {
        &self.code
    }

    fn version(&self) -> Option<i64> {
        self.version
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

    fn write(&self, writing: &mut Writing<'_>) -> branch::ActiveModel {
        branch::ActiveModel {
            code: Set(writing.key("code", &self.code)),
            shop: Set(self.store.clone()),
            number: Set(writing.required("number", &self.number)),
            name: Set(self.name.write(writing)),
            city: Set(self.city.clone()),
            phone: Set(self.phone.clone()),
            address: Set(self.address.clone()),
            warehouse: Set(self.warehouse.clone()),
            calendar: Set(self.calendar.clone()),
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
