//! A role that a user has, in one branch or (empty) in all of the user's.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_role")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_name: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: String,
    /// Branch code, or empty for all.
    #[sea_orm(primary_key, auto_increment = false)]
    pub branch: String,
}

impl ActiveModelBehavior for ActiveModel {}
