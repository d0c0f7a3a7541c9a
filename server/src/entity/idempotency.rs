//! The answer to a request under the caller's key.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub principal: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub route: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub body_hash: String,
    /// HTTP status.
    pub status: i64,
    /// Body, byte for byte.
    pub answer: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
