//! Facts from the registers that a step was decided on, kept once for the steps that saw the same.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "fact_set")]
pub struct Model {
    /// SHA-256 of the body.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// JSON.
    pub body: String,
}

impl ActiveModelBehavior for ActiveModel {}
