//! A branch of a store: where tickets are opened and staff work.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "branch")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Code of its store.
    pub shop: String,
    /// Its part of a tracking code, such as `03`.
    pub number: String,
    /// JSON, by language.
    pub name: String,
    pub city: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    /// Code of its main warehouse.
    pub warehouse: Option<String>,
    /// Name of its working calendar.
    pub calendar: Option<String>,
    pub active: bool,
    /// When it came into the register.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Grows with each change; a writer names the one it saw.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
