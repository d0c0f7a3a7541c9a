//! A movement of a part. Never changed, never deleted.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_move")]
pub struct Model {
    /// Effect or request that moved it; `opening/WAREHOUSE/PART`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub warehouse: String,
    pub part: String,
    /// `opening`, `issue`, `return`, `transfer`, `defective`, `receipt`, `count`.
    pub kind: String,
    /// In thousandths; negative: out.
    pub quantity: i64,
    /// Minor units; negative: out.
    pub value: i64,
    /// Tracking code.
    pub ticket: Option<String>,
    /// Step of the ticket.
    pub seq: Option<i64>,
    pub actor: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
