//! The accountant's desk: vouchers in the order of entry, each with its lines, the reason for every amount, the way
//! to its ticket, and what can be done with it now.

pub mod figures;
pub mod ledgers;
pub mod many;
pub mod periods;

use aftercare_engine::definition::messages::Permission;
use poem::web::Path;
use poem::{Request, Response, handler};
use poem_openapi::param::Path as Parameter;
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use super::board::Query;
use super::form::PageForm;
use super::input;
use super::people::Names;
use super::ticket::step::wrong;
use super::view::{View, to};
use crate::auth::{self, token};
use crate::http::access::library;
use crate::http::api::books::readable;
use crate::http::api::vouchers::approve::Approve;
use crate::http::api::vouchers::finalise::{Finalise, Finalising};
use crate::http::api::vouchers::list::found;
use crate::http::api::vouchers::reverse::{Reverse, Reversing};
use crate::http::api::vouchers::review::Review;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::problem::{Kind, Problem, Text};
use crate::http::request_id;
use crate::http::signed_in::SignedIn;
use crate::store::read::books::VoucherFilter;

const TEMPLATE: &str = "books.html";
const ROWS: u64 = 50;
/// What a voucher can be, in the order of its life.
const STATUSES: [&str; 5] = ["note", "draft", "reviewed", "final", "reversed"];

/// GET /vouchers
#[handler]
pub async fn show(request: &Request, view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    page(view, &who, &Query::of(request), None).await
}

/// The list with what came of each voucher of many.
async fn page_done(
    mut view: View,
    who: &SignedIn,
    query: &Query,
    done: &[Value],
) -> Result<Response, Problem> {
    view.put("done", &done);
    page(view, who, query, None).await
}

async fn page(
    mut view: View,
    who: &SignedIn,
    query: &Query,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let (from, to) = (view.asked_day(query, "from"), view.asked_day(query, "to"));
    let filter = VoucherFilter {
        status: query.get("status").map(str::to_owned),
        ticket: query.get("ticket").map(str::to_owned),
        from,
        to,
        after: query.get("after").and_then(|text| text.parse().ok()),
    };
    let found = found(&view.app, who, &filter, ROWS).await?;
    let language = view.writing.language;
    let mut vouchers = found.items.to_json().unwrap_or_default();
    let library = library(&view.app);
    for line in vouchers.as_array_mut().into_iter().flatten().flat_map(lines) {
        let code = line["account"].as_str().unwrap_or_default();
        let account = library.accounts.get(code);
        line["account_title"] = json!(account.map(|account| account.title.best(language)));
    }
    let mut names = Names::default();
    for voucher in vouchers.as_array_mut().into_iter().flatten() {
        for deed in ["prepared_by", "reviewed_by", "approved_by", "finalised_by"] {
            if let Some(name) = voucher[deed].as_str().map(str::to_owned) {
                voucher[&format!("{deed}_name")] = json!(names.of(&view, &name).await?);
            }
        }
    }
    view.put("vouchers", &vouchers);
    view.put("periods", &periods::of(&view, who).await?);
    let address: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(&query.0).finish();
    view.put(
        "here",
        &if address.is_empty() { "/vouchers".to_owned() } else { format!("/vouchers?{address}") },
    );
    view.put("next", &found.next);
    view.put("status", &query.get("status"));
    view.put("ticket", &query.get("ticket"));
    view.put("from", &query.get("from"));
    view.put("until", &query.get("to"));
    view.put("statuses", &STATUSES);
    let may = |right| auth::may(&who.caller, &library.roles, right).is_ok();
    view.put(
        "may",
        &json!({
            "read": readable(&view.app, who).is_ok(),
            "review": may(Permission::VouchersReview),
            "approve": may(Permission::VouchersApprove),
            "finalise": may(Permission::VouchersFinalise),
            "reverse": may(Permission::VouchersReverse),
        }),
    );
    view.put("once", &request_id::new());
    view.put("wrong", &problem.map(|problem| wrong(problem, language).texts));
    let status = problem.map_or(poem::http::StatusCode::OK, |problem| problem.kind.status());
    view.page_with(TEMPLATE, status)
}

fn lines(voucher: &mut Value) -> impl Iterator<Item = &mut Value> {
    voucher.get_mut("lines").and_then(Value::as_array_mut).into_iter().flatten()
}

/// POST /vouchers/{reference}/{deed}: the same calls as the API's.
#[handler]
pub async fn submit(
    request: &Request,
    view: View,
    Path((reference, deed)): Path<(i64, String)>,
    form: PageForm,
) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let (app, at) = (view.app.clone(), Parameter(reference));
    let key = key(&form, format!("POST /vouchers/{reference}/{deed}"));
    let done = match deed.as_str() {
        "review" => Review(app).review(who.clone(), at, key).await.map(drop),
        "approve" => Approve(app).approve(who.clone(), at, key).await.map(drop),
        "reverse" => {
            let value = Reversing { reason: form.get("reason").unwrap_or_default().to_owned() };
            let hash = token::hash(&value.reason);
            Reverse(app).reverse(who.clone(), at, key, Body { value, hash }).await.map(drop)
        }
        _ => return Err(Problem::new(Kind::NotFound, "detail-route", vec![])),
    };
    after(request, view, &who, &form, done).await
}

/// POST /vouchers/finalise
#[handler]
pub async fn finalise(request: &Request, view: View, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let key = key(&form, "POST /vouchers/finalise".into());
    let done = match form.get("up_to").and_then(input::day) {
        Some(up_to) => {
            let body = Body { value: Finalising { up_to }, hash: token::hash(&up_to.to_string()) };
            Finalise(view.app.clone()).finalise(who.clone(), key, body).await.map(drop)
        }
        None => Err(Problem::parameter("up_to", Text::Said(view.text("no-day")))),
    };
    after(request, view, &who, &form, done).await
}

fn key(form: &PageForm, route: String) -> IdempotencyKey {
    IdempotencyKey::of_form(form.get("once"), route)
}

/// Back to the list; what was refused is told above it.
async fn after(
    request: &Request,
    view: View,
    who: &SignedIn,
    form: &PageForm,
    done: Result<(), Problem>,
) -> Result<Response, Problem> {
    match done {
        Ok(()) => Ok(to(&form.back())),
        Err(problem) if matches!(problem.kind, Kind::Internal | Kind::Reauthenticate) => Err(problem),
        Err(problem) => page(view, who, &Query::of(request), Some(&problem)).await,
    }
}
