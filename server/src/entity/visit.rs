//! Somebody who has shown to be a customer, in one browser; only the hash of the secret is kept.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit")]
pub struct Model {
    /// SHA-256 of the secret, hex.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// Code.
    pub customer: String,
    /// The only ticket that was shown to be theirs; none: all of the customer's.
    pub ticket: Option<String>,
    pub created_at: DateTime<Utc>,
    /// Last use.
    pub seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
