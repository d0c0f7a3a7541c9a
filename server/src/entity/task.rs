//! A task.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Effect that made it; none: a person did.
    #[sea_orm(unique)]
    pub source: Option<String>,
    /// Tracking code.
    pub ticket: String,
    /// `task`, `call`.
    pub kind: String,
    /// JSON, by language.
    pub title: String,
    /// `role`, `user`, `agency`, `partner`, `customer`.
    pub to_kind: String,
    pub to_name: String,
    pub branch: String,
    pub due_at: Option<DateTime<Utc>>,
    pub remind_at: Option<DateTime<Utc>>,
    /// `open`, `done`.
    pub status: String,
    pub created_by: Option<String>,
    pub created_at: DateTime<Utc>,
    pub done_at: Option<DateTime<Utc>>,
    pub done_by: Option<String>,
    /// What came of it.
    pub result: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
