//! What a user's authenticator shares with us.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_name: String,
    /// Base 32.
    pub secret: String,
    /// None: shown, but nobody has proved yet that the authenticator has it.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Step of the last code that was used: none counts twice.
    pub last_step: i64,
    /// JSON: hashes of the spare codes that are left.
    pub spare: String,
}

impl ActiveModelBehavior for ActiveModel {}
