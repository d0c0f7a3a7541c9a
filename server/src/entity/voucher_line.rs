//! A line of a voucher: debit or credit.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voucher_line")]
pub struct Model {
    /// Its reference.
    #[sea_orm(primary_key, auto_increment = false)]
    pub voucher: i64,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i64,
    /// Subsidiary account code.
    pub account: String,
    /// Outside the balance sheet.
    pub memo: bool,
    /// The detail that is a party: `customer`, `agency`, `partner`, `technician`.
    pub party_kind: Option<String>,
    /// Its code.
    pub party: Option<String>,
    /// JSON: all details by kind.
    pub details: String,
    /// In the language of the books.
    pub text: String,
    /// JSON: why the amount is what it is.
    pub explanation: String,
    /// Minor units.
    pub debit: i64,
    pub credit: i64,
    pub currency: String,
    /// Its voucher's day.
    pub date: Date,
}

impl ActiveModelBehavior for ActiveModel {}
