//! A link by which a user sets a password without having one. Each user has one at most, and it goes when it is used.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "password_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_name: String,
    /// SHA-256 of what the link holds, hex.
    pub token_hash: String,
    /// Who asked for it; empty: whoever runs the server.
    pub asked_by: String,
    pub expires_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
