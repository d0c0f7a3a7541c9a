//! POST /api/steps: takes a step with each of many tickets. Each is taken as if it had been sent alone: in its own
//! transaction, with its own answer. What is refused of one changes nothing for the others.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, stream};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::{Value, json};

use super::find;
use super::take::{Taken, Taking, take};
use crate::app::App;
use crate::auth::token;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::Answer;
use crate::http::problem::{FieldError, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::store::step::Key;

/// Most steps of one request.
const MOST: usize = 200;
/// How many are on their way at once; the store writes those that wait together.
const AT_ONCE: usize = 16;

pub struct TakeMany(pub App);

/// Steps to take
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
struct Many {
    /// At most 200, each of another ticket
    steps: Vec<OneStep>,
}

/// A step of one ticket
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneStep {
    /// Tracking code
    pub ticket: String,
    /// The event, as `POST /tickets/{ticket}/steps/{event}` has it
    pub event: String,
    /// The revision that you saw
    pub revision: i64,
    /// The form, by field
    #[oai(default)]
    #[serde(default)]
    pub data: BTreeMap<String, Value>,
}

/// What came of all of them
#[derive(Debug, Object)]
struct AllTaken {
    /// How many were taken
    taken: u64,
    /// In the order of the request
    results: Vec<OneTaken>,
}

/// What came of one
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct OneTaken {
    /// Tracking code
    ticket: String,
    event: String,
    /// The HTTP status that the step alone would have been answered with
    status: u16,
    /// The step, if it was taken: as that of one ticket
    taken: Option<Value>,
    /// The problem document, if it was not
    problem: Option<Value>,
}

#[OpenApi(tag = "Tag::Tickets")]
impl TakeMany {
    /// Takes a step with each of many tickets
    ///
    /// Always 200 when the request itself is right: `results` tells for each ticket what came of it. One that is
    /// refused does not stop the others. Sent again under the same key, each is answered as it was.
    #[oai(path = "/steps", method = "post")]
    async fn take_many(
        &self,
        who: SignedIn,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Many>,
    ) -> Result<Json<AllTaken>, Problem> {
        let steps = body.value.steps;
        fit(&steps)?;
        let key = once_key.request(&who.caller, &body.hash);
        let asked: Vec<(String, String)> =
            steps.iter().map(|step| (step.ticket.clone(), step.event.clone())).collect();
        let answers = each(&self.0, &who, steps, key).await;
        let results: Vec<OneTaken> = asked
            .into_iter()
            .zip(answers)
            .map(|((ticket, event), answer)| told(&who, ticket, event, answer))
            .collect();
        let taken = results.iter().filter(|one| one.taken.is_some()).count();
        Ok(Json(AllTaken { taken: u64::try_from(taken).unwrap_or(u64::MAX), results }))
    }
}

/// Not too many, and no ticket twice: the second step would not know what the first one brings.
fn fit(steps: &[OneStep]) -> Result<(), Problem> {
    if steps.len() > MOST {
        let why = Text::why("why-too-many", vec![("most", MOST.to_string())]);
        return Err(Problem::fields(vec![FieldError::invalid("steps", why)]));
    }
    let mut known = BTreeSet::new();
    let mut wrong = Vec::new();
    for (n, step) in steps.iter().enumerate() {
        if !known.insert(&step.ticket) {
            let why = Text::why("why-twice", vec![("key", step.ticket.clone())]);
            wrong.push(FieldError::invalid(&format!("steps.{n}.ticket"), why));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Problem::fields(wrong)) }
}

/// Takes each step on its own; the answers in the same order.
pub async fn each(
    app: &App,
    who: &SignedIn,
    steps: Vec<OneStep>,
    key: Option<Key>,
) -> Vec<Result<Answer<Taken>, Problem>> {
    let one = |step: OneStep| {
        // Under one key of the caller every ticket has a key of its own.
        let key = key.clone().map(|key| {
            let asked = json!([step.event, step.revision, step.data]).to_string();
            let name = token::hash(&format!("{} {}", key.key, step.ticket));
            Key { key: name, body_hash: token::hash(&asked), ..key }
        });
        async move {
            let row = find(app, who, &step.ticket).await?;
            let taking = Taking { revision: step.revision, data: step.data };
            take(app, who, &row, &step.event, taking, key).await
        }
    };
    stream::iter(steps).map(one).buffered(AT_ONCE).collect().await
}

fn told(who: &SignedIn, ticket: String, event: String, answer: Result<Answer<Taken>, Problem>) -> OneTaken {
    match answer {
        Ok(answer) => {
            let (status, taken) = (answer.status(), Some(answer.json()));
            OneTaken { ticket, event, status, taken, problem: None }
        }
        Err(problem) => {
            let path = format!("/api/tickets/{ticket}/steps/{event}");
            let status = problem.kind.status().as_u16();
            let problem = Some(problem.document(who.language, &path));
            OneTaken { ticket, event, status, taken: None, problem }
        }
    }
}
