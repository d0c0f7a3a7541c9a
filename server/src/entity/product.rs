//! A model.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Code of its group.
    pub category: String,
    /// JSON, by language.
    pub name: String,
    pub brand: Option<String>,
    /// List price without VAT, minor units.
    pub price: i64,
    /// `none`, `electric`, `gas`, `pressure`.
    pub hazard: String,
    /// Code of its warranty policy.
    pub policy: Option<String>,
    pub serial_prefix: Option<String>,
    pub serial_suffix: Option<String>,
    /// Digits between prefix and suffix.
    pub serial_width: Option<i64>,
    /// JSON.
    pub attributes: Option<String>,
    pub active: bool,
    /// When it came into the register.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Grows with each change; a writer names the one it saw.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
