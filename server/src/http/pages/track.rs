//! The customer's portal: following a ticket, deciding, paying, asking. It has its own door and its own sessions.

pub mod enter;
mod files;
mod milestones;
pub mod new;
mod pay;
mod question;
pub mod ticket;

use std::sync::Arc;

use poem::web::{Data, Path};
use poem::{Request, Response, Route, get, handler, post};
use poem_openapi::types::ToJSON;

use super::form::PageForm;
use super::live::{self, Changes};
use super::view::{View, to};
use super::{device, goods, preferences, print};
use crate::app::App;
use crate::entity;
use crate::gateway::payment::Payments;
use crate::http::api::tickets::find;
use crate::http::api::tickets::list::found;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::http::visitor::{Only, cookie_name};
use crate::http::{hidden, portal};
use crate::store::read::search::TicketFilter;

/// Most tickets of one customer that are listed.
const MOST: u64 = 100;

/// The portal's own addresses.
pub fn routes() -> Route {
    Route::new()
        .at("/track", get(home).post(enter::ask))
        .at("/track/sign-in", get(enter::code_page).post(enter::prove))
        .at("/track/sign-out", post(sign_out))
        .at("/track/preferences", post(preferences::submit))
        .at("/track/new/:process", get(new::show).post(new::submit))
        .at("/track/:code", get(show))
        .at("/track/:code/live", get(follow))
        .at("/track/:code/steps/:event", post(ticket::submit))
        .at("/track/:code/payments", post(pay::begin))
        .at("/track/:code/payments/:id", get(pay::leave))
        .at("/track/:code/questions", post(question::ask))
        .at("/track/:code/files/:id", get(files::show))
        .at("/track/:code/documents/:step/:index", get(paper))
        .at("/track/:code/:secret", get(enter::by_link))
        .at("/device", get(device::ask))
        .at("/device/:serial", get(device::show).post(device::submit))
}

/// The providers of the settings. Wrong settings end the server before it serves; here only the counter would be left.
pub fn payments(app: &App) -> Arc<Payments> {
    Arc::new(Payments::open(&app.config.gateways).unwrap_or_default())
}

/// A ticket that the visitor may open; for nobody in particular, and for what is not theirs, there is none.
async fn own(
    view: &View,
    only: &Only,
    code: &str,
) -> Result<Option<(SignedIn, entity::ticket::Model)>, Problem> {
    let Ok(who) = view.signed_in() else { return Ok(None) };
    if !only.permits(code) {
        return Ok(None);
    }
    match find(&view.app, &who, code).await {
        Ok(row) => Ok(Some((who, row))),
        Err(problem) if problem.kind == crate::http::problem::Kind::NotFound => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// The same where only its page can be shown: everything else is not there.
async fn must_own(
    view: &View,
    request: &Request,
    code: &str,
) -> Result<(SignedIn, entity::ticket::Model), Problem> {
    let found = own(view, &Only::of(request), code).await?;
    found.ok_or_else(|| Problem::not_found("ticket", code))
}

/// What every page of the portal shows around.
fn frame(view: &mut View) {
    let company = portal::company(&view.app, view.writing.language);
    view.put("company", &company);
    let visitor = view.signed_in().ok().map(|who| who.caller.full_name.clone());
    view.put("visitor", &visitor);
}

/// GET /track: the visitor's tickets, or the door.
#[handler]
async fn home(request: &Request, mut view: View) -> Result<Response, Problem> {
    let Ok(who) = view.signed_in() else { return enter::door(view, "", None) };
    frame(&mut view);
    let only = Only::of(request);
    if let Some(code) = &only.0 {
        return Ok(to(&format!("/track/{code}")));
    }
    let page = found(&view.app, &who, &TicketFilter::default(), None, MOST).await?;
    let mut items = page.items.to_json().unwrap_or_default();
    hidden::strip(&mut items, &who.hidden(&view.app));
    if let Some(items) = items.as_array_mut() {
        goods::name_all(&view, items).await?;
    }
    view.put("tickets", &items);
    view.put("processes", &new::offered(&view, &who));
    view.page("track_home.html")
}

/// GET /track/{code}: the ticket, or the door. What the door says does not depend on whether there is such a ticket.
#[handler]
async fn show(request: &Request, view: View, Path(code): Path<String>) -> Result<Response, Problem> {
    let code = aftercare_engine::text::latin_digits(&code);
    match own(&view, &Only::of(request), &code).await? {
        Some((who, row)) => ticket::page(view, &who, &row, request, None).await,
        None => enter::door(view, &code, None),
    }
}

/// GET /track/{code}/live
#[handler]
async fn follow(
    request: &Request,
    view: View,
    changes: Data<&Changes>,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let (_, row) = must_own(&view, request, &code).await?;
    Ok(live::of_ticket(&view.app, &changes, row.code))
}

/// GET /track/{code}/documents/{step}/{index}
#[handler]
async fn paper(
    request: &Request,
    view: View,
    Path((code, step, index)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let (who, row) = must_own(&view, request, &code).await?;
    print::document(view, &who, &row, &step, &index).await
}

/// POST /track/sign-out
#[handler]
async fn sign_out(view: View, _form: PageForm) -> Result<Response, Problem> {
    if let Ok(who) = view.signed_in() {
        view.app.store.end_visit(who.caller.session.clone(), view.app.clock.now()).await?;
    }
    let name = cookie_name(view.app.config.is_https());
    Ok(enter::with_cookie(to("/track"), &view.app, name, "", 0))
}
