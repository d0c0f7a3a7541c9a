//! Warehouses, vans and agencies' stores: where parts are kept.

use poem_openapi::Object;
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Deserialize;

use super::routes::register_routes;
use super::{Entry, Names, Reading, Writing};
use crate::entity::warehouse;

register_routes!(
    /// Warehouses, vans and agencies' stores: where parts are kept.
    Warehouses,
    Warehouse,
    "/warehouses",
    "/warehouses/:key",
    RegistriesWrite
);

/// A place where parts are kept
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warehouse {
    pub code: String,
    /// Code of its branch
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub branch: Option<String>,
    pub name: Names,
    /// `main`, `van`, `agency`, `defective`
    pub kind: String,
    /// Left out of choices when not
    #[oai(default = "yes")]
    #[serde(default = "yes")]
    pub active: bool,
    /// Which picture of it this is; needed to change it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub version: Option<i64>,
}

impl Entry for Warehouse {
    type Table = warehouse::Entity;

    fn key(&self) -> &str {
        &self.code
    }

    fn version(&self) -> Option<i64> {
        self.version
    }

    fn read(row: warehouse::Model, _: &Reading<'_>) -> Self {
        Self {
            code: row.code,
            branch: row.branch,
            name: Names::read(&row.name),
            kind: row.kind,
            active: row.active,
            version: Some(row.version),
        }
    }

    fn write(&self, writing: &mut Writing<'_>) -> warehouse::ActiveModel {
        warehouse::ActiveModel {
            code: Set(writing.key("code", &self.code)),
            branch: Set(self.branch.clone()),
            name: Set(self.name.write(writing)),
            kind: Set(writing.word("kind", &self.kind, &["main", "van", "agency", "defective"])),
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
