//! GET /api/vouchers/{reference}/lines/{line}/explanation: an amount, opened and worked out again.

use aftercare_engine::definition::messages::Permission;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::Value;

use super::show::find;
use crate::app::App;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::recompute::{self, By, RecomputeError};

pub struct Open(pub App);

/// How it was worked out again
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum WorkedOut {
    /// The ticket's history, by the bundle that it stays on, from the facts kept with each step
    History,
    /// The clause alone, from the values kept with the line
    Clause,
    /// A person wrote the amount
    Hand,
}

/// A line of a voucher, opened
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct OpenedLine {
    /// Tracking code
    ticket: Option<String>,
    template: String,
    /// Bundle that holds the clause
    bundle: Option<String>,
    /// The amount as the template has it
    expression: String,
    /// File and line
    source: String,
    /// That line of the file
    clause: Option<String>,
    inputs: Vec<OpenedInput>,
    /// The expression with its values
    arithmetic: String,
    booked: String,
    /// What it comes to now
    recomputed: Option<String>,
    by: WorkedOut,
    /// Whether it comes to the same
    same: bool,
    /// What is different
    difference: Option<String>,
}

/// A fact that went into an amount
#[derive(Debug, Object)]
struct OpenedInput {
    fact: String,
    value: Value,
}

#[OpenApi(tag = "Tag::Books")]
impl Open {
    /// A line of a voucher, opened and worked out again
    #[oai(path = "/vouchers/:reference/lines/:line/explanation", method = "get")]
    async fn open(
        &self,
        who: SignedIn,
        reference: Path<i64>,
        line: Path<i64>,
    ) -> Result<Json<OpenedLine>, Problem> {
        find(&self.0, &who, Permission::VouchersRead, reference.0).await?;
        let opened = recompute::line(&self.0, reference.0, line.0).await.map_err(|error| match error {
            RecomputeError::NotFound => Problem::not_found("entry", format!("{}/{}", reference.0, line.0)),
            RecomputeError::Store(error) => error.into(),
        })?;
        let inputs = opened.inputs.into_iter();
        Ok(Json(OpenedLine {
            ticket: opened.ticket,
            template: opened.template,
            bundle: opened.bundle,
            expression: opened.expression,
            source: opened.source,
            clause: opened.clause,
            inputs: inputs
                .map(|input| OpenedInput { fact: input.fact, value: input.value.to_json() })
                .collect(),
            arithmetic: opened.arithmetic,
            booked: opened.booked.to_string(),
            recomputed: opened.recomputed.map(|amount| amount.to_string()),
            by: match opened.by {
                By::History => WorkedOut::History,
                By::Clause => WorkedOut::Clause,
                By::Hand => WorkedOut::Hand,
            },
            same: opened.difference.is_none(),
            difference: opened.difference,
        }))
    }
}
