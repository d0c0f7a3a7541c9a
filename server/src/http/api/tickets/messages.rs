//! GET /api/tickets/{code}/messages: what was sent, when, to whom, in which words.

use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::{find, is_outside};
use crate::app::App;
use crate::entity::outbox;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;

pub struct Messages(pub App);

/// A message or call that leaves the house
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Message {
    pub id: i64,
    /// Stable id that every try of its delivery carries
    pub effect: String,
    pub ticket: Option<String>,
    /// `sms`, `email`, `webhook`, `app`
    pub channel: String,
    /// Address, number or endpoint
    pub recipient: String,
    pub recipient_name: String,
    /// Key of the message
    pub message: String,
    pub language: Option<String>,
    pub subject: Option<String>,
    pub text: String,
    /// `pending`, `claimed`, `sent`, `uncertain`, `dead`, `held`, `skipped`
    pub status: String,
    /// Tries so far
    pub attempt: i64,
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
}

impl From<outbox::Model> for Message {
    fn from(row: outbox::Model) -> Self {
        Self {
            id: row.id,
            effect: row.effect,
            ticket: row.ticket,
            channel: row.channel,
            recipient: row.recipient,
            recipient_name: row.recipient_name,
            message: row.message,
            language: row.language,
            subject: row.subject,
            text: row.body,
            status: row.status,
            attempt: row.attempt,
            last_error: row.last_error,
            created_at: row.created_at,
            sent_at: row.sent_at,
        }
    }
}

#[OpenApi(tag = "Tag::Tickets")]
impl Messages {
    /// The messages of a ticket, in order
    ///
    /// People outside see those that went to themselves.
    #[oai(path = "/tickets/:code/messages", method = "get")]
    async fn messages(&self, who: SignedIn, code: Path<String>) -> Result<Json<Vec<Message>>, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        let outside = is_outside(&who.scope(&self.0));
        let rows = self.0.store.messages_of(&row.code).await?;
        let own = |message: &outbox::Model| !outside || message.recipient_name == who.caller.full_name;
        Ok(Json(rows.into_iter().filter(own).map(Message::from).collect()))
    }
}
