//! A numbered document.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document")]
pub struct Model {
    /// Effect that made it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    /// Tracking code.
    pub ticket: String,
    /// Step.
    pub seq: i64,
    pub series: String,
    /// What its number counts within.
    pub counter: String,
    /// 1, 2, 3 … without a gap within the counter.
    pub serial: i64,
    /// As it is printed.
    pub number: String,
    /// JSON: numbers of the charge lines in it.
    pub lines: String,
    /// Minor units.
    pub net: i64,
    pub vat: i64,
    pub gross: i64,
    /// What rounding adds to the gross, or takes off.
    pub rounding: i64,
    /// JSON: fields of the ticket that stand in it, as they were.
    pub fields: String,
    pub due_at: Option<DateTime<Utc>>,
    pub actor: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
