//! Money received or paid back on a ticket.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment")]
pub struct Model {
    /// Effect that recorded it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    /// Tracking code.
    pub ticket: String,
    /// Step.
    pub seq: i64,
    /// `in` or `out`.
    pub direction: String,
    /// Minor units.
    pub amount: i64,
    pub method: String,
    /// Of the payer or the gateway.
    pub reference: Option<String>,
    pub actor: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
