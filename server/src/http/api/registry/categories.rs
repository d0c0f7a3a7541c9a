//! Product categories, in a tree.

use poem_openapi::Object;
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Deserialize;

use super::routes::register_routes;
use super::{Entry, Names, Reading, Writing};
use crate::entity::product_category;

register_routes!(
    /// Product categories, in a tree.
    Categories,
    Category,
    "/product-categories",
    "/product-categories/:key",
    RegistriesWrite
);

/// A group of models
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    pub code: String,
    /// Code of the group above
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub parent: Option<String>,
    pub name: Names,
    /// Which picture of it this is; needed to change it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub version: Option<i64>,
}

impl Entry for Category {
    type Table = product_category::Entity;

    fn key(&self) -> &str {
        &self.code
    }

    fn version(&self) -> Option<i64> {
        self.version
    }

    fn read(row: product_category::Model, _: &Reading<'_>) -> Self {
        Self { code: row.code, parent: row.parent, name: Names::read(&row.name), version: Some(row.version) }
    }

    fn write(&self, writing: &mut Writing<'_>) -> product_category::ActiveModel {
        product_category::ActiveModel {
            code: Set(writing.key("code", &self.code)),
            parent: Set(self.parent.clone()),
            name: Set(self.name.write(writing)),
            created_at: NotSet,
            updated_at: NotSet,
            version: NotSet,
        }
    }
}
