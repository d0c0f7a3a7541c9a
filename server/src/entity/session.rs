//! A signed-in session or an API token; only the hash of the secret is kept.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// SHA-256 of the token, hex.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub user_name: String,
    /// `session` or `token`.
    pub kind: String,
    /// What the token is for.
    pub label: Option<String>,
    pub created_at: DateTime<Utc>,
    /// Last use.
    pub seen_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    /// When the password was given again; none: not since it began.
    pub proved_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
