//! GET /api/tickets/{code}/explanations: what rules decided, by which conditions, on which values.

use aftercare_engine::effect::Ruling;
use aftercare_engine::explain::Explainer;
use aftercare_engine::facts::Value as Fact;
use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use super::show::json;
use super::{chart, find, is_outside, veil};
use crate::app::App;
use crate::entity::ticket;
use crate::http::api::Tag;
use crate::http::hidden::Veil;
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;

pub struct Explanations(pub App);

/// A decision with its reasons
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Told {
    /// Step in which it was decided; absent: it was decided only to be shown
    pub revision: Option<i64>,
    pub at: DateTime<Utc>,
    pub rule: String,
    /// Name of the fact that holds it
    pub fact: String,
    pub decision: Value,
    /// In a sentence
    pub sentence: Option<String>,
    pub conditions: Vec<Condition>,
}

/// A condition that the rule asked
#[derive(Debug, Object)]
pub struct Condition {
    pub name: String,
    /// In the reader's language
    pub text: String,
    pub holds: bool,
    /// The facts that it looked at, with their values then
    pub values: Vec<Seen>,
    /// File and line
    pub source: String,
}

/// A fact that a condition looked at
#[derive(Debug, Object)]
pub struct Seen {
    pub fact: String,
    pub value: String,
}

/// A ruling in the reader's words, without facts that the reader never sees.
pub fn told(explainer: &Explainer<'_>, ruling: &Ruling, veil: &Veil, at: DateTime<Utc>) -> Told {
    let ruling = &veil.ruling(ruling);
    let explained = explainer.ruling(ruling);
    let conditions = explained.conditions.into_iter().map(|condition| Condition {
        name: condition.name,
        text: condition.text,
        holds: condition.holds,
        values: condition.values.into_iter().map(|(fact, value)| Seen { fact, value }).collect(),
        source: condition.source,
    });
    Told {
        revision: None,
        at,
        rule: explained.rule,
        fact: ruling.into.clone(),
        decision: ruling.value.to_json(),
        sentence: explained.sentence,
        conditions: conditions.collect(),
    }
}

#[OpenApi(tag = "Tag::Tickets")]
impl Explanations {
    /// What rules decided for a ticket, and why
    #[oai(path = "/tickets/:code/explanations", method = "get")]
    async fn explanations(&self, who: SignedIn, code: Path<String>) -> Result<Json<Vec<Told>>, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        Ok(Json(explanations_of(&self.0, &who, &row).await?))
    }
}

/// What rules decided for a ticket, for staff.
pub async fn explanations_of(app: &App, who: &SignedIn, row: &ticket::Model) -> Result<Vec<Told>, Problem> {
    if is_outside(&who.scope(app)) {
        return Err(Problem::new(Kind::Forbidden, "detail-staff-only", vec![]));
    }
    let chart = chart(app, row).await?;
    let explainer = Explainer::new(&chart, who.language);
    let veil = veil(app, who, &chart, &row.branch);
    let decisions = app.store.decisions_of(&row.code).await?.into_iter().map(|decision| {
        let ruling = Ruling {
            rule: decision.rule,
            into: decision.fact,
            value: Fact::from_json(&json(&decision.value)),
            conditions: serde_json::from_str(&decision.conditions).unwrap_or_default(),
        };
        Told { revision: Some(decision.seq), ..told(&explainer, &ruling, &veil, decision.at) }
    });
    Ok(decisions.collect())
}
