//! An agency or partner company.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agency")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// JSON, by language.
    pub name: String,
    /// `service`, `sales`, `both`, `partner`.
    pub kind: String,
    /// `active` or `suspended`.
    pub status: String,
    /// Branch that looks after it.
    pub branch: Option<String>,
    /// Last day of its vetting.
    pub vetted_to: Option<NaiveDate>,
    /// Minor units.
    pub credit_limit: i64,
    /// Its tariff in percent of the labour price.
    pub labour_percent: i64,
    /// Where it works: cities and provinces, with commas between them.
    pub region: Option<String>,
    /// Brands that it sells or repairs, with commas between them.
    pub brands: Option<String>,
    pub language: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub city: Option<String>,
    pub address: Option<String>,
    /// When it came into the register.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Grows with each change; a writer names the one it saw.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
