//! Dispatch: the requests that wait for somebody in the order of the company's rule, who suits one best with the
//! reasons, and giving it to the best. Giving is an ordinary step, with its roles, form and guards.

pub mod queue;

use std::collections::BTreeMap;

use aftercare_engine::explain::Explainer;
use aftercare_engine::facts::{Map, Value as Fact};
use chrono::{DateTime, SecondsFormat, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::{Value, json};

use self::queue::{Queue, queue, ways};
use super::explanations::{Condition, told};
use super::steps::offered_at;
use super::take::{Taken, Taking, take};
use super::{find, is_outside, veil};
use crate::app::App;
use crate::dispatch::{DispatchError, Suggestion, plan, suggest};
use crate::entity::ticket;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::hidden::Veil;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, before};
use crate::http::problem::{FieldError, Kind, Problem};
use crate::http::shown::Shown;
use crate::http::signed_in::SignedIn;
use crate::step::look::Look;

pub struct Dispatch(pub App);

/// What is asked about somebody for a request
#[derive(Debug, Default, Object, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[oai(default)]
pub struct Wanted {
    /// Fields of the ticket as they might be, such as what the customer wishes for
    data: BTreeMap<String, Value>,
    /// When somebody should come; left out: what the ticket says, or as soon as possible
    at: Option<DateTime<Utc>>,
}

/// Who could be sent, the best first
#[derive(Debug, Object)]
pub struct Suggested {
    /// Name it when you take the step
    pub revision: i64,
    pub suggestions: Vec<Suggestable>,
}

/// Somebody who could be sent
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Suggestable {
    /// Sign-in name
    pub technician: String,
    pub full_name: String,
    pub role: String,
    /// The step that puts this person in charge, and its fields for the person and for when the person comes
    pub event: String,
    pub person_field: String,
    pub moment_field: Option<String>,
    /// Whether the rule sends this person without anybody looking at it
    pub fit: bool,
    /// A decimal number
    pub score: String,
    /// What speaks for this person
    pub reasons: Vec<Condition>,
    /// What speaks against, or is missing
    pub missing: Vec<Condition>,
    /// First moment at which this person can begin
    pub free_at: DateTime<Utc>,
}

#[OpenApi(tag = "Tag::Tickets")]
impl Dispatch {
    /// Requests that wait for somebody and that you can give to somebody, the most urgent first
    #[oai(path = "/dispatch/queue", method = "get")]
    async fn queue(&self, who: SignedIn) -> Result<Shown<Queue>, Problem> {
        let waiting = queue(&self.0, &who).await?.into_iter().map(|one| one.told).collect();
        let app = self.0.clone();
        Ok(Shown::each(&Queue { waiting }, "waiting", |line| {
            super::list::veiled(&app, &who, &mut line["ticket"])
        }))
    }

    /// Who suits a request best, with the reasons
    #[oai(path = "/tickets/:code/dispatch/suggest", method = "post")]
    async fn suggest(
        &self,
        who: SignedIn,
        code: Path<String>,
        body: Body<Wanted>,
    ) -> Result<Json<Suggested>, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        Ok(Json(suggested(&self.0, &who, &row, &body.value).await?))
    }

    /// Gives a request to whoever suits best
    ///
    /// The form is that of the step; the person and, where the form does not say it, the first moment at which this
    /// person is free are filled in. 409: the ticket has moved on. 422: nobody can be sent without a person looking at it.
    #[oai(path = "/tickets/:code/dispatch/assign", method = "post")]
    async fn assign(
        &self,
        who: SignedIn,
        code: Path<String>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Taking>,
    ) -> Result<Answer<Taken>, Problem> {
        let (app, key) = (&self.0, once_key.request(&who.caller, &body.hash));
        let row = find(app, &who, &code.0).await?;
        if let Some(answer) = before(app, key.as_ref()).await? {
            return Ok(answer);
        }
        let mut taking = body.value;
        let asked = Wanted { data: taking.data.clone(), at: None };
        let found = suggestions(app, &who, &row, &asked).await?.1.into_iter().find(|one| one.fit);
        let Some(Suggestion { way, person, free_at, .. }) = found else {
            let ticket = vec![("ticket", row.code.clone())];
            return Err(Problem::new(Kind::Unprocessable, "detail-nobody-fits", ticket));
        };
        taking.data.insert(way.person, json!(person.name));
        if let Some(moment) = way.moment {
            let first = json!(free_at.to_rfc3339_opts(SecondsFormat::Secs, true));
            taking.data.entry(moment).or_insert(first);
        }
        take(app, &who, &row, &way.event, taking, key).await
    }
}

