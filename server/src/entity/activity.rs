//! Something that was said or done about a ticket.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activity")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Tracking code.
    pub ticket: String,
    /// `note`, `talk`, `call_in`, `call_out`, `email_in`, `email_out`.
    pub kind: String,
    pub text: String,
    /// Roles it is for, with spaces between; none: all staff.
    pub seen_by: String,
    /// Sign-in names, with spaces between.
    pub mentions: String,
    pub actor: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
