//! What happened to a card, with what it was before.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "card_change")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Number.
    pub card: String,
    /// Tracking code.
    pub ticket: Option<String>,
    /// Effect or request that changed it.
    #[sea_orm(unique)]
    pub source: String,
    /// `issued`, `started`, `stamped`, `extended`, `voided`, `edited`.
    pub change: String,
    pub reason: String,
    /// JSON of the card.
    pub before: Option<String>,
    /// JSON of the card.
    pub after: String,
    pub actor: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
