//! Which text stands under which path in a bundle.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bundle_file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub bundle: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub path: String,
    pub blob: String,
}

impl ActiveModelBehavior for ActiveModel {}
