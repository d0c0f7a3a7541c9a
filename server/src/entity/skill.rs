//! What a technician has been trained for.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "skill")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Sign-in name.
    pub technician: String,
    pub category: String,
    /// Model; none: all of the category.
    pub product: Option<String>,
    /// From 1 for trained to 5 for an expert.
    pub level: i64,
    /// Last day of the certificate; none: it does not lapse.
    pub certified_to: Option<NaiveDate>,
    /// When it came into the register.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Grows with each change; a writer names the one it saw.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
