//! A statement of somebody's account over a period.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statement")]
pub struct Model {
    /// As it is printed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: String,
    pub run: String,
    pub period_from: NaiveDate,
    pub period_to: NaiveDate,
    /// What the account is of: `customer`, `agency`, `technician` …
    pub kind: String,
    /// Its code.
    pub party: String,
    pub currency: String,
    /// Minor units, on the accounts' own side.
    pub opening: i64,
    pub debit: i64,
    pub credit: i64,
    pub closing: i64,
    /// JSON: what happened, in the order of the days.
    pub lines: String,
    pub actor: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
