//! A priced part, service, travel or fee.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "charge_line")]
pub struct Model {
    /// Tracking code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket: String,
    /// Number within the ticket, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i64,
    pub kind: String,
    pub code: String,
    pub description: String,
    /// Decimal.
    pub quantity: String,
    /// Minor units, as all amounts here.
    pub list: i64,
    pub covered: i64,
    pub net: i64,
    pub vat: i64,
    pub gross: i64,
    pub cost: i64,
    pub covered_percent: i64,
    pub payment_class: String,
    pub decision: String,
    pub status: String,
    /// JSON of the whole line.
    pub body: String,
}

impl ActiveModelBehavior for ActiveModel {}
