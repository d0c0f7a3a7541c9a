//! GET /api/runs: which runs there are, and up to when each is done.

use aftercare_engine::definition::messages::Permission;
use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::app::App;
use crate::http::access::library;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;

pub struct List(pub App);

/// A run, as the files of the bundle have it
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct Run {
    name: String,
    title: String,
    /// `month`, `quarter` or `year` of the fiscal calendar
    every: String,
    /// Accounts whose balances it goes through
    accounts: Vec<String>,
    /// What makes its items; a closing goes over all accounts
    by: Option<String>,
    /// Templates that post
    vouchers: Vec<String>,
    /// It writes statements
    statements: bool,
    /// Last day of the last period that is done
    done_up_to: Option<NaiveDate>,
    done_at: Option<DateTime<Utc>>,
    done_by: Option<String>,
}

#[OpenApi(tag = "Tag::Books")]
impl List {
    /// Runs over the books
    #[oai(path = "/runs", method = "get")]
    async fn list(&self, who: SignedIn) -> Result<Json<Vec<Run>>, Problem> {
        who.may(&self.0, Permission::VouchersRead)?;
        let library = library(&self.0);
        let mut runs = Vec::new();
        for (name, run) in &library.runs {
            let every = serde_json::to_value(run.every).ok();
            runs.push(Run {
                title: run.title.best(who.language).to_owned(),
                every: every.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default(),
                accounts: run.accounts.iter().map(ToString::to_string).collect(),
                by: Some(run.by.word().to_owned()),
                vouchers: run.vouchers.iter().map(|template| template.name.to_string()).collect(),
                statements: run.statement.is_some(),
                ..self.run(name).await?
            });
        }
        for (name, closing) in &library.closings {
            runs.push(Run {
                title: closing.title.best(who.language).to_owned(),
                every: "year".to_owned(),
                ..self.run(name).await?
            });
        }
        Ok(Json(runs))
    }
}

impl List {
    /// A run that is known by its name alone, and when it was done.
    async fn run(&self, name: &str) -> Result<Run, Problem> {
        let last = self.0.store.last_period(name).await?;
        Ok(Run {
            name: name.to_owned(),
            title: String::new(),
            every: String::new(),
            accounts: Vec::new(),
            by: None,
            vouchers: Vec::new(),
            statements: false,
            done_up_to: last.as_ref().map(|row| row.period_to),
            done_at: last.as_ref().map(|row| row.at),
            done_by: last.map(|row| row.actor),
        })
    }
}
