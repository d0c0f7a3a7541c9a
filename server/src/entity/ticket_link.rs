//! A ticket that another one has opened, or tried to.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_link")]
pub struct Model {
    /// Effect that opened it: nothing is opened twice.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    /// Tracking code of the ticket that opened it.
    pub parent: String,
    /// Tracking code; none when it could not be opened.
    pub child: Option<String>,
    /// Id of the invoke that waits for it.
    pub invoke: Option<String>,
    /// Why it was opened, when nobody waits for it.
    pub link: Option<String>,
    pub process: String,
    /// `linked`; or for an invoke `awaited`, `told`, `cancelled`, `refused`.
    pub state: String,
    /// JSON: reasons why it could not be opened.
    pub why: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
