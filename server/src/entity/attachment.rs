//! A paper that belongs to a voucher.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Reference.
    pub voucher: i64,
    pub name: String,
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the bytes.
    pub hash: String,
    pub body: Vec<u8>,
    pub actor: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
