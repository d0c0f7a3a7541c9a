//! /api/periods: up to which day the books are closed.

use aftercare_engine::definition::messages::Permission;
use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::json;

use super::Tag;
use crate::app::App;
use crate::entity::closing;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Made, Stop, once};
use crate::http::problem::{FieldError, Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::closing as store;
use crate::store::voucher::entry::unfinished;

/// Closings that are shown.
const SHOWN: u64 = 100;

pub struct Periods(pub App);

/// What to close, or how far to open again
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// Last closed day
    pub up_to: NaiveDate,
    /// Needed to open what was closed
    #[serde(default)]
    #[oai(default)]
    pub reason: String,
}

/// The books were closed, or opened again
#[derive(Debug, Object)]
pub struct Closed {
    /// Last closed day from then on
    up_to: NaiveDate,
    reason: String,
    by: String,
    at: DateTime<Utc>,
}

impl From<closing::Model> for Closed {
    fn from(row: closing::Model) -> Self {
        Self { up_to: row.up_to, reason: row.reason, by: row.actor, at: row.at }
    }
}

#[OpenApi(tag = "Tag::Books")]
impl Periods {
    /// What was closed when, newest first; the first one holds
    #[oai(path = "/periods", method = "get")]
    async fn list(&self, who: SignedIn) -> Result<Json<Vec<Closed>>, Problem> {
        who.may(&self.0, Permission::VouchersRead)?;
        let rows = self.0.store.closings(SHOWN).await?;
        Ok(Json(rows.into_iter().map(Closed::from).collect()))
    }

    /// Closes the books up to a day
    ///
    /// Nothing is posted on a closed day, by nobody. 422: the day is still to come, or a voucher up to it is not final:
    /// the oldest is the `reference`. 409: the books are closed up to this day or a later one already.
    #[oai(path = "/periods/close", method = "post")]
    pub async fn close(
        &self,
        who: SignedIn,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Closing>,
    ) -> Result<Made<Closed>, Problem> {
        let key = once_key.request(&who.caller, &body.hash);
        let row = self.row(&who, body.value)?;
        if row.up_to > self.0.catalog.current().day(row.at) {
            let values = vec![("up_to", row.up_to.to_string())];
            return Err(Problem::new(Kind::Unprocessable, "detail-closing-future", values));
        }
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                store::hold_posting(tx).await?;
                if let Some(up_to) = store::closed_up_to(tx).await?.filter(|closed| *closed >= row.up_to) {
                    let values = vec![("up_to", up_to.to_string())];
                    return Err(Problem::new(Kind::Conflict, "detail-not-later", values).into());
                }
                if let Some((count, oldest)) = unfinished(tx, row.up_to).await? {
                    let values = vec![
                        ("count", count.to_string()),
                        ("up_to", row.up_to.to_string()),
                        ("reference", oldest.to_string()),
                    ];
                    let problem = Problem::new(Kind::Unprocessable, "detail-left-in-period", values);
                    return Err(problem.with("reference", json!(oldest)).into());
                }
                let closed = Closed::from(store::put(tx, row).await?);
                Ok::<_, Stop>(Made::new(&closed))
            })
        })
        .await
    }

    /// Opens again what was closed after a day
    ///
    /// With a reason, which stays. 409: the books are not closed beyond that day.
    #[oai(path = "/periods/open", method = "post")]
    pub async fn open(
        &self,
        who: SignedIn,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Closing>,
    ) -> Result<Made<Closed>, Problem> {
        let key = once_key.request(&who.caller, &body.hash);
        let row = self.row(&who, body.value)?;
        if row.reason.is_empty() {
            return Err(Problem::fields(vec![FieldError::new("reason", "field-required", vec![])]));
        }
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                store::hold_posting(tx).await?;
                if store::closed_up_to(tx).await?.is_none_or(|closed| closed <= row.up_to) {
                    let values = vec![("up_to", row.up_to.to_string())];
                    return Err(Problem::new(Kind::Conflict, "detail-not-closed", values).into());
                }
                let opened = Closed::from(store::put(tx, row).await?);
                Ok::<_, Stop>(Made::new(&opened))
            })
        })
        .await
    }
}

impl Periods {
    fn row(&self, who: &SignedIn, given: Closing) -> Result<closing::Model, Problem> {
        who.may_in(&self.0, Permission::PeriodsClose, None)?;
        who.proved(&self.0)?;
        let (actor, at) = (who.caller.name.clone(), self.0.clock.now());
        let reason: String = given.reason.trim().chars().take(500).collect();
        Ok(closing::Model { id: 0, up_to: given.up_to, reason, actor, at })
    }
}
