//! A picture or paper of a ticket.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_file")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Tracking code.
    pub ticket: String,
    /// One of the engine's `words::FILE_KINDS`.
    pub kind: String,
    /// `staff`, `agency` (and staff), `customer` (and everybody).
    pub seen_by: String,
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
    /// Agency whose staff sent it.
    pub agency: Option<String>,
    pub at: DateTime<Utc>,
    /// The picture of the same ticket that this one was drawn on.
    pub original: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
