//! POST /api/vouchers/{reference}/reverse: a final voucher is taken back by its reverse, never removed.

use std::sync::Arc;

use aftercare_engine::definition::messages::Permission;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::json;

use super::enter::in_open_period;
use super::show::find;
use super::{Voucher, in_transaction, place};
use crate::app::App;
use crate::books::{self, Taking};
use crate::catalog::Version;
use crate::entity::voucher;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Made, Stop, once};
use crate::http::problem::{FieldError, Kind, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::store::{Transaction, voucher as store};

/// Longest reason, in characters.
const LONGEST: usize = 500;

pub struct Reverse(pub App);

/// Why a voucher is taken back
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reversing {
    /// Stands in the text of the reversal; at most 500 characters
    pub reason: String,
}

#[OpenApi(tag = "Tag::Books")]
impl Reverse {
    /// Takes a final voucher back
    ///
    /// Answers with a new draft of today that has every amount on the other side; the two name each other in
    /// `reverses` and `reversed_by`. Somebody else reviews it. 409: it is reversed already, by `reversed_by`.
    /// 422: it is not final yet.
    #[oai(path = "/vouchers/:reference/reverse", method = "post")]
    pub async fn reverse(
        &self,
        who: SignedIn,
        reference: Path<i64>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Reversing>,
    ) -> Result<Made<Voucher>, Problem> {
        let reference = find(&self.0, &who, Permission::VouchersReverse, reference.0).await?.reference;
        who.proved(&self.0)?;
        let key = once_key.request(&who.caller, &body.hash);
        let taking = Taking {
            who: who.caller.name.clone(),
            reason: reason(&body.value.reason)?,
            at: self.0.clock.now(),
        };
        let version = self.0.catalog.current();
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                let made = taken_back(tx, &version, reference, &taking).await?;
                Ok::<_, Stop>(Made::new(&made))
            })
        })
        .await
        .map(|made| made.at(place))
    }
}

fn reason(given: &str) -> Result<String, Problem> {
    let given = given.trim();
    if given.is_empty() {
        return Err(Problem::fields(vec![FieldError::new("reason", "field-required", vec![])]));
    }
    if given.chars().count() > LONGEST {
        let why = Text::why("why-length", vec![("most", LONGEST.to_string())]);
        return Err(Problem::fields(vec![FieldError::invalid("reason", why)]));
    }
    Ok(given.to_owned())
}

async fn taken_back(
    tx: &Transaction,
    version: &Arc<Version>,
    reference: i64,
    taking: &Taking,
) -> Result<Voucher, Stop> {
    let found = store::one(tx, reference).await?;
    let (row, lines) = found.ok_or_else(|| Problem::not_found("voucher", reference.to_string()))?;
    if row.status != "final" {
        return Err(not_final(&row).into());
    }
    let reversal = books::reversal(version, &row, &lines, taking)?;
    in_open_period(tx, reversal.voucher.date).await?;
    let Some(own) = store::reverse(tx, reference, reversal).await? else {
        // Somebody else's reversal was committed since the voucher was read.
        let now = store::one(tx, reference).await?;
        return Err(now.map_or_else(Problem::unavailable, |(row, _)| not_final(&row)).into());
    };
    in_transaction(tx, own, version.currency().minor_digits).await
}

fn not_final(row: &voucher::Model) -> Problem {
    let reference = row.reference_no.to_string();
    match row.reversed_by {
        Some(by) => {
            let values = vec![("reference", reference), ("by", by.to_string())];
            Problem::new(Kind::Conflict, "detail-reversed", values).with("reversed_by", json!(by))
        }
        None => {
            let values = vec![("reference", reference), ("status", row.status.clone())];
            Problem::new(Kind::Unprocessable, "detail-not-final", values)
        }
    }
}
