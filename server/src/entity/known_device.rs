//! A browser or program from which somebody has signed in.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_device")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_name: String,
    /// Of the secret that the browser keeps, or of what a program says it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_hash: String,
    pub first_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
