//! A customer's question: it stands among what happened around the ticket, and on the list of those who answer.

use aftercare_engine::language::Language;
use poem::web::Path;
use poem::{Request, Response, handler};
use serde_json::Value;

use super::must_own;
use super::ticket::QUESTION;
use crate::auth::Scope;
use crate::entity::{activity, task, ticket};
use crate::http::access;
use crate::http::api::tickets::{chart, note};
use crate::http::pages::form::PageForm;
use crate::http::pages::view::{View, to};
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::i18n::text;
use crate::store::StoreError;
use crate::store::activity::note as keep;
use crate::store::task::{TaskFilter, Whose, give};

/// Longest question, in characters.
const LONGEST: usize = 4_000;
/// Most open tasks of a ticket that are looked at.
const MOST_TASKS: u64 = 200;

/// POST /track/{code}/questions: something is asked; staff find it among what happened around the ticket, and those who
/// open such tickets have it on their list.
#[handler]
pub async fn ask(
    request: &Request,
    view: View,
    Path(code): Path<String>,
    form: PageForm,
) -> Result<Response, Problem> {
    let (who, row) = must_own(&view, request, &code).await?;
    let asked = form.get("text").unwrap_or_default().trim().to_owned();
    if note::text("text", &asked, LONGEST).is_none() {
        let task = to_answer(&view, &who, &row).await?;
        let row = activity::Model {
            id: 0,
            ticket: row.code,
            kind: QUESTION.into(),
            text: asked,
            seen_by: String::new(),
            mentions: String::new(),
            actor: who.caller.name.clone(),
            at: view.app.clock.now(),
        };
        view.app
            .store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    keep(tx, row).await?;
                    match task {
                        Some(task) => give(tx, task).await.map(drop),
                        None => Ok(()),
                    }
                })
            })
            .await?;
    }
    Ok(to(&format!("/track/{code}#talk")))
}

/// The task to answer a question, for the first role of the house that opens such tickets in the ticket's branch; none
/// if one waits already.
async fn to_answer(view: &View, who: &SignedIn, row: &ticket::Model) -> Result<Option<task::Model>, Problem> {
    let chart = chart(&view.app, row).await?;
    let library = access::library(&view.app);
    let is_of_the_house = |role: &&String| library.roles.get(role).is_some_and(|role| role.kind.is_none());
    let Some(role) = chart.opened_by.iter().find(is_of_the_house) else { return Ok(None) };
    let open = TaskFilter {
        ticket: Some(row.code.clone()),
        status: Some("open".to_owned()),
        ..TaskFilter::default()
    };
    let open = view.app.store.tasks(Whose::All(&Scope::All), &open, 0, MOST_TASKS).await?;
    if open.iter().any(|task| task.to_name == *role && task.created_by.as_deref() == Some(&who.caller.name)) {
        return Ok(None);
    }
    let title =
        |language: Language| (language.code().to_owned(), text(language, "portal-question-task", &[]).into());
    let titles: serde_json::Map<String, Value> = Language::ALL.into_iter().map(title).collect();
    Ok(Some(task::Model {
        id: 0,
        source: None,
        ticket: row.code.clone(),
        kind: "task".into(),
        title: Value::Object(titles).to_string(),
        to_kind: "role".into(),
        to_name: role.clone(),
        branch: row.branch.clone(),
        due_at: None,
        remind_at: None,
        status: "open".into(),
        created_by: Some(who.caller.name.clone()),
        created_at: view.app.clock.now(),
        done_at: None,
        done_by: None,
        result: None,
    }))
}
