//! One serialised unit.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "device")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub serial: String,
    /// Model code.
    pub product: String,
    pub status: String,
    /// Customer code.
    pub owner: Option<String>,
    /// Serial of the unit this one is built into.
    pub parent: Option<String>,
    pub batch: Option<String>,
    pub produced_on: Option<NaiveDate>,
    pub sold_on: Option<NaiveDate>,
    pub installed_on: Option<NaiveDate>,
    /// Meter reading.
    pub usage: Option<i64>,
    /// Finished repairs.
    pub repairs: i64,
    /// JSON.
    pub attributes: Option<String>,
    /// When it came into the register.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Grows with each change; a writer names the one it saw.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
