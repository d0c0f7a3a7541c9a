//! A plan of periodic service as the company sells it.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_plan")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// By language, as JSON.
    pub name: String,
    /// Goods that it is for; none: any.
    pub category: Option<String>,
    /// The one model that it is for; none: any.
    pub product: Option<String>,
    /// Months between two visits.
    pub service_months: Option<i64>,
    /// Usage between two visits, in the unit of the device's meter.
    pub service_usage: Option<i64>,
    /// How many months it holds.
    pub contract_months: i64,
    /// Without VAT, in minor units.
    pub price: i64,
    pub active: bool,
    /// When it came into the register.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Grows with each change; a writer names the one it saw.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
