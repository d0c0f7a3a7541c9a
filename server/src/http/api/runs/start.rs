//! POST /api/runs/{name}: goes through the periods that have ended, or shows what it would post.

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::ledger::Voucher;
use aftercare_engine::ledger::amount::decimal;
use chrono::NaiveDate;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::problem::{Kind, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::run::{Asked, Done, Report, RunError, run};

pub struct Start(pub App);

/// How far to run
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
struct Starting {
    /// Periods that have ended by this day
    until: NaiveDate,
    /// Work out what would be posted, and post nothing
    #[serde(default)]
    #[oai(default)]
    preview: bool,
}

/// What a run did, or would do
#[derive(Debug, Object)]
struct Ran {
    run: String,
    preview: bool,
    currency: String,
    periods: Vec<RanPeriod>,
}

/// What came of one period
#[derive(Debug, Object)]
struct RanPeriod {
    from: NaiveDate,
    to: NaiveDate,
    /// What it went through
    items: usize,
    /// How many vouchers are new
    posted: i64,
    /// How many statements are new
    written: i64,
    vouchers: Vec<RanVoucher>,
}

/// A voucher of a run
#[derive(Debug, Object)]
struct RanVoucher {
    template: String,
    date: NaiveDate,
    text: String,
    total: String,
    lines: Vec<RanLine>,
}

/// A line of it
#[derive(Debug, Object)]
struct RanLine {
    account: String,
    /// Details by kind
    details: serde_json::Value,
    debit: String,
    credit: String,
}

#[OpenApi(tag = "Tag::Books")]
impl Start {
    /// Runs over the books
    ///
    /// All periods that have ended by the day and are not done, oldest first; each item is posted once, so the same
    /// request again posts nothing, and a run that was cut off goes on. With `preview` nothing is written. 404:
    /// there is no such run. 422: the day is not over, the period is closed, or an item cannot be worked out; at the
    /// end of a year also: a voucher of it is not final, or another run not done. 409: somebody posted meanwhile.
    #[oai(path = "/runs/:name", method = "post")]
    async fn start(
        &self,
        who: SignedIn,
        name: Path<String>,
        body: Body<Starting>,
    ) -> Result<Json<Ran>, Problem> {
        who.may_in(&self.0, Permission::RunsStart, None)?;
        let Starting { until, preview } = body.value;
        let asked = Asked { name: name.0, until, preview, who: who.caller.name.clone() };
        let report = run(&self.0, &asked).await?;
        Ok(Json(told(&self.0, asked, report)))
    }
}

fn told(app: &App, asked: Asked, report: Report) -> Ran {
    let currency = currency(app);
    let money = |minor: i64| decimal(minor, &currency).to_string();
    let voucher = |voucher: Voucher| RanVoucher {
        template: voucher.header().template.to_string(),
        date: voucher.header().date,
        text: voucher.header().text.clone(),
        total: money(voucher.total().minor()),
        lines: voucher
            .lines()
            .iter()
            .map(|line| RanLine {
                account: line.account.to_string(),
                details: json!(line.details),
                debit: money(line.debit_minor),
                credit: money(line.credit_minor),
            })
            .collect(),
    };
    let period = |done: Done| RanPeriod {
        from: done.period.from,
        to: done.period.to,
        items: done.items,
        posted: done.wrote.vouchers,
        written: done.wrote.statements,
        vouchers: done.vouchers.into_iter().map(voucher).collect(),
    };
    Ran {
        run: asked.name,
        preview: asked.preview,
        currency: currency.code.to_string(),
        periods: report.periods.into_iter().map(period).collect(),
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Unknown(name) => Self::not_found("run", name),
            RunError::Future { until, today } => {
                let values = vec![("until", until.to_string()), ("today", today.to_string())];
                Self::new(Kind::Unprocessable, "detail-not-over", values)
            }
            RunError::Closed { up_to, date } => Self::closed(up_to, date),
            RunError::Unfinished { count, up_to, oldest } => {
                let values = vec![
                    ("count", count.to_string()),
                    ("up_to", up_to.to_string()),
                    ("reference", oldest.to_string()),
                ];
                let problem = Self::new(Kind::Unprocessable, "detail-left-in-period", values);
                problem.with("reference", json!(oldest))
            }
            RunError::Pending { run, up_to } => {
                let values = vec![("run", run), ("up_to", up_to.to_string())];
                Self::new(Kind::Unprocessable, "detail-run-pending", values)
            }
            RunError::Moved => Self::new(Kind::Conflict, "detail-books-moved", vec![]),
            RunError::Item { code, error } => {
                let why = Text::Raw(error.to_string());
                Self::because(Kind::Unprocessable, "detail-item", vec![("code", code)], why)
            }
            RunError::Store(error) => error.into(),
        }
    }
}
