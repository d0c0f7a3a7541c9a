//! POST /api/tickets/{code}/steps/{event}: takes a step.

use std::collections::BTreeMap;

use aftercare_engine::facts::{Map, Value as Fact};
use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::types::ToJSON;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::Value;

use super::create::{own_devices, own_parties};
use super::show::present;
use super::steps::offered;
use super::{chart, find, is_outside, reasons, veil};
use crate::app::App;
use crate::auth::Scope;
use crate::entity::ticket;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::hidden;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::Answer;
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::step::Key;
use crate::{pay, step};

pub struct TakeStep(pub App);

/// Of what a step answers, what is for the house alone.
const INSIDE: [&str; 3] = ["states", "due_at", "opened"];

/// A step to take
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taking {
    /// The revision that you saw
    pub revision: i64,
    /// The form, by field
    #[oai(default)]
    #[serde(default)]
    pub data: BTreeMap<String, Value>,
}

/// A step that was taken, or a ticket that was opened
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Taken {
    /// Tracking code
    code: String,
    process: String,
    /// `moved` or `finished`
    outcome: String,
    /// Name it in the next step
    revision: i64,
    /// Active states; not for people outside
    states: Option<Vec<String>>,
    progress: Option<i64>,
    category: Option<String>,
    finished: bool,
    /// Next deadline; not for people outside
    due_at: Option<DateTime<Utc>>,
    /// The documents that it has made
    documents: Option<Vec<DocumentMade>>,
    /// Number of the card that it has made or changed
    card: Option<String>,
    /// Tracking codes of the tickets that it has opened; not for people outside
    opened: Option<Vec<String>>,
}

/// A document that a step has made
#[derive(Debug, Object)]
struct DocumentMade {
    series: String,
    number: String,
    gross: String,
}

#[OpenApi(tag = "Tag::Tickets")]
impl TakeStep {
    /// Takes a step
    ///
    /// 401 with the problem `reauthenticate`: show once more who you are (`PUT /session/proof`). 403: your roles may not. 409: the ticket has moved on; `present` and `steps` say where it stands. 422:
    /// the step is refused; `reasons` say why and `errors` which fields are wrong. Nothing changed then.
    #[oai(path = "/tickets/:code/steps/:event", method = "post")]
    async fn take(
        &self,
        who: SignedIn,
        code: Path<String>,
        event: Path<String>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Taking>,
    ) -> Result<Answer<Taken>, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        let key = once_key.request(&who.caller, &body.hash);
        take(&self.0, &who, &row, &event.0, body.value, key).await
    }
}

/// Takes a step of a ticket that the caller may see.
pub async fn take(
    app: &App,
    who: &SignedIn,
    row: &ticket::Model,
    event: &str,
    taking: Taking,
    key: Option<Key>,
) -> Result<Answer<Taken>, Problem> {
    let (seen, scope) = (taking.revision, who.scope(app));
    let data = form(taking.data);
    if is_outside(&scope) {
        let chart = chart(app, row).await?;
        own_parties(&scope, &chart, &data)?;
        own_devices(app, &scope, &chart, &data).await?;
    }
    let take = step::Take {
        code: row.code.clone(),
        event: event.to_owned(),
        revision: Some(seen),
        data,
        ticket: Some(Box::new(row.clone())),
    };
    // What is large and rare has its own place, so that what all pass through is not moved about with it.
    if is_outside(&scope) {
        Box::pin(not_own_payment(app, who, row, event)).await?;
    }
    if !who.is_proved(app) && Box::pin(chart(app, row)).await?.reauthenticates(event) {
        return Err(Problem::reauthenticate(app.config.sessions.reauthenticate));
    }
    let answer = who.app(app).take_step(who.caller.actor(&row.branch), take, key).await?;
    match answer {
        step::Answer::Ignored(now) => Err(Box::pin(ignored(app, who, event, &now)).await?),
        step::Answer::Stale(now) => Err(Box::pin(stale(app, who, seen, &now)).await?),
        step::Answer::Refused { reasons, .. } => {
            let chart = chart(app, row).await?;
            Err(reasons::refused(event, &reasons, &chart, who.language, &veil(app, who, &chart, &row.branch)))
        }
        other => settled(other, &row.code, &scope),
    }
}

/// Nobody outside says of themselves that they have paid: they pay through a provider, or at our counter.
async fn not_own_payment(app: &App, who: &SignedIn, row: &ticket::Model, event: &str) -> Result<(), Problem> {
    let actor = who.caller.actor(&row.branch);
    if pay::is_payment(app, &actor, &row.code, event).await? {
        return Err(Problem::new(Kind::Forbidden, "detail-pay-by-provider", vec![]));
    }
    Ok(())
}

/// The form as facts.
pub fn form(data: BTreeMap<String, Value>) -> Map {
    data.into_iter().map(|(name, value)| (name.into(), Fact::from_json(&value))).collect()
}

/// The answers that mean the same for an opening and for a step.
pub fn settled<const STATUS: u16>(
    answer: step::Answer,
    code: &str,
    scope: &Scope,
) -> Result<Answer<Taken, STATUS>, Problem> {
    match answer {
        step::Answer::Done { status, body, .. } => {
            let body = if is_outside(scope) { outside(&body) } else { body };
            Ok(Answer::again(i64::from(status), body))
        }
        step::Answer::KeyMisused => Err(Problem::new(Kind::Unprocessable, "detail-key-reused", vec![])),
        step::Answer::NotFound => Err(Problem::not_found("ticket", code)),
        _ => Err(Problem::unavailable()),
    }
}

/// What is kept of a step is whole; people outside are told what they see of the ticket itself.
fn outside(body: &str) -> String {
    let mut told: Value = serde_json::from_str(body).unwrap_or_default();
    if let Some(map) = told.as_object_mut() {
        map.retain(|name, _| !INSIDE.contains(&name.as_str()));
    }
    told.to_string()
}

async fn stale(app: &App, who: &SignedIn, seen: i64, now: &ticket::Model) -> Result<Problem, Problem> {
    let problem = Problem::stale(seen, now.revision, shown(app, who, now).await?);
    let steps = offered(app, who, now).await?;
    Ok(problem.with("steps", steps.to_json().unwrap_or_default()))
}

async fn ignored(app: &App, who: &SignedIn, event: &str, now: &ticket::Model) -> Result<Problem, Problem> {
    let problem = Problem::new(Kind::Refused, "detail-ignored", vec![("event", event.to_owned())]);
    let steps = offered(app, who, now).await?;
    Ok(problem
        .with("present", shown(app, who, now).await?)
        .with("steps", steps.to_json().unwrap_or_default()))
}

/// Where the ticket stands, as the caller may see it.
async fn shown(app: &App, who: &SignedIn, row: &ticket::Model) -> Result<Value, Problem> {
    let mut json = present(app, who, row).await?.to_json().unwrap_or_default();
    hidden::strip(&mut json, &who.hidden_in(app, &row.branch));
    Ok(json)
}
