//! Product categories, in a tree.

use poem_openapi::Object;
use serde::Deserialize;

use super::routes::register;
use super::{Entry, Names, Reading, Writing};
use crate::entity::product_category;

register!(
    /// Product categories, in a tree.
    Categories, Category by code, "/product-categories", "/product-categories/:key", RegistriesWrite
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

    fn read(row: product_category::Model, _: &Reading<'_>) -> Self {
        Self { code: row.code, parent: row.parent, name: Names::read(&row.name), version: Some(row.version) }
    }

    fn write(&self, writing: &mut Writing<'_>) -> product_category::Model {
        product_category::Model {
            code: writing.key("code", &self.code),
            parent: self.parent.clone(),
            name: self.name.write(writing),
            ..Default::default()
        }
    }
}
