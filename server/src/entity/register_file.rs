//! A paper or picture of an entry of a register.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "register_file")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Name of the register.
    pub register: String,
    /// The entry's key.
    pub entry: String,
    pub name: String,
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the bytes.
    pub hash: String,
    pub body: Vec<u8>,
    /// A small picture of a picture, as JPEG.
    pub thumbnail: Option<Vec<u8>>,
    pub actor: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
