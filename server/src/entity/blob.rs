//! The text of a definition file, kept once.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "blob")]
pub struct Model {
    /// SHA-256 of the text.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub body: String,
}

impl ActiveModelBehavior for ActiveModel {}
