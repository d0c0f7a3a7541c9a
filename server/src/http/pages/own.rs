//! The place of an agency or a partner company: what waits for it first, then what it was asked, what it has in hand and
//! what was decided; what is owed, its statements, and our goods in its hands. Nothing of anybody else.

use poem::{Response, handler};
use poem_openapi::types::ToJSON;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::board::{cards, named, products};
use super::leads;
use super::view::View;
use crate::http::api::books::agency::{OwnAccount, Span, account_of};
use crate::http::api::tickets::list::found;
use crate::http::api::tickets::steps::offered;
use crate::http::api::tickets::{chart, find};
use crate::http::problem::{Kind, Problem};
use crate::http::request_id;
use crate::http::signed_in::SignedIn;
use crate::store::read::search::TicketFilter;

const TEMPLATE: &str = "own.html";
/// Requests that are not at their end; a page shows no more, the board does.
const OPEN: u64 = 50;
/// The last that were decided.
const DONE: u64 = 10;
/// The last lines of the account, of the most that are read.
const LINES: usize = 8;
const MOST: u64 = 1000;

/// GET /own
#[handler]
pub async fn show(mut view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let Some(code) = who.own_agency(&view.app) else {
        return Err(Problem::new(Kind::Forbidden, "detail-own-agency", vec![]));
    };
    let products = products(&view, &who).await?;
    let page = |finished: bool| TicketFilter { finished: Some(finished), ..TicketFilter::default() };
    let open = found(&view.app, &who, &page(false), None, OPEN).await?;
    let (mut waits, mut asked, mut at_work) = (Vec::new(), Vec::new(), Vec::new());
    let mut cards_open = cards(&view, &who, open.items, &products);
    named(&view, &mut cards_open).await?;
    for mut card in cards_open {
        next(&view, &who, &mut card).await?;
        let is_in_hand = [&card["agency"], &card["partner"]].contains(&&json!(code));
        match (card["next"].is_null(), is_in_hand) {
            (false, _) => waits.push(card),
            (true, false) => asked.push(card),
            (true, true) => at_work.push(card),
        }
    }
    // What waits longest comes first.
    waits.reverse();
    let done = found(&view.app, &who, &page(true), None, DONE).await?;
    let mut decided = cards(&view, &who, done.items, &products);
    named(&view, &mut decided).await?;
    view.put("more", &(open.next.is_some() || done.next.is_some()));
    view.put("waits", &waits);
    view.put(
        "groups",
        &json!([
            {"key": "asked", "cards": asked},
            {"key": "at-work", "cards": at_work},
            {"key": "decided", "cards": decided},
        ]),
    );
    let account = account_of(&view.app, &who, &code, Span { limit: Some(MOST), ..Span::default() }).await?;
    view.put("account", &told(&account));
    view.put("once", &request_id::new());
    view.page(TEMPLATE)
}

/// The step that waits for the reader, if one does.
async fn next(view: &View, who: &SignedIn, card: &mut Value) -> Result<(), Problem> {
    let row = find(&view.app, who, card["code"].as_str().unwrap_or_default()).await?;
    let chart = chart(&view.app, &row).await?;
    let mut offered = offered(&view.app, who, &row).await?;
    leads::sort(&mut offered.steps, &chart, &row);
    let next = offered.steps.iter().find(|step| step.possible && step.awaited && !step.rare);
    card["next"] = next.and_then(ToJSON::to_json).unwrap_or_default();
    card["revision"] = json!(offered.revision);
    Ok(())
}

/// The account as the page shows it: who owes whom how much, and the last lines, newest first.
fn told(account: &OwnAccount) -> Value {
    let mut shown = account.to_json().unwrap_or_default();
    let closing: Decimal = account.closing.parse().unwrap_or_default();
    let side = match closing {
        nothing if nothing.is_zero() => "even",
        theirs if theirs.is_sign_negative() => "ours",
        _ => "theirs",
    };
    shown["side"] = json!(side);
    shown["owed"] = json!(closing.abs().to_string());
    let lines = account.lines.iter().rev().take(LINES).filter_map(ToJSON::to_json);
    shown["lines"] = lines.collect();
    shown
}
