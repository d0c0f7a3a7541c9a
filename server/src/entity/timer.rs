//! A moment at which an event comes to a ticket.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "timer")]
pub struct Model {
    /// Tracking code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket: String,
    /// Unique within the ticket.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub event: String,
    /// JSON.
    pub data: String,
    /// None while it stands.
    pub due_at: Option<DateTime<Utc>>,
    /// The length as it was written.
    pub within: String,
    /// `armed`, `paused`, `fired`, `cancelled`, `failed`.
    pub state: String,
    /// What is left of a paused one.
    pub left_ms: Option<i64>,
    /// Effect that set it.
    pub set_by: String,
    pub fired_at: Option<DateTime<Utc>>,
    /// Times that firing failed.
    pub tries: i64,
    /// Who is firing it.
    pub claim: Option<String>,
    /// Until when.
    pub lease_until: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