/// Who suits a request, in the caller's words.
pub async fn suggested(
    app: &App,
    who: &SignedIn,
    row: &ticket::Model,
    asked: &Wanted,
) -> Result<Suggested, Problem> {
    let (look, found) = suggestions(app, who, row, asked).await?;
    let (veil, now) = (veil(app, who, &look.chart, &row.branch), look.assembled.facts.now);
    let explainer = Explainer::new(&look.chart, who.language);
    let suggestions = found.iter().map(|one| worded(one, &explainer, &veil, now)).collect();
    Ok(Suggested { revision: look.ticket.revision, suggestions })
}

impl Wanted {
    /// With these values for fields of the ticket.
    pub fn with(data: BTreeMap<String, Value>) -> Self {
        Self { data, at: None }
    }
}

/// Who could be sent, for staff who may give the request to somebody.
async fn suggestions(
    app: &App,
    who: &SignedIn,
    row: &ticket::Model,
    asked: &Wanted,
) -> Result<(Box<Look>, Vec<Suggestion>), Problem> {
    if is_outside(&who.scope(app)) {
        return Err(Problem::new(Kind::Forbidden, "detail-staff-only", vec![]));
    }
    let look = app.look_at(who.caller.actor(&row.branch), row.clone(), Map::new()).await?;
    let ways = ways(app, &offered_at(app, who, &look).steps);
    let mut what_if = Map::new();
    for (name, value) in &asked.data {
        let field = look.chart.field(name).and_then(|n| look.chart.fields.get(usize::from(n)));
        let field =
            field.ok_or_else(|| Problem::fields(vec![FieldError::new(name, "field-unknown", vec![])]))?;
        what_if.insert(name.as_str().into(), field.decode(Fact::from_json(value)));
    }
    let moment = |value: &Value| value.as_str().and_then(|text| text.parse().ok());
    let typed = ways.iter().filter_map(|way| asked.data.get(way.moment.as_ref()?)).find_map(moment);
    let fields = serde_json::from_str(&row.fields).unwrap_or_default();
    let known = || plan::planned(&look.chart, &fields)?.parse().ok();
    let wanted = asked.at.or(typed).or_else(known);
    let found = suggest(app, &look, &ways, &what_if, wanted).await.map_err(problem)?;
    Ok((look, found))
}

fn worded(one: &Suggestion, explainer: &Explainer<'_>, veil: &Veil, now: DateTime<Utc>) -> Suggestable {
    let asked = || told(explainer, &one.ruling, veil, now).conditions;
    let named = |key: &str| {
        let names = one.names(key);
        asked().into_iter().filter(|condition| names.contains(&condition.name.as_str())).collect()
    };
    Suggestable {
        technician: one.person.name.clone(),
        full_name: one.person.full_name.clone(),
        role: one.way.role.clone(),
        event: one.way.event.clone(),
        person_field: one.way.person.clone(),
        moment_field: one.way.moment.clone(),
        fit: one.fit,
        score: one.score.normalize().to_string(),
        reasons: named("reasons"),
        missing: named("missing"),
        free_at: one.free_at,
    }
}

/// A rule that cannot decide is its author's to mend: the caller is told where it stands, the log what is wrong.
fn problem(error: DispatchError) -> Problem {
    match error {
        DispatchError::Store(error) => error.into(),
        DispatchError::Rule { rule, error } => {
            tracing::warn!("The rule `{rule}` of dispatch could not decide: {}", error.message);
            let values = vec![("rule", rule), ("place", error.source_line)];
            Problem::new(Kind::Unprocessable, "detail-dispatch-rule", values)
        }
    }
}
