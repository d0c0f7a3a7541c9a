//! One's own account: where one is signed in, and the second factor.

use poem::{Response, Route, get, handler, post};
use serde_json::{Value, json};

use super::form::PageForm;
use super::qr;
use super::view::{View, to};
use crate::auth::{token, totp};
use crate::http::api::session::second;
use crate::http::portal::company;
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::StoreError;
use crate::store::registry::session;

/// The addresses.
pub fn routes(route: Route) -> Route {
    route
        .at("/account", get(show))
        .at("/account/sessions", post(end_session))
        .at("/account/second-factor", post(second_factor))
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
    let factor = app.store.second_factor(&who.caller.name).await?;
    let is_on = factor.as_ref().is_some_and(|factor| factor.confirmed_at.is_some());
    view.put("second_factor", &is_on);
    if let Some(factor) = factor.filter(|_| !is_on) {
        let address = totp::address(&factor.secret, &company(&app, view.writing.language), &who.caller.name);
        if let Some((side, path)) = qr::path(&address) {
            view.put("qr", &json!({"side": side, "path": path}));
        }
        view.put("secret", &factor.secret);
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

/// POST /account/second-factor: begun, proved by a code, or taken away by one.
#[handler]
async fn second_factor(view: View, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let (app, name) = (view.app.clone(), who.caller.name.clone());
    let code = form.get("code").unwrap_or_default().to_owned();
    let wrong = view.text("second-factor-wrong");
    match form.get("deed").unwrap_or_default() {
        "begin" => {
            let secret = totp::new().ok_or_else(Problem::unavailable)?;
            app.store.begin_second_factor(&name, &secret).await?;
            Ok(to("/account#second-factor"))
        }
        "prove" => {
            let spare = totp::spare().ok_or_else(Problem::unavailable)?;
            let hashes: Vec<String> = spare.iter().map(|code| token::hash(code)).collect();
            let factor = app.store.second_factor(&name).await?.filter(|factor| factor.confirmed_at.is_none());
            let step = factor.and_then(|factor| totp::step_of(&factor.secret, &code, app.clock.now(), 0));
            let Some(step) = step else { return page(view, &who, None, Some(wrong)).await };
            let done = app
                .store
                .use_second_factor(&name, step, Some(json!(hashes).to_string()), app.clock.now())
                .await?;
            if done {
                page(view, &who, Some(spare), None).await
            } else {
                page(view, &who, None, Some(wrong)).await
            }
        }
        "end" => {
            if !second::fits(&app, &name, &code).await? {
                return page(view, &who, None, Some(wrong)).await;
            }
            app.store.end_second_factor(&name).await?;
            Ok(to("/account"))
        }
        _ => Err(Problem::new(Kind::NotFound, "detail-route", vec![])),
    }
}
