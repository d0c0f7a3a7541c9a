//! What a rule decided, immutable; a newer one is a further row.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decision")]
pub struct Model {
    /// Effect that holds it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    /// Tracking code.
    pub ticket: String,
    /// Step.
    pub seq: i64,
    pub rule: String,
    /// Name of the fact that holds it.
    pub fact: String,
    /// JSON.
    pub value: String,
    /// JSON: named conditions with values and source lines.
    pub conditions: String,
    pub bundle: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
