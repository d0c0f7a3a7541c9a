//! One's own account: where one is signed in, and the second factor.

use std::sync::Arc;

use poem::web::Data;
use poem::{Request, Response, Route, get, handler, post};
use serde_json::{Value, json};

use super::form::PageForm;
use super::qr;
use super::view::{View, to};
use crate::app::App;
use crate::auth::needs_second_factor;
use crate::auth::throttle::Throttle;
use crate::http::access::library;
use crate::http::api::session::{password, second};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::{SignedIn, address};
use crate::store::StoreError;
use crate::store::registry::session;

/// The addresses.
pub fn routes(route: Route) -> Route {
    route
        .at("/account", get(show))
        .at("/account/sessions", post(end_session))
        .at("/account/second-factor", post(second_factor))
        .at("/account/password", post(another))
}

/// GET /account
#[handler]
async fn show(view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    page(view, &who, None, None).await
}

async fn page(
    mut view: View,
    who: &SignedIn,
    spare: Option<Vec<String>>,
    wrong: Option<String>,
) -> Result<Response, Problem> {
    let app = view.app.clone();
    let rows = app.store.sessions_of(&who.caller.name, app.clock.now()).await?;
    let sessions: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            // A part of the hash names a session for its owner and tells nobody its secret.
            let id = row.token_hash.get(..16).unwrap_or_default().to_owned();
            json!({"id": id, "kind": row.kind, "label": row.label, "at": row.created_at, "seen": row.seen_at,
                   "mine": row.token_hash == who.caller.session})
        })
        .collect();
    view.put("sessions", &sessions);
    view.put("second_factor", &second::is_needed(&app, &who.caller.name).await?);
    view.put("must", &second_factor_first(&app, who));
    if let Some(shared) = second::begun(&app, who).await? {
        if let Some((side, path)) = qr::path(&shared.address) {
            view.put("qr", &json!({"side": side, "path": path}));
        }
        view.put("secret", &shared.secret);
    }
    let status = wrong.as_ref().map_or(poem::http::StatusCode::OK, |_| Kind::Unprocessable.status());
    view.put("spare", &spare);
    view.put("wrong", &wrong);
    view.page_with("account.html", status)
}

/// POST /account/sessions: ends one of one's own.
#[handler]
async fn end_session(view: View, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let app = view.app.clone();
    let id = form.get("id").filter(|id| id.len() == 16).unwrap_or("-").to_owned();
    let (name, now) = (who.caller.name.clone(), app.clock.now());
    let rows = app.store.sessions_of(&name, now).await?;
    if let Some(found) = rows.into_iter().find(|row| row.token_hash.starts_with(&id)) {
        app.store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move { session::end(tx, &name, Some(&found.token_hash), now).await })
            })
            .await?;
    }
    Ok(to("/account"))
}

/// POST /account/password: another one, for the one that holds. All sessions end, this one too.
#[handler]
async fn another(
    request: &Request,
    view: View,
    throttle: Data<&Arc<Throttle>>,
    form: PageForm,
) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
    let from = address(&view.app, request);
    match password::change(&view.app, &throttle, &who, from, text("current"), text("new")).await {
        Ok(()) => Ok(to("/sign-in")),
        Err(problem) if matches!(problem.kind, Kind::Unprocessable | Kind::Forbidden | Kind::TooMany) => {
            let why = problem.errors.first().map_or(&problem.detail, |error| &error.message);
            let wrong = why.in_language(view.writing.language);
            page(view, &who, None, Some(wrong)).await
        }
        Err(problem) => Err(problem),
    }
}

fn second_factor_first(app: &App, who: &SignedIn) -> bool {
    needs_second_factor(&who.caller, &library(app).roles)
}

/// POST /account/second-factor: begun, proved by a code, or taken away by one.
#[handler]
async fn second_factor(
    view: View,
    throttle: Data<&Arc<Throttle>>,
    form: PageForm,
) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let app = view.app.clone();
    let code = form.get("code").unwrap_or_default().to_owned();
    let done = match form.get("deed").unwrap_or_default() {
        "begin" => {
            second::begin(&app, &who).await?;
            return Ok(to("/account#second-factor"));
        }
        "prove" => second::prove(&app, &throttle, &who, &code).await.map(Some),
        "end" => second::end(&app, &throttle, &who, &code).await.map(|()| None),
        _ => return Err(Problem::new(Kind::NotFound, "detail-route", vec![])),
    };
    match done {
        Ok(Some(spare)) => page(view, &who, Some(spare), None).await,
        Ok(None) => Ok(to("/account")),
        Err(problem) if problem.kind == Kind::Unprocessable => {
            let wrong = view.text("second-factor-wrong");
            page(view, &who, None, Some(wrong)).await
        }
        Err(problem) => Err(problem),
    }
}
