//! A step of a ticket. Never changed, never deleted; each row's hash covers the one before.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_event")]
pub struct Model {
    /// Tracking code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket: String,
    /// 1 is the opening.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub actor: String,
    /// JSON.
    pub roles: String,
    /// `person` or `system`.
    pub origin: String,
    pub event: String,
    /// JSON of the form.
    pub data: String,
    /// `moved` or `finished`.
    pub outcome: String,
    pub from_states: String,
    pub to_states: String,
    /// JSON: fields with a new value.
    pub fields: String,
    /// JSON: how it came about.
    pub trace: String,
    /// JSON: what the world must do; the index is part of an effect's id.
    pub effects: String,
    /// Hash of the fact set it was decided on.
    pub facts: String,
    pub bundle: String,
    pub prev_hash: String,
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
