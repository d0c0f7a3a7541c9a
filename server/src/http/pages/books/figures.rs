//! What an accountant looks at when a month ends: VAT by rate, how provisions and deferred revenue moved, and where the
//! books and the house differ. The same figures as the API's.

use poem::web::Path;
use poem::{Request, Response, handler};
use poem_openapi::param::{Path as Of, Query as Asked};
use poem_openapi::payload::Json;
use poem_openapi::types::{ParseFromParameter, ToJSON};
use serde_json::{Value, json};

use super::ledgers::{days, frame};
use crate::http::api::books::check::Check;
use crate::http::api::books::roll_forward::{RollForward, RollOf};
use crate::http::api::books::vat::Vat;
use crate::http::pages::board::Query;
use crate::http::pages::view::View;
use crate::http::problem::Problem;

/// GET /vouchers/vat
#[handler]
pub async fn vat(request: &Request, mut view: View) -> Result<Response, Problem> {
    let (who, query) = (view.signed_in()?, Query::of(request));
    let (from, to) = days(&mut view, &query);
    let only_final = Asked(query.get("final").is_some());
    let Json(found) = Vat(view.app.clone()).vat(who, from, to, only_final).await?;
    frame(&mut view, &query, &found.to_json().unwrap_or_default());
    view.put("only_final", &query.get("final"));
    view.page("books_vat.html")
}

/// GET /vouchers/roll-forward: of provisions.
#[handler]
pub async fn provisions(request: &Request, view: View) -> Result<Response, Problem> {
    rolled(view, &Query::of(request), RollOf::Provision).await
}

/// GET /vouchers/roll-forward/{of}
#[handler]
pub async fn roll_forward(
    request: &Request,
    view: View,
    Path(of): Path<String>,
) -> Result<Response, Problem> {
    let asked = RollOf::parse_from_parameter(&of).map_err(|_| Problem::not_found("entry", of))?;
    rolled(view, &Query::of(request), asked).await
}

async fn rolled(mut view: View, query: &Query, of: RollOf) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let (from, to) = days(&mut view, query);
    let Json(found) = RollForward(view.app.clone()).roll_forward(who, Of(of), from, to).await?;
    let mut told = found.to_json().unwrap_or_default();
    told["is_even"] = json!(is_nothing(&told["difference"]));
    frame(&mut view, query, &told);
    view.page("books_roll.html")
}

/// GET /vouchers/check: the first ones of each kind.
#[handler]
pub async fn check(mut view: View) -> Result<Response, Problem> {
    let (who, check) = (view.signed_in()?, Check(view.app.clone()));
    let Json(stock) = check.stock(who.clone()).await?;
    let mut stock = stock.to_json().unwrap_or_default();
    for row in stock.as_array_mut().into_iter().flatten() {
        row["is_even"] = json!(is_nothing(&row["difference"]));
    }
    let Json(unbilled) = check.unbilled(who.clone(), Asked(None), Asked(None)).await?;
    let Json(uncosted) = check.uncosted(who, Asked(None), Asked(None)).await?;
    view.put("stock", &stock);
    view.put("unbilled", &unbilled.to_json());
    view.put("uncosted", &uncosted.to_json());
    view.page("books_check.html")
}

fn is_nothing(amount: &Value) -> bool {
    amount.as_str().unwrap_or_default().chars().all(|letter| matches!(letter, '0' | '.' | '-'))
}
