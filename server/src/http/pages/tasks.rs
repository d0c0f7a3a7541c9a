//! Tasks: what is on my list, and what colleagues have called me for. On a ticket's page they are given and done.

use std::collections::BTreeMap;

use poem::http::StatusCode;
use poem::web::Path;
use poem::{Request, Response, handler};
use poem_openapi::param::Path as Parameter;
use serde_json::{Value, json};

use super::board::Query;
use super::form::PageForm;
use super::people::{self, Names};
use super::ticket::step::wrong;
use super::ticket::{Refusal, page as ticket_page};
use super::view::{View, to};
use super::{input, people::agency};
use crate::auth::token;
use crate::entity::task;
use crate::http::api::tasks::Task;
use crate::http::api::tasks::finish::{Finish, Finishing};
use crate::http::api::tasks::give::{Give, Giving};
use crate::http::api::tasks::hand_over::{HandOver, To};
use crate::http::api::tickets::{find, is_outside};
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::problem::{FieldError, Kind, Problem};
use crate::http::request_id;
use crate::http::signed_in::SignedIn;
use crate::store::task::{TaskFilter, Whose};

const TEMPLATE: &str = "tasks.html";
/// Tasks of a page.
const ROWS: usize = 100;
/// Calls by colleagues that are shown.
const CALLS: u64 = 20;
/// How long before it is due somebody can be reminded of a task: word, hours.
const BEFORE: [(&str, i64); 3] = [("hour", 1), ("day", 24), ("week", 168)];

/// GET /tasks
#[handler]
pub async fn show(request: &Request, view: View) -> Result<Response, Problem> {
    page(view, &Query::of(request), None).await
}

/// The list as it stands now; with what was refused about one of it.
async fn page(mut view: View, query: &Query, refused: Option<&Problem>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let is_done = query.get("status") == Some("done");
    let skip: u32 = query.get("after").and_then(|text| text.parse().ok()).unwrap_or_default();
    let status = if is_done { "done" } else { "open" };
    let filter = TaskFilter { status: Some(status.to_owned()), ..TaskFilter::default() };
    let scope = who.scope(&view.app);
    // One more than a page has tells whether something follows.
    let (whose, most) = (Whose::Own(&who.caller, &scope), ROWS as u64 + 1);
    let mut rows = view.app.store.tasks(whose, &filter, skip.into(), most).await?;
    let next = (rows.len() > ROWS)
        .then(|| format!("/tasks?status={status}&after={}", u64::from(skip) + ROWS as u64));
    rows.truncate(ROWS);
    let mut names = Names::default();
    let mut tasks = Vec::new();
    for row in rows {
        tasks.push(told(&view, &who, row, &mut names).await?);
    }
    let mut calls = Vec::new();
    let called = if skip == 0 { CALLS } else { 0 };
    for row in view.app.store.calls_for(&who.caller.name, &scope, called).await? {
        let by_name = names.of(&view, &row.actor).await?;
        calls.push(
            json!({"ticket": row.ticket, "text": row.text, "by_name": by_name, "at": row.at.to_rfc3339()}),
        );
    }
    if !is_outside(&scope) {
        let branch = who.caller.branch.clone().unwrap_or_default();
        view.put("colleagues", &people::colleagues(&view, &branch).await?);
    }
    view.put("tasks", &tasks);
    view.put("next", &next);
    view.put("calls", &calls);
    view.put("is_done", &is_done);
    view.put("once", &request_id::new());
    view.put("wrong", &refused.map(|problem| wrong(problem, view.writing.language).all()));
    view.page_with(TEMPLATE, refused.map_or(StatusCode::OK, |problem| problem.kind.status()))
}

/// A task in words.
pub async fn told(
    view: &View,
    who: &SignedIn,
    row: task::Model,
    names: &mut Names,
) -> Result<Value, Problem> {
    let now = view.writing.now;
    let is_late = row.status == "open" && row.due_at.is_some_and(|due| due < now);
    let presses = row.status == "open" && row.remind_at.is_some_and(|at| at <= now);
    let task = Task::told(row, who.language);
    let to_name = match task.to_kind.as_str() {
        "user" => names.of(view, &task.to).await?,
        "role" => people::role(view, &task.to),
        "agency" | "partner" => agency(view, &task.to).await?,
        _ => String::new(),
    };
    let done_by = match &task.done_by {
        Some(name) => Some(names.of(view, name).await?),
        None => None,
    };
    let by_name = match &task.created_by {
        Some(name) => Some(names.of(view, name).await?),
        None => None,
    };
    let moment = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| at.to_rfc3339());
    Ok(json!({
        "id": task.id, "ticket": task.ticket, "kind": task.kind, "title": task.title, "to_name": to_name,
        "due_at": moment(task.due_at), "status": task.status, "result": task.result, "by_name": by_name,
        "done_by": done_by, "done_at": moment(task.done_at), "late": is_late, "presses": presses,
    }))
}

