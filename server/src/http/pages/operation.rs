//! For whoever looks after the system: what went wrong and is to be tried again, what has left the house, how
//! messages look, and which definitions are in service.

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::facts::{Map, Value as Fact};
use aftercare_engine::language::Language;
use aftercare_engine::message::{Channel, segments};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Request, Response, Route, get, handler, post};
use poem_openapi::param::{Path as Parameter, Query as Asked};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use super::board::Query;
use super::form::PageForm;
use super::people::Names;
use super::ticket::step;
use super::view::{View, to};
use crate::auth::token;
use crate::http::access::library;
use crate::http::api::incidents::resolve::{Resolve, Resolving};
use crate::http::api::incidents::{Again, Incidents};
use crate::http::api::tickets::find;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::problem::{Kind, Problem};
use crate::http::request_id;
use crate::http::signed_in::SignedIn;
use crate::i18n;

/// What a message can be, in the order of its life.
const STATUSES: [&str; 4] = ["pending", "sent", "uncertain", "dead"];

/// The addresses.
pub fn routes(route: Route) -> Route {
    route
        .at("/incidents", get(incidents_page))
        .at("/incidents/:id/redrive", post(redrive_incident))
        .at("/incidents/:id/resolve", post(resolve_incident))
        .at("/messages", get(messages_page))
        .at("/messages/redrive", post(redrive_messages))
        .at("/texts", get(texts_page))
        .at("/texts/:key", get(text_page))
        .at("/definitions", get(definitions_page))
}

/// GET /incidents
#[handler]
async fn incidents_page(request: &Request, view: View) -> Result<Response, Problem> {
    incidents(view, &Query::of(request), None).await
}

/// The incidents that are asked for; with what is wrong with a form about one of them.
async fn incidents(mut view: View, query: &Query, wrong: Option<&Problem>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let status = query.get("status").unwrap_or("open").to_owned();
    let after = query.get("after").and_then(|text| text.parse().ok());
    let asked = Some(status.clone()).filter(|status| status != "all");
    let found = Incidents(view.app.clone()).list(who, Asked(asked), Asked(after), Asked(None)).await?;
    let mut items = found.0.items.to_json().unwrap_or_default();
    let (library, language, mut names) = (library(&view.app), view.writing.language, Names::default());
    for one in items.as_array_mut().into_iter().flatten() {
        let kind = one["kind"].as_str().unwrap_or_default().to_owned();
        let title = i18n::find(language, &format!("incident-{kind}"), &[]).unwrap_or_else(|| kind.clone());
        let message = one["detail"]["message"].as_str().and_then(|key| library.messages.get(key));
        one["about"] = json!(message.and_then(|it| Some(it.title.as_ref()?.best(language))));
        one["can_again"] = json!(matches!(&*kind, "delivery" | "timer"));
        one["title"] = json!(title);
        if let Some(by) = one["resolved_by"].as_str() {
            one["by_name"] = json!(names.of(&view, by).await?);
        }
    }
    view.put("incidents", &items);
    view.put("next", &found.0.next);
    view.put("status", &status);
    view.put("once", &request_id::new());
    view.put("wrong", &wrong.map(|problem| step::wrong(problem, language).all()));
    view.page_with("incidents.html", wrong.map_or(StatusCode::OK, |problem| problem.kind.status()))
}

/// POST /incidents/{id}/resolve: what was done about it, in words.
#[handler]
async fn resolve_incident(
    request: &Request,
    view: View,
    Path(id): Path<i64>,
    form: PageForm,
) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let key = IdempotencyKey::of_form(form.get("once"), format!("POST /incidents/{id}/resolve"));
    let value = Resolving { reason: form.get("reason").unwrap_or_default().to_owned() };
    let hash = token::hash(&value.reason);
    match Resolve(view.app.clone()).resolve(who, Parameter(id), key, Body { value, hash }).await {
        Ok(_) => Ok(to("/incidents")),
        Err(problem) if matches!(problem.kind, Kind::Unprocessable | Kind::Conflict) => {
            incidents(view, &Query::of(request), Some(&problem)).await
        }
        Err(problem) => Err(problem),
    }
}

/// POST /incidents/{id}/redrive
#[handler]
async fn redrive_incident(view: View, Path(id): Path<i64>, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let key = IdempotencyKey::of_form(form.get("once"), format!("POST /incidents/{id}/redrive"));
    Incidents(view.app.clone()).redrive_one(who, Parameter(id), key).await?;
    Ok(to("/incidents"))
}

/// GET /messages: what has left the house, newest first.
#[handler]
async fn messages_page(request: &Request, mut view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let query = Query::of(request);
    let status = query.get("status").filter(|status| !status.is_empty()).map(str::to_owned);
    let after = query.get("after").and_then(|text| text.parse().ok());
    let found =
        Incidents(view.app.clone()).outbox(who, Asked(status.clone()), Asked(after), Asked(None)).await?;
    let mut items = found.0.items.to_json().unwrap_or_default();
    for one in items.as_array_mut().into_iter().flatten() {
        let text = one["text"].as_str().unwrap_or_default();
        let is_sms = one["channel"] == Channel::Sms.word();
        one["segments"] = json!(is_sms.then(|| segments::count(text).count));
    }
    view.put("held", &view.app.store.outbox_held_since().await?);
    view.put("messages", &items);
    view.put("next", &found.0.next);
    view.put("status", &status);
    view.put("statuses", &STATUSES);
    view.put("once", &request_id::new());
    view.page("messages.html")
}

