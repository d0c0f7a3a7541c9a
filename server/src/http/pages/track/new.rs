//! A customer asks for something new: whatever the processes let customers open, with the form of its definition.

use std::collections::BTreeMap;

use aftercare_engine::definition::process::Subject;
use aftercare_engine::statechart::Statechart;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Request, Response, handler};
use serde_json::{Value, json};

use super::frame;
use crate::auth::token;
use crate::facts::in_language;
use crate::http::api::tickets::create::{Opening, open};
use crate::http::api::tickets::steps::{FormField, field, said};
use crate::http::pages::form::PageForm;
use crate::http::pages::ticket::step;
use crate::http::pages::view::{View, to};
use crate::http::pages::{choices, goods, input};
use crate::http::problem::{Kind, Problem};
use crate::http::request_id;
use crate::http::signed_in::SignedIn;
use crate::http::visitor::Only;
use crate::store::step::Key;

/// The processes that the visitor may open.
pub fn offered(view: &View, who: &SignedIn) -> Vec<Value> {
    let roles = who.caller.role_names();
    openable(view, &|role| roles.contains(role))
}

/// Title and name of each process that some role may open.
pub fn openable(view: &View, has: &dyn Fn(&str) -> bool) -> Vec<Value> {
    let version = view.app.catalog.current();
    let charts = version.processes().filter_map(|name| Some((name, version.chart(name)?)));
    let own = charts.filter(|(_, chart)| chart.opened_by.iter().any(|role| has(role)));
    own.map(|(name, chart)| {
        let (title, help) = (chart.definition.title.as_ref(), chart.definition.help.as_ref());
        let title = said(title, view.writing.language, name);
        let help = help.map(|help| help.best(view.writing.language));
        json!({"value": name, "title": title, "help": help, "device": chart.subject == Some(Subject::Device)})
    })
    .collect()
}

/// The fields of the opening form.
pub fn fields(view: &View, chart: &Statechart) -> Vec<FormField> {
    chart.form.iter().filter_map(|entry| field(chart, entry, view.writing.language)).collect()
}

/// Branches to choose from, by name and city.
pub async fn branches(view: &View) -> Result<Vec<Value>, Problem> {
    let all = view.app.store.branches().await?;
    let one = |branch: crate::entity::branch::Model| {
        let name = in_language(&branch.name, view.writing.language);
        json!({"value": branch.code, "title": name, "city": branch.city})
    };
    Ok(all.into_iter().map(one).collect())
}

/// GET /track/new/{process}
#[handler]
pub async fn show(request: &Request, view: View, Path(process): Path<String>) -> Result<Response, Problem> {
    let Some(who) = visitor(&view, request) else { return Ok(to("/track")) };
    form(view, &who, &process, &PageForm::default(), None).await
}

/// Whoever is bound to one ticket proves the phone before opening another.
fn visitor(view: &View, request: &Request) -> Option<SignedIn> {
    view.signed_in().ok().filter(|_| Only::of(request).0.is_none())
}

async fn form(
    mut view: View,
    who: &SignedIn,
    process: &str,
    typed: &PageForm,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    frame(&mut view);
    let all = offered(&view, who);
    let chosen = all.iter().find(|one| one["value"] == *process);
    let chosen = chosen.ok_or_else(|| Problem::not_found("process", process))?;
    view.put("process", chosen);
    let chart = view.app.catalog.current().chart(process).cloned().ok_or_else(Problem::unavailable)?;
    let mut fields = fields(&view, &chart);
    let devices = match &who.caller.customer {
        Some(customer) => goods::owned(&view, customer).await?,
        None => Vec::new(),
    };
    // Of one device all is known; of several none is chosen yet.
    if let ([only], true) = (devices.as_slice(), chart.subject == Some(Subject::Device)) {
        let serial = only["value"].as_str().unwrap_or_default();
        input::open::begin(&view, who, &chart, serial, &mut fields).await?;
    }
    choices::offer(&mut view, who, "", fields.iter()).await?;
    let wrong = problem.map(|problem| step::wrong(problem, view.writing.language));
    let none = BTreeMap::new();
    let by_field = wrong.as_ref().map_or(&none, |wrong| &wrong.fields);
    view.put("inputs", &input::shown(&fields, typed, by_field, &view.writing));
    view.put("step", &json!({"event": "open"}));
    view.put("wrong", &wrong.as_ref().map(|wrong| &wrong.texts));
    view.put("once", &request_id::new());
    view.put("branches", &branches(&view).await?);
    view.put("branch", &typed.get("branch"));
    view.put("devices", &devices);
    view.put("device", &typed.get("device"));
    let status = problem.map_or(StatusCode::OK, |problem| problem.kind.status());
    view.page_with("track_new.html", status)
}

/// POST /track/new/{process}
#[handler]
pub async fn submit(
    request: &Request,
    view: View,
    Path(process): Path<String>,
    typed: PageForm,
) -> Result<Response, Problem> {
    let Some(who) = visitor(&view, request) else { return Ok(to("/track")) };
    let chart = view.app.catalog.current().chart(&process).cloned();
    let chart = chart.ok_or_else(|| Problem::not_found("process", process.as_str()))?;
    let text = |name: &str| typed.get(name).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let opening = Opening {
        process: process.clone(),
        branch: text("branch"),
        channel: Some("web".into()),
        device: text("device"),
        customer: None,
        agency: None,
        data: input::read(&fields(&view, &chart), &typed, &view.writing),
    };
    let key = text("once").map(|key| Key {
        principal: who.caller.name.clone(),
        route: "POST /track/new".into(),
        key,
        body_hash: token::hash(&format!("{opening:?}")),
    });
    match open(&view.app, &who, opening, key).await {
        Ok(answer) => Ok(to(&format!("/track/{}", answer.json()["code"].as_str().unwrap_or_default()))),
        Err(problem) if problem.kind == Kind::Internal => Err(problem),
        Err(problem) => form(view, &who, &process, &typed, Some(&problem)).await,
    }
}
