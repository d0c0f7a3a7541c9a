//! A running request, as its history has made it.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket")]
pub struct Model {
    /// Tracking code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub process: String,
    /// Bundle it started with and stays on.
    pub bundle: String,
    /// Number of its last step.
    pub revision: i64,
    /// JSON of the engine's configuration.
    pub configuration: String,
    /// JSON, by field name.
    pub fields: String,
    /// JSON: facts that rules have decided, such as `verdict`.
    pub decided: String,
    /// JSON: armed timers and when they are due.
    pub timers: String,
    /// Paths of the active states, sorted, one space between.
    pub states: String,
    /// Percent.
    pub progress: Option<i64>,
    /// `open`, `waiting`, `done`, `cancelled`.
    pub category: Option<String>,
    pub finished: bool,
    /// Charge lines it has.
    pub lines: i64,
    /// What the customer is charged, minor units.
    pub gross: i64,
    /// Received less paid back, minor units.
    pub paid: i64,
    pub channel: String,
    pub shop: String,
    pub branch: String,
    /// Code.
    pub customer: Option<String>,
    /// Serial.
    pub device: Option<String>,
    /// Model code.
    pub product: Option<String>,
    pub product_category: Option<String>,
    pub technician: Option<String>,
    pub agency: Option<String>,
    pub partner: Option<String>,
    pub opened_at: DateTime<Utc>,
    pub opened_by: String,
    /// When the next timer or deadline is due.
    pub due_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
    /// Hash of the last history row.
    pub head: String,
    /// Tracking code of the ticket that opened it.
    pub parent: Option<String>,
    /// Tickets that it has opened.
    pub children: i64,
}

impl ActiveModelBehavior for ActiveModel {}
