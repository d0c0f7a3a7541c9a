//! A warranty card with its three terms.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "card")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: String,
    /// Serial.
    pub device: String,
    /// `issued`, `active`, `void`.
    pub status: String,
    /// `internal` or `outsourced`.
    pub kind: String,
    pub partner: Option<String>,
    /// Customer code.
    pub holder: Option<String>,
    pub issued_on: NaiveDate,
    pub sold_on: Option<NaiveDate>,
    /// Where the goods were sold.
    pub store: Option<String>,
    /// Who sold them.
    pub seller: Option<String>,
    /// The seller's invoice.
    pub invoice_no: Option<String>,
    pub stamped: bool,
    pub stamped_on: Option<NaiveDate>,
    pub stamped_by: Option<String>,
    pub guarantee_from: Option<NaiveDate>,
    pub guarantee_to: Option<NaiveDate>,
    pub warranty_from: Option<NaiveDate>,
    pub warranty_to: Option<NaiveDate>,
    pub commitment_from: Option<NaiveDate>,
    pub commitment_to: Option<NaiveDate>,
    pub extended_from: Option<NaiveDate>,
    pub extended_to: Option<NaiveDate>,
    /// When it came into the register.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Grows with each change; a writer names the one it saw.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
