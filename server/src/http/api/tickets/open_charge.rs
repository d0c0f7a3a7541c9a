//! GET /api/tickets/{code}/charges/{line}/explanation: why a line costs what it costs, worked out again.

use std::collections::BTreeSet;

use aftercare_engine::explain::Explainer;
use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::explanations::{Told, told};
use super::{chart, find, is_outside, veil};
use crate::app::App;
use crate::http::api::Tag;
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::recompute::{self, RecomputeError};

pub struct OpenCharge(pub App);

/// A charge line, opened
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct OpenedCharge {
    /// Step in which it was priced
    revision: Option<i64>,
    at: Option<DateTime<Utc>>,
    /// The rule that priced it, its conditions and what it gave then
    rule: Option<Told>,
    /// File and line of the rule
    source: Option<String>,
    /// That line of the file
    clause: Option<String>,
    /// Bundle that holds the rule
    bundle: String,
    /// From quantity and price to what the customer pays
    arithmetic: Vec<OpenedStep>,
    /// Whether the ticket's history, taken again, leads to the same line
    same: bool,
    /// What is different
    differences: Vec<String>,
}

/// A step of the arithmetic
#[derive(Debug, Object)]
struct OpenedStep {
    /// Key of the line that it gives
    key: String,
    arithmetic: String,
    amount: String,
}

#[OpenApi(tag = "Tag::Tickets")]
impl OpenCharge {
    /// Why a charge line costs what it costs
    #[oai(path = "/tickets/:code/charges/:line/explanation", method = "get")]
    async fn open(
        &self,
        who: SignedIn,
        code: Path<String>,
        line: Path<i64>,
    ) -> Result<Json<OpenedCharge>, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        if is_outside(&who.scope(&self.0)) {
            return Err(Problem::new(Kind::Forbidden, "detail-staff-only", vec![]));
        }
        let opened = recompute::charge(&self.0, &row, line.0).await.map_err(|error| match error {
            RecomputeError::NotFound => Problem::not_found("entry", line.0.to_string()),
            RecomputeError::Store(error) => error.into(),
        })?;
        let chart = chart(&self.0, &row).await?;
        let (explainer, veil) =
            (Explainer::new(&chart, who.language), veil(&self.0, &who, &chart, &row.branch));
        let hidden = who.hidden_in(&self.0, &row.branch);
        let (at, same) = (opened.at.unwrap_or_default(), opened.differences.is_empty());
        let rule = opened.ruling.as_ref().map(|ruling| told(&explainer, ruling, &veil, at));
        let steps = opened.steps.into_iter().filter(|step| is_seen(step.key, &hidden));
        let differences = opened.differences.into_iter().filter(|one| is_seen(&one.key, &hidden));
        let (source, clause) = opened.source.unzip();
        Ok(Json(OpenedCharge {
            revision: opened.revision,
            at: opened.at,
            rule,
            source,
            clause,
            bundle: opened.bundle,
            arithmetic: steps
                .map(|step| OpenedStep {
                    key: step.key.to_owned(),
                    arithmetic: step.arithmetic,
                    amount: step.amount.to_string(),
                })
                .collect(),
            same,
            differences: differences.map(|one| one.message).collect(),
        }))
    }
}

/// Whether the caller may see this key of a charge line.
fn is_seen(key: &str, hidden: &BTreeSet<String>) -> bool {
    !hidden.contains(&format!("charges.lines.{key}"))
}
