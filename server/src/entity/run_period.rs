//! A period that a run has finished.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "run_period")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub run: String,
    pub period_from: NaiveDate,
    /// Last day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub period_to: NaiveDate,
    /// What it went through.
    pub items: i64,
    /// What it posted.
    pub vouchers: i64,
    pub statements: i64,
    /// Hash of the definitions that it ran by.
    pub bundle: String,
    pub actor: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
