//! Warehouses, vans and agencies' stores: where parts are kept.

use poem_openapi::Object;
use serde::Deserialize;

use super::routes::register;
use super::{Entry, Names, Reading, Writing};
use crate::entity::warehouse;

register!(
    /// Warehouses, vans and agencies' stores: where parts are kept.
    Warehouses, Warehouse by code, "/warehouses", "/warehouses/:key", RegistriesWrite
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
    /// Code of the agency that keeps our parts in it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub agency: Option<String>,
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

    fn branch(&self) -> Option<&str> {
        self.branch.as_deref()
    }

    fn read(row: warehouse::Model, _: &Reading<'_>) -> Self {
        Self {
            code: row.code,
            branch: row.branch,
            name: Names::read(&row.name),
            kind: row.kind,
            agency: row.agency,
            active: row.active,
            version: Some(row.version),
        }
    }

    fn write(&self, writing: &mut Writing<'_>) -> warehouse::Model {
        warehouse::Model {
            code: writing.key("code", &self.code),
            branch: self.branch.clone(),
            name: self.name.write(writing),
            kind: writing.word("kind", &self.kind, &["main", "van", "agency", "defective"]),
            agency: self.agency.clone(),
            active: self.active,
            ..Default::default()
        }
    }
}

fn yes() -> bool {
    true
}
