//! A voucher: note, draft, reviewed, final, reversed.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voucher")]
pub struct Model {
    /// Order of entry, never used again.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reference_no: i64,
    /// Effect or request it comes from.
    pub source: String,
    /// What happened.
    pub event: String,
    pub template: String,
    pub date: NaiveDate,
    pub fiscal_year: String,
    pub currency: String,
    /// `note`, `draft`, `reviewed`, `final`, `reversed`.
    pub status: String,
    /// Gap-free within the fiscal year, given when final.
    pub voucher_no: Option<i64>,
    /// `ordinary`, `memo` or `closing`.
    pub kind: String,
    /// In the language of the books.
    pub text: String,
    /// JSON: facts that the text shows.
    pub detail: String,
    /// Tracking code.
    pub ticket: Option<String>,
    /// Reference of the voucher it takes back.
    pub reverses: Option<i64>,
    /// Reference of the voucher that takes it back.
    pub reversed_by: Option<i64>,
    /// Sum of debits, minor units.
    pub total: i64,
    pub prepared_by: String,
    pub prepared_at: DateTime<Utc>,
    pub reviewed_by: Option<String>,
    pub reviewed_at: Option<DateTime<Utc>>,
    pub approved_by: Option<String>,
    pub approved_at: Option<DateTime<Utc>>,
    pub finalised_by: Option<String>,
    pub finalised_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
