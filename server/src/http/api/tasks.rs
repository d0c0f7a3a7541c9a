//! Tasks: what is on whose list, given, done, handed over.

pub mod finish;
pub mod give;
pub mod hand_over;
mod list;

use std::collections::BTreeMap;

use aftercare_engine::language::Language;
use chrono::{DateTime, Utc};
use poem_openapi::{Object, OpenApi};

use crate::app::App;
use crate::entity::task;
use crate::http::problem::{FieldError, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::task::Whose;

use super::tickets::{is_outside, note};

/// The routes.
pub fn routes(app: &App) -> impl OpenApi + use<> {
    (
        (list::List(app.clone()), give::Give(app.clone())),
        (finish::Finish(app.clone()), hand_over::HandOver(app.clone())),
    )
}

/// A task
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Task {
    pub id: i64,
    /// Tracking code
    pub ticket: String,
    /// `task`, or `call`: somebody is to be called
    pub kind: String,
    pub title: String,
    /// `role`, `user`, `agency`, `partner`, `customer`
    pub to_kind: String,
    pub to: String,
    pub due_at: Option<DateTime<Utc>>,
    pub remind_at: Option<DateTime<Utc>>,
    /// `open`, `done`
    pub status: String,
    /// Absent: a step of the process gave it
    pub created_by: Option<String>,
    pub created_at: DateTime<Utc>,
    pub done_at: Option<DateTime<Utc>>,
    pub done_by: Option<String>,
    /// What came of it
    pub result: Option<String>,
}

impl Task {
    pub fn told(row: task::Model, language: Language) -> Self {
        let titles: BTreeMap<String, String> = serde_json::from_str(&row.title).unwrap_or_default();
        let title = titles.get(language.code()).or_else(|| titles.values().next());
        Self {
            id: row.id,
            ticket: row.ticket,
            kind: row.kind,
            title: title.cloned().unwrap_or_default(),
            to_kind: row.to_kind,
            to: row.to_name,
            due_at: row.due_at,
            remind_at: row.remind_at,
            status: row.status,
            created_by: row.created_by,
            created_at: row.created_at,
            done_at: row.done_at,
            done_by: row.done_by,
            result: row.result,
        }
    }
}

/// A task that the caller may handle: an own one, of the house's people also any on a ticket that they see. An absent
/// and a foreign one give the same answer.
async fn find(app: &App, who: &SignedIn, id: i64) -> Result<task::Model, Problem> {
    let scope = who.scope(app);
    let whose = if is_outside(&scope) { Whose::Own } else { Whose::Either };
    let found = app.store.task(id, whose(&who.caller, &scope)).await?;
    found.ok_or_else(|| Problem::not_found("task", id.to_string()))
}

/// The user to whom somebody gives a task: anybody; for people outside one of their own.
async fn taker(app: &App, who: &SignedIn, name: &str) -> Result<Option<FieldError>, Problem> {
    if is_outside(&who.scope(app)) && name != who.caller.name {
        let row = app.store.user(name).await?;
        let is_own = row.is_some_and(|row| row.agency.is_some() && row.agency == who.caller.agency);
        return Ok((!is_own).then(|| note::no_user("user")));
    }
    note::user(app, "user", name).await
}
