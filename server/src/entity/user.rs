//! A person or program that signs in.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    /// Sign-in name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub full_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// `fa`, `en`, `zh`, `pl`.
    pub language: String,
    /// Argon2id in PHC form; none: cannot sign in with one.
    pub password: Option<String>,
    /// Home branch; none: all branches.
    pub branch: Option<String>,
    /// Code of the agency or partner whose staff this is.
    pub agency: Option<String>,
    /// Code of the customer this is.
    pub customer: Option<String>,
    /// For technicians: `internal`, `authorised` or `provider`.
    pub kind: Option<String>,
    /// For technicians: towns and provinces where they work, with commas between them.
    pub territories: Option<String>,
    /// For technicians: what an hour of their work costs us, in minor units.
    pub hourly_cost: Option<i64>,
    pub active: bool,
    /// When it came into the register.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Grows with each change; a writer names the one it saw.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
