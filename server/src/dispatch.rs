//! Who suits a request best, and which of those that wait comes first (SY-11, SY-16, SY-21 to SY-24).
//!
//! It gathers what is known about people and asks the two rules that the company file names. It weighs nothing itself,
//! and it gives nothing to anybody: that is a step like every other.

mod candidate;
pub mod plan;

use std::borrow::Cow;
use std::sync::Arc;

use aftercare_engine::company::Dispatch;
use aftercare_engine::effect::Ruling;
use aftercare_engine::facts::{Map, Value};
use aftercare_engine::rules::RuleError;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::app::App;
use crate::entity::user;
use crate::step::look::Look;
use crate::store::StoreError;

/// Name of the fact that holds what is known about somebody.
const CANDIDATE: &str = "candidate";

/// A step by which somebody gets in charge of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub event: String,
    pub title: String,
    /// The field that names the person, and the role that the person must have.
    pub person: String,
    pub role: String,
    /// The field for when the person comes.
    pub moment: Option<String>,
}

/// Somebody who could be sent, as the rule judges it.
#[derive(Debug)]
pub struct Suggestion {
    pub person: Arc<user::Model>,
    pub way: Way,
    /// Whether the rule would send the person without anybody looking at it.
    pub fit: bool,
    pub score: Decimal,
    /// First moment at which the person can begin.
    pub free_at: DateTime<Utc>,
    pub ruling: Ruling,
}

/// What went wrong on the way to a suggestion.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the rule `{rule}` could not decide at {}: {}", .error.source_line, .error.message)]
    Rule { rule: String, error: RuleError },
}

impl Suggestion {
    /// The conditions that the rule names under a key of its answer: what speaks for the person, or against.
    pub fn names(&self, key: &str) -> Vec<&str> {
        let listed = self.ruling.value.get(key).map(Value::as_list).unwrap_or_default();
        listed.iter().filter_map(Value::as_text).collect()
    }
}

/// How the company's requests find somebody, if it says so.
pub fn policy(look: &Look) -> Option<&Dispatch> {
    look.version.company()?.dispatch.as_ref()
}

/// Everybody who can be put in charge by one of these steps, the best first; of equals, by name. `what_if` stands for
/// fields of the ticket; `wanted` is when somebody should come.
pub async fn suggest(
    app: &App,
    look: &Look,
    ways: &[Way],
    what_if: &Map,
    wanted: Option<DateTime<Utc>>,
) -> Result<Vec<Suggestion>, DispatchError> {
    let Some(policy) = policy(look) else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for candidate in candidate::all(app, look, policy, ways, wanted).await? {
        let mut facts = what_if.clone();
        facts.insert(CANDIDATE.into(), candidate.facts);
        let ruling = decide(look, &policy.suits.value, &facts)?;
        all.push(Suggestion {
            fit: ruling.value.get("fit") == Some(&Value::Bool(true)),
            score: ruling.value.get("score").and_then(Value::as_decimal).unwrap_or_default(),
            person: candidate.person,
            way: candidate.way,
            free_at: candidate.free_at,
            ruling,
        });
    }
    all.sort_by(|one, other| {
        let better = other.fit.cmp(&one.fit).then(other.score.cmp(&one.score));
        better.then_with(|| one.person.name.cmp(&other.person.name))
    });
    Ok(all)
}

/// How soon a request must find somebody: the rule's number with its conditions; none: the company has no such rule.
pub fn urgency(look: &Look) -> Result<Option<(Decimal, Ruling)>, DispatchError> {
    let Some(policy) = policy(look) else { return Ok(None) };
    let ruling = decide(look, &policy.urgency.value, &Map::new())?;
    let number = ruling.value.as_decimal().unwrap_or_default();
    Ok(Some((number, ruling)))
}

/// Asks a rule about the request as it is; what is given besides goes before what the request has.
fn decide(look: &Look, rule: &str, given: &Map) -> Result<Ruling, DispatchError> {
    let facts = &look.assembled.facts;
    let fact = |name: &str| {
        if let Some(value) = given.get(name) {
            return Some(Cow::Borrowed(value));
        }
        if let Some(field) = look.chart.field(name) {
            return facts.fields.get(usize::from(field)).map(Cow::Borrowed);
        }
        match name {
            "now" => Some(Cow::Owned(Value::Time(facts.now))),
            "today" => Some(Cow::Owned(Value::Date(look.version.day(facts.now)))),
            _ => facts.world.get(name).map(|value| Cow::Borrowed(&**value)),
        }
    };
    // The rules of today, whatever bundle the ticket runs on, would name fields that it does not have.
    let (value, conditions) = look
        .version
        .library()
        .rules
        .call(rule, &fact)
        .map_err(|error| DispatchError::Rule { rule: rule.to_owned(), error })?;
    Ok(Ruling { rule: rule.to_owned(), into: CANDIDATE.to_owned(), value, conditions })
}
