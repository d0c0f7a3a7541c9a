//! GET /api/tickets/{code}/messages: what was sent, when, to whom, in which words.

use aftercare_engine::language::Language;
use aftercare_engine::message::texts;
use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::tell::TOLD;
use super::{chart, find, is_outside, veil};
use crate::app::App;
use crate::auth::Caller;
use crate::catalog::Version;
use crate::entity::{outbox, ticket};
use crate::http::api::Tag;
use crate::http::hidden::Veil;
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
    /// Absent when it may hold something that your roles never see
    pub text: Option<String>,
    /// `pending`, `claimed`, `sent`, `uncertain`, `dead`
    pub status: String,
    /// Tries so far
    pub attempt: i64,
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
}

impl Message {
    /// A row of the outbox as somebody may see it. What went to the reader is the reader's to read.
    pub fn told(row: outbox::Model, who: &SignedIn, version: &Version, veil: &Veil) -> Self {
        let own = is_to(&row, &who.caller);
        let mut text = Some(row.body).filter(|_| own || !covered(version, &row.message, veil));
        if let Some(mut json) =
            text.as_deref().filter(|_| !veil.is_thin()).and_then(|text| serde_json::from_str(text).ok())
        {
            // What a webhook carries are facts by their names.
            veil.strip(&mut json);
            text = Some(json.to_string());
        }
        Self {
            id: row.id,
            effect: row.effect,
            ticket: row.ticket,
            channel: row.channel,
            recipient: row.recipient,
            recipient_name: row.recipient_name,
            message: row.message,
            language: row.language,
            subject: row.subject.filter(|_| text.is_some()),
            text,
            status: row.status,
            attempt: row.attempt,
            last_error: row.last_error,
            created_at: row.created_at,
            sent_at: row.sent_at,
        }
    }
}

/// Whether a message is for this caller: the user, the customer, or somebody of the agency.
fn is_to(message: &outbox::Model, caller: &Caller) -> bool {
    let own = match message.to_kind.as_str() {
        "user" => Some(&caller.name),
        "customer" => caller.customer.as_ref(),
        "agency" | "partner" => caller.agency.as_ref(),
        _ => None,
    };
    own.is_some_and(|own| *own == message.to_code)
}

/// A message without what lets a customer in: a code, or the secret of a link. As long as nothing leaves the house,
/// this is the only place to read them.
pub fn kept_secret(app: &App, row: outbox::Model) -> outbox::Model {
    let leaves = match row.channel.as_str() {
        "sms" => app.config.gateways.sms.is_some(),
        "email" => app.config.gateways.mail.is_some(),
        _ => false,
    };
    if !leaves {
        return row;
    }
    if row.ticket.is_none() {
        return outbox::Model { body: "…".into(), ..row };
    }
    let Some(code) = row.ticket.as_deref().filter(|_| row.link.is_some()) else { return row };
    let mark = format!("/track/{code}/");
    let mut parts = row.body.split(mark.as_str());
    let mut body = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '-' | '_'));
        body.push_str(&mark);
        body.push('…');
        body.push_str(part.get(end.unwrap_or(part.len())..).unwrap_or_default());
    }
    outbox::Model { body, ..row }
}

/// Whether a text of the bundle may tell something that the reader never sees.
pub fn covered(version: &Version, message: &str, veil: &Veil) -> bool {
    // What somebody wrote to the customer, by hand, is no secret from the house.
    if message == TOLD {
        return false;
    }
    let message = version.library().messages.get(message);
    // What is no text of the bundle, such as a letter, may tell anything.
    message.map_or(!veil.is_thin(), |message| {
        texts(message).any(|(_, text)| {
            Language::ALL.iter().filter_map(|one| text.get(*one)).any(|text| veil.covers(&text.value))
        })
    })
}

#[OpenApi(tag = "Tag::Tickets")]
impl Messages {
    /// The messages of a ticket, in order
    ///
    /// People outside see those that went to themselves.
    #[oai(path = "/tickets/:code/messages", method = "get")]
    async fn messages(&self, who: SignedIn, code: Path<String>) -> Result<Json<Vec<Message>>, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        Ok(Json(messages_of(&self.0, &who, &row).await?))
    }
}

/// The messages of a ticket that the caller may see.
pub async fn messages_of(app: &App, who: &SignedIn, row: &ticket::Model) -> Result<Vec<Message>, Problem> {
    let outside = is_outside(&who.scope(app));
    let version = app.catalog.version(&row.bundle).await?;
    let veil = veil(app, who, &*chart(app, row).await?, &row.branch);
    let rows = app.store.messages_of(&row.code).await?;
    let own = |message: &outbox::Model| !outside || is_to(message, &who.caller);
    let own = rows.into_iter().filter(own).map(|row| if outside { row } else { kept_secret(app, row) });
    Ok(own.map(|row| Message::told(row, who, &version, &veil)).collect())
}