/// POST /messages/redrive: the ticked ones are delivered again.
#[handler]
async fn redrive_messages(view: View, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let ids: Vec<i64> =
        form.0.iter().filter(|(name, _)| name == "id").filter_map(|(_, id)| id.parse().ok()).collect();
    let key = IdempotencyKey::of_form(form.get("once"), "POST /messages/redrive".into());
    let hash = token::hash(&json!(ids).to_string());
    Incidents(view.app.clone()).redrive(who, key, Body { value: Again { ids }, hash }).await?;
    Ok(to(&form.back()))
}

/// GET /texts: the messages of the bundle in service.
#[handler]
fn texts_page(mut view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    who.may(&view.app, Permission::BundleDeploy)?;
    let library = library(&view.app);
    let all: Vec<Value> = library
        .messages
        .iter()
        .map(|(name, message)| {
            let title = message.title.as_ref().map(|title| title.best(view.writing.language));
            let channels: Vec<&str> =
                library.templates.channels(&name.value).iter().map(|channel| channel.word()).collect();
            json!({"key": name.value, "title": title, "channels": channels})
        })
        .collect();
    view.put("texts", &all);
    view.page("texts.html")
}

/// GET /texts/{key}: a message in all languages and channels, from a ticket's facts if one is named.
#[handler]
async fn text_page(request: &Request, mut view: View, Path(key): Path<String>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    who.may(&view.app, Permission::BundleDeploy)?;
    let library = library(&view.app);
    let message = library.messages.get(&key).ok_or_else(|| Problem::not_found("entry", key.as_str()))?;
    let code = Query::of(request).get("ticket").filter(|code| !code.is_empty()).map(str::to_owned);
    let facts = match &code {
        Some(code) => Some(facts_of(&view, &who, code).await?),
        None => None,
    };
    let mut shown = Vec::new();
    for channel in library.templates.channels(&key) {
        for language in Language::ALL {
            let written = aftercare_engine::message::text_of(message, *channel, language);
            let Some(written) = written else { continue };
            let made = facts.as_ref().map(|facts| library.templates.render(&key, *channel, language, facts));
            let (body, wrong) = match made {
                Some(Ok(made)) => (made.body, None),
                Some(Err(error)) => (written.to_owned(), Some(error.to_string())),
                None => (written.to_owned(), None),
            };
            let size = segments::count(&body);
            shown.push(json!({
                "channel": channel.word(), "lang": language.code(), "text": body, "wrong": wrong,
                "letters": body.chars().count(),
                "segments": (*channel == Channel::Sms).then_some(size.count),
            }));
        }
    }
    let title = message.title.as_ref().map(|title| title.best(view.writing.language).to_owned());
    view.put("title", &title.unwrap_or_else(|| key.clone()));
    view.put("key", &key);
    view.put("ticket", &code);
    view.put("shown", &shown);
    view.page("text.html")
}

async fn facts_of(view: &View, who: &SignedIn, code: &str) -> Result<Map, Problem> {
    let row = find(&view.app, who, code).await?;
    let look = view.app.look(who.caller.actor(&row.branch), &row.code, Map::new()).await?;
    let look = look.ok_or_else(|| Problem::not_found("ticket", code))?;
    let facts = &look.assembled.facts;
    let world = facts.world.iter().map(|(name, value)| (name.clone(), Fact::clone(value)));
    let fields = look.chart.fields.iter().zip(&facts.fields);
    Ok(world.chain(fields.map(|(field, value)| (field.name.clone(), value.clone()))).collect())
}

/// GET /definitions: what is in service, and what was before.
#[handler]
async fn definitions_page(mut view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    who.may(&view.app, Permission::BundleDeploy)?;
    let version = view.app.catalog.current();
    let language = view.writing.language;
    let processes: Vec<Value> = version
        .processes()
        .filter_map(|name| version.chart(name))
        .map(|chart| {
            let title = chart.definition.title.as_ref().map(|title| title.best(language));
            json!({"name": chart.name, "title": title, "states": chart.states().len(),
                   "opened_by": chart.opened_by, "fields": chart.fields.len()})
        })
        .collect();
    view.put("processes", &processes);
    view.put("hash", version.hash());
    let past: Vec<Value> = view
        .app
        .store
        .bundles()
        .await?
        .into_iter()
        .map(|row| json!({"hash": row.hash, "at": row.deployed_at, "by": row.deployed_by}))
        .collect();
    view.put("bundles", &past);
    let library = library(&view.app);
    let roles: Vec<Value> = library
        .roles
        .iter()
        .map(|(name, role)| {
            let may: Vec<String> =
                role.may.iter().map(|one| crate::auth::policy::written(one.value)).collect();
            json!({"name": name.value, "title": role.title.best(language), "may": may,
                   "bound": role.branch_bound, "hidden": role.hidden.len()})
        })
        .collect();
    view.put("roles", &roles);
    view.page("definitions.html")
}
