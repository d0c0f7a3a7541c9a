//! A code that was sent to a phone, bound to the browser that asked for it. One that was asked for nobody we know is
//! a row as well, and no code fits it.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_code")]
pub struct Model {
    /// SHA-256 of the secret that the browser holds, hex.
    #[sea_orm(primary_key, auto_increment = false)]
    pub browser_hash: String,
    /// SHA-256 of that secret and the code.
    pub code_hash: String,
    /// Number that it was sent to.
    pub phone: Option<String>,
    /// Whose number it is.
    pub customer: Option<String>,
    /// Tracking code that was asked for.
    pub ticket: Option<String>,
    /// JSON: the ticket to open when the phone is proved.
    pub wish: Option<String>,
    pub tries: i64,
    pub asked_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
