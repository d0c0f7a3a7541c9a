//! A file that came into a register.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Its name: `devices`.
    pub register: String,
    /// Name of the file.
    pub file: String,
    /// SHA-256 of the bytes.
    pub hash: String,
    pub lines: i64,
    pub added: i64,
    pub changed: i64,
    pub actor: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
