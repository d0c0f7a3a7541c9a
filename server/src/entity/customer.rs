//! A consumer or company.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// `person` or `company`.
    pub kind: String,
    pub name: String,
    /// Name as it is searched: normalised, lower case.
    pub name_key: String,
    pub national_id: Option<String>,
    pub tax_id: Option<String>,
    pub email: Option<String>,
    pub language: String,
    pub province: Option<String>,
    pub city: Option<String>,
    pub address: Option<String>,
    pub postcode: Option<String>,
    pub notes: Option<String>,
    /// Minor units.
    pub credit_limit: Option<i64>,
    /// Code of the customer this one was merged into.
    pub merged_into: Option<String>,
    /// When it came into the register.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Grows with each change; a writer names the one it saw.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
