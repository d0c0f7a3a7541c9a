//! An agency that was asked whether it takes a ticket's job, and sees the ticket from then on.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_asked")]
pub struct Model {
    /// Tracking code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket: String,
    /// Code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
