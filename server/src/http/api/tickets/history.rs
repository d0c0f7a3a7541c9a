//! GET /api/tickets/{code}/history: every step, from the first.

use aftercare_engine::explain::Explainer;
use aftercare_engine::step::TraceStep;
use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::{Map, Value};

use super::show::json;
use super::{chart, find, is_outside, veil};
use crate::app::App;
use crate::entity::ticket;
use crate::http::api::Tag;
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;

pub struct History(pub App);

/// A step that was taken
#[derive(Debug, Object)]
pub struct PastStep {
    /// 1 is the opening
    revision: i64,
    at: DateTime<Utc>,
    /// Who took it
    by: String,
    event: String,
    /// What the form brought
    data: Value,
    /// Fields that have another value since, with the one before
    changes: Vec<Change>,
    /// `moved` or `finished`
    outcome: String,
    from: Vec<String>,
    to: Vec<String>,
    /// How it came about, in sentences
    moves: Vec<String>,
    /// Hash of this entry, which covers the one before
    hash: String,
}

/// A field that a step has changed
#[derive(Debug, Object)]
pub struct Change {
    pub field: String,
    /// Null: it had none
    pub old: Value,
    pub new: Value,
}

#[OpenApi(tag = "Tag::Tickets")]
impl History {
    /// The history of a ticket
    #[oai(path = "/tickets/:code/history", method = "get")]
    async fn history(&self, who: SignedIn, code: Path<String>) -> Result<Json<Vec<PastStep>>, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        Ok(Json(history_of(&self.0, &who, &row).await?))
    }
}

/// Every step of a ticket, for staff.
pub async fn history_of(app: &App, who: &SignedIn, row: &ticket::Model) -> Result<Vec<PastStep>, Problem> {
    if is_outside(&who.scope(app)) {
        return Err(Problem::new(Kind::Forbidden, "detail-staff-only", vec![]));
    }
    let chart = chart(app, row).await?;
    let explainer = Explainer::new(&chart, who.language);
    let veil = veil(app, who, &chart, &row.branch);
    let states = |text: &str| text.split(' ').filter(|path| !path.is_empty()).map(str::to_owned).collect();
    let mut known = Map::new();
    let steps = app.store.history(&row.code).await?.into_iter().map(|event| {
        let trace: Vec<TraceStep> = serde_json::from_str(&event.trace).unwrap_or_default();
        let mut data = json(&event.data);
        veil.strip(&mut data);
        let mut fields = json(&event.fields);
        veil.strip(&mut fields);
        PastStep {
            revision: event.seq,
            at: event.at,
            by: event.actor,
            data,
            changes: changes(&mut known, fields),
            outcome: event.outcome,
            from: states(&event.from_states),
            to: states(&event.to_states),
            moves: explainer.moves(&trace),
            event: event.event,
            hash: event.hash,
        }
    });
    Ok(steps.collect())
}

/// What a step has changed of what is known, which then knows it too.
fn changes(known: &mut Map<String, Value>, fields: Value) -> Vec<Change> {
    let Value::Object(fields) = fields else { return Vec::new() };
    let mut changed = Vec::new();
    for (field, new) in fields {
        let old = known.insert(field.clone(), new.clone()).unwrap_or_default();
        if old != new {
            changed.push(Change { field, old, new });
        }
    }
    changed
}
