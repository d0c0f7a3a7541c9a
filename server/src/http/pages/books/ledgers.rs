//! The books to read: trial balance, from it each ledger with its running balance, and the journal. Every line leads to
//! its voucher and its ticket.

use chrono::NaiveDate;
use poem::web::Path;
use poem::{Request, Response, handler};
use poem_openapi::param::{Path as Code, Query as Asked};
use poem_openapi::payload::Json;
use poem_openapi::types::{ParseFromParameter, ToJSON};
use serde_json::{Value, json};

use crate::http::api::books::journal::Journal;
use crate::http::api::books::ledger::Ledger;
use crate::http::api::books::trial_balance::{Level, TrialBalance};
use crate::http::pages::board::Query;
use crate::http::pages::preferences::Calendar;
use crate::http::pages::view::View;
use crate::http::problem::Problem;

/// Depths of the trial balance, as the API names them.
const LEVELS: [&str; 4] = ["group", "general", "subsidiary", "detail"];

/// Days that were asked for.
pub(super) fn days(view: &mut View, query: &Query) -> (Asked<Option<NaiveDate>>, Asked<Option<NaiveDate>>) {
    (Asked(view.asked_day(query, "from")), Asked(view.asked_day(query, "to")))
}

/// What every page of the books shows: its days, as they are typed, and the way to what follows.
pub(super) fn frame(view: &mut View, query: &Query, told: &Value) {
    for name in ["from", "to"] {
        let day = told[name].as_str().and_then(|text| text.parse::<NaiveDate>().ok());
        let written = day.map(|day| match view.writing.calendar {
            Calendar::Jalali => view.writing.date(day),
            Calendar::Gregorian => day.to_string(),
        });
        // `to` is a word of its own to the templates of vouchers.
        view.put(if name == "from" { "from" } else { "until" }, &written);
    }
    let rest: Vec<_> = query.0.iter().filter(|one| one.0 != "after").collect();
    let address: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
    view.put("address", &address);
    view.put("told", told);
}

/// GET /vouchers/balance
#[handler]
pub async fn balance(request: &Request, mut view: View) -> Result<Response, Problem> {
    let (who, query) = (view.signed_in()?, Query::of(request));
    let (from, to) = days(&mut view, &query);
    let level = query.get("level").and_then(|level| Level::parse_from_parameter(level).ok());
    let final_only = Asked(query.get("final").is_some());
    let books = TrialBalance(view.app.clone());
    let Json(found) = books
        .trial_balance(who, from, to, Asked(level), Asked(None), Asked(None), final_only, Asked(true))
        .await?;
    let mut told = found.to_json().unwrap_or_default();
    for row in told["rows"].as_array_mut().into_iter().flatten() {
        let details = row["details"].as_object().and_then(|details| details.iter().next());
        let pairs = details.map(|(kind, code)| {
            vec![("detail_kind", kind.as_str()), ("detail", code.as_str().unwrap_or_default())]
        });
        let pairs: String =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs.unwrap_or_default()).finish();
        row["detail_query"] = json!(pairs);
    }
    frame(&mut view, &query, &told);
    view.put("levels", &LEVELS);
    view.put("level", &told["level"]);
    view.put("only_final", &query.get("final"));
    view.page("books_balance.html")
}

/// GET /vouchers/ledger/{account}
#[handler]
pub async fn ledger(
    request: &Request,
    mut view: View,
    Path(account): Path<String>,
) -> Result<Response, Problem> {
    let (who, query) = (view.signed_in()?, Query::of(request));
    let (from, to) = days(&mut view, &query);
    let (kind, detail) = (Asked(query.owned("detail_kind")), Asked(query.owned("detail")));
    let final_only = Asked(query.get("final").is_some());
    let after = Asked(query.owned("after"));
    let books = Ledger(view.app.clone());
    let Json(found) = books
        .ledger(who, Code(account), from, to, kind, detail, final_only, Asked(true), after, Asked(None))
        .await?;
    let mut told = found.to_json().unwrap_or_default();
    for name in ["opening", "closing"] {
        told[name] = sided(&told[name]);
    }
    for line in told["lines"].as_array_mut().into_iter().flatten() {
        line["balance"] = sided(&line["balance"]);
    }
    frame(&mut view, &query, &told);
    view.put("detail", &query.get("detail"));
    view.put("detail_kind", &query.get("detail_kind"));
    view.put("only_final", &query.get("final"));
    view.page("books_ledger.html")
}

/// GET /vouchers/journal
#[handler]
pub async fn journal(request: &Request, mut view: View) -> Result<Response, Problem> {
    let (who, query) = (view.signed_in()?, Query::of(request));
    let (from, to) = days(&mut view, &query);
    let (final_only, after) = (Asked(query.get("final").is_some()), Asked(query.owned("after")));
    let books = Journal(view.app.clone());
    let Json(found) = books.journal(who, from, to, final_only, after, Asked(None)).await?;
    let told = found.to_json().unwrap_or_default();
    frame(&mut view, &query, &told);
    view.put("only_final", &query.get("final"));
    view.page("books_journal.html")
}

/// A balance as accountants write it: how much, and on which side.
fn sided(amount: &Value) -> Value {
    let text = amount.as_str().unwrap_or_default();
    let nothing = text.chars().all(|letter| matches!(letter, '0' | '.' | '-'));
    let side = match text.strip_prefix('-') {
        _ if nothing => "even",
        Some(_) => "credit",
        None => "debit",
    };
    json!({"amount": text.trim_start_matches('-'), "side": side})
}
