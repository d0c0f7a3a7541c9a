//! A message to deliver at least once under one id.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Stable id, the same at every try.
    #[sea_orm(unique)]
    pub effect: String,
    /// Tracking code.
    pub ticket: Option<String>,
    /// Step.
    pub seq: Option<i64>,
    /// `sms`, `email`, `webhook`, `app`.
    pub channel: String,
    /// Ticket and channel: deliveries of a lane keep their order.
    pub lane: String,
    /// Address, number or endpoint.
    pub recipient: String,
    pub recipient_name: String,
    /// Whom it is for: `customer`, `agency`, `partner`, `user`, `endpoint`.
    pub to_kind: String,
    /// Code or sign-in name.
    pub to_code: String,
    /// Key of the message.
    pub message: String,
    pub language: Option<String>,
    pub subject: Option<String>,
    /// Text, or JSON for a webhook.
    pub body: String,
    /// `pending`, `claimed`, `sent`, `uncertain`, `dead`, `held`, `skipped`.
    pub status: String,
    pub attempt: i64,
    /// Fencing token of who is delivering it.
    pub claim: Option<String>,
    pub lease_until: Option<DateTime<Utc>>,
    pub next_at: DateTime<Utc>,
    pub last_error: Option<String>,
    /// The gateway's own id.
    pub provider_ref: Option<String>,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
