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

pub struct Create(pub App);

/// A ticket to open
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    /// Name of the process
    process: String,
    /// Code of the branch; left out: your own
    #[oai(default)]
    #[serde(default)]
    branch: Option<String>,
    /// `counter`, `call_center`, `web`, `qr`, `wechat`, `iot`, `agent`; `counter` if left out
    #[oai(default)]
    #[serde(default)]
    channel: Option<String>,
    /// Customer code; left out: the device's owner
    #[oai(default)]
    #[serde(default)]
    customer: Option<String>,
    /// Serial, for a process about a device
    #[oai(default)]
    #[serde(default)]
    device: Option<String>,
    #[oai(default)]
    #[serde(default)]
    agency: Option<String>,
    /// The opening form, by field
    #[oai(default)]
    #[serde(default)]
    data: BTreeMap<String, Value>,
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
        let opening = self.allowed(&who, body.value).await?;
        let process = opening.process.clone();
        let chart = self.0.catalog.current().chart(&process).cloned();
        let chart = chart.ok_or_else(|| {
            Problem::fields(vec![FieldError::new(
                "process",
                "field-not-found",
                vec![("what", "process".to_owned())],
            )])
        })?;
        let actor = who.caller.actor(&opening.branch);
        match who.app(&self.0).open_ticket(actor, opening, key).await? {
            step::Answer::Refused { reasons, .. } => {
                Err(reasons::refused(&process, &reasons, &chart, who.language, &veil(&self.0, &who, &chart)))
            }
            other => settled(other, &process),
        }
    }
}

impl Create {
    /// The opening within what the caller may reach: own branch, and for people outside only their own.
    async fn allowed(&self, who: &SignedIn, asked: Opening) -> Result<step::Opening, Problem> {
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
        };
        match who.scope(&self.0) {
            Scope::All => {}
            Scope::Branches(_) => who.in_branch(&self.0, Some(&opening.branch))?,
            Scope::Agency(code) => opening.agency = Some(code),
            Scope::Customer(code) => {
                self.owns(&code, opening.device.as_deref()).await?;
                opening.customer = Some(code);
            }
            Scope::Nothing => return Err(Problem::new(Kind::Forbidden, "detail-other-branch", vec![])),
        }
        Ok(opening)
    }

    /// A customer opens tickets about own devices; a foreign one and an absent one give the same answer.
    async fn owns(&self, customer: &str, device: Option<&str>) -> Result<(), Problem> {
        let Some(serial) = device else { return Ok(()) };
        let owner = self.0.store.subject(serial).await?.and_then(|subject| subject.device.owner);
        if owner.as_deref() == Some(customer) { Ok(()) } else { Err(Problem::not_found("device", serial)) }
    }
}
