//! A line of a voucher: debit or credit.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voucher_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub voucher: i64,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i64,
    /// Subsidiary account code.
    pub account: String,
    /// `customer`, `agency`, `warehouse` ….
    pub detail_kind: Option<String>,
    /// Code.
    pub detail: Option<String>,
    /// JSON, by language.
    pub description: String,
    /// Minor units.
    pub debit: i64,
    pub credit: i64,
    pub currency: String,
}

impl ActiveModelBehavior for ActiveModel {}