/// POST /tickets/{code}/tasks
#[handler]
pub async fn give(view: View, Path(code): Path<String>, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let text = |name: &str| form.get(name).map(str::trim).filter(|text| !text.is_empty());
    let to_whom = text("to").and_then(|to| to.split_once(':'));
    let named = |kind: &str| to_whom.filter(|(of, _)| *of == kind).map(|(_, name)| name.to_owned());
    let due_at =
        text("due:date").and_then(input::day).and_then(|day| input::at(day, text("due:time"), &view.writing));
    let before = BEFORE.iter().find(|(word, _)| text("remind") == Some(word));
    let code_of_wrong = match (text("due:date").or(text("due:time")), text("remind")) {
        (Some(_), _) => Some("field-day"),
        (None, Some(_)) => Some("field-required"),
        (None, None) => None,
    };
    if let Some(wrong) = code_of_wrong.filter(|_| due_at.is_none()) {
        let problem = Problem::fields(vec![FieldError::new("due_at", wrong, vec![])]);
        return refused(view, &who, &code, form, problem).await;
    }
    let value = Giving {
        title: text("title").unwrap_or_default().to_owned(),
        kind: text("kind").map(str::to_owned),
        user: named("user"),
        role: named("role"),
        due_at,
        remind_at: due_at.zip(before).map(|(due, (_, hours))| due - chrono::TimeDelta::hours(*hours)),
    };
    let hash = token::hash(&format!("{value:?}"));
    let key = IdempotencyKey::of_form(form.get("once"), format!("POST /tickets/{code}/tasks"));
    let given =
        Give(view.app.clone()).give(who.clone(), Parameter(code.clone()), key, Body { value, hash }).await;
    match given {
        Ok(_) => Ok(to(&format!("/tickets/{code}#tasks"))),
        Err(problem) if problem.kind == Kind::Internal => Err(problem),
        Err(problem) => refused(view, &who, &code, form, problem).await,
    }
}

async fn refused(
    mut view: View,
    who: &SignedIn,
    code: &str,
    form: PageForm,
    problem: Problem,
) -> Result<Response, Problem> {
    let row = find(&view.app, who, code).await?;
    view.put_typed("task", &form);
    ticket_page(view, who, &row, Some(Refusal { event: String::new(), typed: form, problem })).await
}

/// POST /tasks/{id}/done
#[handler]
pub async fn done(view: View, Path(id): Path<i64>, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let value = Finishing { result: form.get("result").map(str::to_owned) };
    let hash = token::hash(&format!("{value:?}"));
    let key = IdempotencyKey::of_form(form.get("once"), format!("POST /tasks/{id}/done"));
    let finished = Finish(view.app.clone()).done(who, Parameter(id), key, Body { value, hash }).await;
    after(view, &form, finished.map(drop)).await
}

/// POST /tasks/{id}/hand-over: a colleague does it, or whoever presses.
#[handler]
pub async fn hand_over(view: View, Path(id): Path<i64>, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let user = form.get("user").filter(|name| !name.is_empty()).unwrap_or(&who.caller.name).to_owned();
    let (value, hash) = (To { user: user.clone() }, token::hash(&user));
    let key = IdempotencyKey::of_form(form.get("once"), format!("POST /tasks/{id}/hand-over"));
    let handed = HandOver(view.app.clone()).hand_over(who, Parameter(id), key, Body { value, hash }).await;
    after(view, &form, handed.map(drop)).await
}

/// Back to where the task was; what was refused, because somebody else was quicker, is told.
async fn after(view: View, form: &PageForm, came: Result<(), Problem>) -> Result<Response, Problem> {
    match came {
        Ok(()) => Ok(to(&form.get("back").map_or("/tasks".into(), |_| form.back()))),
        Err(problem) if matches!(problem.kind, Kind::Conflict | Kind::Unprocessable) => {
            page(view, &Query(BTreeMap::new()), Some(&problem)).await
        }
        Err(problem) => Err(problem),
    }
}
