//! A spare part.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "part")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// JSON, by language.
    pub name: String,
    /// Original part.
    pub oem: bool,
    /// List price, minor units.
    pub price: i64,
    /// Minor units.
    pub agency_price: Option<i64>,
    pub unit: String,
    /// In thousandths; below it somebody should order.
    pub min_level: i64,
    pub active: bool,
    /// When it came into the register.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Grows with each change; a writer names the one it saw.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
