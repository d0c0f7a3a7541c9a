//! POST /api/tickets: opens a ticket.

use std::collections::BTreeMap;

use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::Value;

use super::take::{Taken, form, settled};
use super::{reasons, veil};
use crate::app::App;
use crate::auth::Scope;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::Answer;
use crate::http::problem::{FieldError, Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::step;
use crate::store::step::Key;

pub struct Create(pub App);

/// A ticket to open
#[derive(Debug, Default, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Name of the process
    pub process: String,
    /// Code of the branch; left out: your own
    #[oai(default)]
    #[serde(default)]
    pub branch: Option<String>,
    /// `counter`, `call_center`, `web`, `qr`, `wechat`, `iot`, `agent`; `counter` if left out
    #[oai(default)]
    #[serde(default)]
    pub channel: Option<String>,
    /// Customer code; left out: the device's owner
    #[oai(default)]
    #[serde(default)]
    pub customer: Option<String>,
    /// Serial, for a process about a device
    #[oai(default)]
    #[serde(default)]
    pub device: Option<String>,
    #[oai(default)]
    #[serde(default)]
    pub agency: Option<String>,
    /// The opening form, by field
    #[oai(default)]
    #[serde(default)]
    pub data: BTreeMap<String, Value>,
}

const CHANNELS: [&str; 7] = ["counter", "call_center", "web", "qr", "wechat", "iot", "agent"];

#[OpenApi(tag = "Tag::Tickets")]
impl Create {
    /// Opens a ticket
    #[oai(path = "/tickets", method = "post")]
    async fn create(
        &self,
        who: SignedIn,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Opening>,
    ) -> Result<Answer<Taken>, Problem> {
        let key = once_key.request(&who.caller, &body.hash);
        open(&self.0, &who, body.value, key).await
    }
}

/// Opens a ticket within what the caller may reach.
pub async fn open(
    app: &App,
    who: &SignedIn,
    asked: Opening,
    key: Option<Key>,
) -> Result<Answer<Taken>, Problem> {
    let opening = allowed(app, who, asked).await?;
    let process = opening.process.clone();
    let chart = app.catalog.current().chart(&process).cloned();
    let chart = chart.ok_or_else(|| {
        Problem::fields(vec![FieldError::new(
            "process",
            "field-not-found",
            vec![("what", "process".to_owned())],
        )])
    })?;
    let actor = who.caller.actor(&opening.branch);
    match who.app(app).open_ticket(actor, opening, key).await? {
        step::Answer::Refused { reasons, .. } => {
            Err(reasons::refused(&process, &reasons, &chart, who.language, &veil(app, who, &chart)))
        }
        other => settled(other, &process),
    }
}

/// The opening within what the caller may reach: own branch, and for people outside only their own.
async fn allowed(app: &App, who: &SignedIn, asked: Opening) -> Result<step::Opening, Problem> {
    let missing = || Problem::fields(vec![FieldError::new("branch", "field-required", vec![])]);
    let branch = asked.branch.or_else(|| who.caller.branch.clone()).ok_or_else(missing)?;
    let channel = asked.channel.unwrap_or_else(|| "counter".to_owned());
    if !CHANNELS.contains(&channel.as_str()) {
        let reason = format!("it must be one of {}", CHANNELS.join(", "));
        return Err(Problem::fields(vec![FieldError::new(
            "channel",
            "field-invalid",
            vec![("reason", reason)],
        )]));
    }
    let mut opening = step::Opening {
        process: asked.process,
        branch,
        channel,
        customer: asked.customer,
        device: asked.device,
        agency: asked.agency,
        data: form(asked.data),
        parent: None,
    };
    match who.scope(app) {
        Scope::All => {}
        Scope::Branches(_) => who.in_branch(app, Some(&opening.branch))?,
        Scope::Agency(code) => opening.agency = Some(code),
        Scope::Customer(code) => {
            owns(app, &code, opening.device.as_deref()).await?;
            opening.customer = Some(code);
        }
        Scope::Nothing => return Err(Problem::new(Kind::Forbidden, "detail-other-branch", vec![])),
    }
    Ok(opening)
}

/// A customer opens tickets about own devices; a foreign one and an absent one give the same answer.
async fn owns(app: &App, customer: &str, device: Option<&str>) -> Result<(), Problem> {
    let Some(serial) = device else { return Ok(()) };
    let owner = app.store.subject(serial).await?.and_then(|subject| subject.device.owner);
    if owner.as_deref() == Some(customer) { Ok(()) } else { Err(Problem::not_found("device", serial)) }
}
