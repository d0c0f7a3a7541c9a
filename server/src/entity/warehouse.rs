//! A place where parts are kept.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "warehouse")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub branch: Option<String>,
    /// JSON, by language.
    pub name: String,
    /// `main`, `van`, `agency`, `defective`.
    pub kind: String,
    /// The agency that keeps our parts in it.
    pub agency: Option<String>,
    /// Sign-in name of the technician whose van it is.
    pub technician: Option<String>,
    pub active: bool,
    /// When it came into the register.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Grows with each change; a writer names the one it saw.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
