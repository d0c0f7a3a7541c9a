//! A letter about a ticket.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "letter")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Tracking code.
    pub ticket: String,
    /// 1, 2, 3 … within the ticket.
    pub position: i64,
    /// Code of the letter type.
    pub kind: String,
    pub language: String,
    /// Name and address, as they stand above it.
    pub recipient: String,
    /// Where it went by e-mail.
    pub email: Option<String>,
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// The template that it was made from, by which it is known what may stand in it.
    pub source: String,
    /// Folded, for searching.
    pub search_key: String,
    /// `draft`, `printed`, `sent`.
    pub status: String,
    /// Who began it.
    pub actor: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Who gave it out; from then on it is never changed.
    pub given_by: Option<String>,
    pub given_at: Option<DateTime<Utc>>,
    /// Grows with each change; a writer names the one it saw.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
