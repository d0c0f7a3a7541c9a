//! A voucher: draft, reviewed, final, reversed.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voucher")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Effect or request it comes from.
    pub source: String,
    /// Accounting event.
    pub event: String,
    pub template: String,
    pub date: NaiveDate,
    pub fiscal_year: String,
    pub currency: String,
    /// `draft`, `reviewed`, `final`, `reversed`.
    pub status: String,
    /// Order of entry, never used again.
    pub reference_no: i64,
    /// Gap-free within the fiscal year, given when final.
    pub voucher_no: Option<i64>,
    /// JSON, by language.
    pub description: String,
    /// Tracking code.
    pub ticket: Option<String>,
    /// Id of the voucher it takes back.
    pub reverses: Option<i64>,
    /// Id of the voucher that takes it back.
    pub reversed_by: Option<i64>,
    /// Sum of debits, minor units.
    pub total: i64,
    pub prepared_by: String,
    pub prepared_at: DateTime<Utc>,
    pub reviewed_by: Option<String>,
    pub reviewed_at: Option<DateTime<Utc>>,
    pub finalised_by: Option<String>,
    pub finalised_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
