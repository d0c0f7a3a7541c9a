//! A seal over what was new in the histories when it was made. Never changed, never deleted; each covers the one before.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "history_seal")]
pub struct Model {
    /// 1, 2, 3 … without a hole.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub at: DateTime<Utc>,
    /// What was written before this moment is sealed by this one or an earlier one; none: more follow.
    pub complete: Option<DateTime<Utc>>,
    /// How many items it covers.
    pub items: i64,
    /// SHA-256 of its items.
    pub digest: String,
    /// The `mac` of the seal before.
    pub before: String,
    /// HMAC-SHA256 of all of this, with the key of this house.
    pub mac: String,
}

impl ActiveModelBehavior for ActiveModel {}
