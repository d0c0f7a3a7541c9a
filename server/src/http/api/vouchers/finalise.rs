//! POST /api/vouchers/finalise: everything up to a day gets its number and stands for ever.

use aftercare_engine::definition::messages::Permission;
use chrono::NaiveDate;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::voucher as store;

pub struct Finalise(pub App);

/// What to make final
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finalising {
    /// The last day, inclusive
    pub up_to: NaiveDate,
}

/// Vouchers that were made final
#[derive(Debug, Object)]
pub struct Finalised {
    up_to: NaiveDate,
    /// How many
    count: i64,
    series: Vec<Series>,
}

/// The numbers given in a fiscal year
#[derive(Debug, Object)]
pub struct Series {
    fiscal_year: String,
    first: i64,
    last: i64,
}

#[OpenApi(tag = "Tag::Books")]
impl Finalise {
    /// Makes all vouchers up to a day final
    ///
    /// They are numbered without a gap in each fiscal year, by day and then by reference, and never change
    /// again. 422: one of them, the `reference`, is still a draft; nothing changed then. 409: none is left,
    /// perhaps because somebody else has just made them final.
    #[oai(path = "/vouchers/finalise", method = "post")]
    pub async fn finalise(
        &self,
        who: SignedIn,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Finalising>,
    ) -> Result<Answer<Finalised>, Problem> {
        // The series are the company's: nobody numbers what they cannot see.
        who.may_in(&self.0, Permission::VouchersFinalise, None)?;
        let key = once_key.request(&who.caller, &body.hash);
        let (up_to, now) = (body.value.up_to, self.0.clock.now());
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                let done = store::finalise(tx, up_to, &who.caller.name, now).await?;
                Ok::<_, Stop>(Answer::new(&told(done, up_to)?))
            })
        })
        .await
    }
}

fn told(done: store::Finalised, up_to: NaiveDate) -> Result<Finalised, Problem> {
    match done {
        store::Finalised::Done(given) => Ok(Finalised {
            up_to,
            count: given.iter().map(|series| series.last - series.first + 1).sum(),
            series: given.into_iter().map(Series::from).collect(),
        }),
        store::Finalised::Draft { reference, date } => {
            let values = vec![
                ("reference", reference.to_string()),
                ("date", date.to_string()),
                ("up_to", up_to.to_string()),
            ];
            let problem = Problem::new(Kind::Unprocessable, "detail-draft-left", values);
            Err(problem.with("reference", json!(reference)))
        }
        store::Finalised::Nothing => {
            Err(Problem::new(Kind::Conflict, "detail-none-reviewed", vec![("up_to", up_to.to_string())]))
        }
    }
}

impl From<store::Series> for Series {
    fn from(series: store::Series) -> Self {
        Self { fiscal_year: series.fiscal_year, first: series.first, last: series.last }
    }
}
