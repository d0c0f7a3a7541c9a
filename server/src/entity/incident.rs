//! Something that a person must look at.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// `delivery`, `timer`, `rule`, `voucher` ….
    pub kind: String,
    /// Tracking code.
    pub ticket: Option<String>,
    /// What failed: outbox id, timer name ….
    pub subject: String,
    pub message: String,
    /// JSON.
    pub detail: String,
    /// `open` or `resolved`.
    pub status: String,
    pub opened_at: DateTime<Utc>,
    pub resolved_at: Option<DateTime<Utc>>,
    pub resolved_by: Option<String>,
    /// What a person did about it.
    pub resolution: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
