//! A part fitted in a device, with its own term.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "fitted_part")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub device: String,
    /// Part code.
    pub part: String,
    /// Component serial.
    pub serial: Option<String>,
    /// Serial of the part it replaced.
    pub old_serial: Option<String>,
    pub fitted_on: NaiveDate,
    pub removed_on: Option<NaiveDate>,
    /// Last day of its own term.
    pub covered_to: Option<NaiveDate>,
    /// Tracking code.
    pub ticket: Option<String>,
    /// Effect that fitted it and its line.
    #[sea_orm(unique)]
    pub source: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
