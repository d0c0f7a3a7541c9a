//! My day: what somebody who is in charge of tickets has to do, the most urgent first, each with its one next step.
//! Made for a phone.

use poem::{Response, handler};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use super::board::{cards, named, products};
use super::intake::openable;
use super::leads;
use super::view::View;
use crate::dispatch::plan::planned;
use crate::http::api::tickets::list::found;
use crate::http::api::tickets::show::present;
use crate::http::api::tickets::steps::offered;
use crate::http::api::tickets::{chart, find};
use crate::http::problem::Problem;
use crate::http::request_id;
use crate::http::signed_in::SignedIn;
use crate::store::read::search::TicketFilter;

const TEMPLATE: &str = "day.html";
/// Jobs of one page; nobody does more in a day.
const JOBS: u64 = 30;

/// GET /my-day
#[handler]
pub async fn show(mut view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let filter = TicketFilter {
        technician: Some(who.caller.name.clone()),
        finished: Some(false),
        ..TicketFilter::default()
    };
    let page = found(&view.app, &who, &filter, None, JOBS).await?;
    let products = products(&view, &who).await?;
    let mut jobs = Vec::new();
    let mut cards = cards(&view, &who, page.items, &products);
    named(&view, &mut cards).await?;
    for card in cards {
        jobs.push(job(&view, &who, card).await?);
    }
    jobs.sort_by_key(|job| job["when"].as_str().unwrap_or("9").to_owned());
    let (mine, others): (Vec<Value>, Vec<Value>) = jobs.into_iter().partition(|job| !job["next"].is_null());
    view.put("jobs", &mine);
    view.put("others", &others);
    // What is asked of the house itself, such as parts for one's van.
    let mut asks = openable(&view, &who);
    asks.retain(|process| process["within"] == true);
    view.put("asks", &asks);
    view.put("today", &view.writing.now.to_rfc3339());
    view.put("once", &request_id::new());
    view.page(TEMPLATE)
}

/// A ticket as a job: when, where, whom to call, what to do next.
async fn job(view: &View, who: &SignedIn, mut card: Value) -> Result<Value, Problem> {
    let code = card["code"].as_str().unwrap_or_default().to_owned();
    let row = find(&view.app, who, &code).await?;
    let chart = chart(&view.app, &row).await?;
    let ticket = present(&view.app, who, &row).await?;
    let due = row.due_at.map(|due| due.to_rfc3339());
    card["when"] = json!(planned(&chart, &ticket.fields).or(due));
    if let Some(code) = row.customer.as_deref()
        && let Some(found) = view.app.store.customer(code).await?
    {
        let hidden = who.hidden_in(&view.app, &row.branch);
        let place = [("customer.city", &found.customer.city), ("customer.address", &found.customer.address)];
        let seen = place.into_iter().filter(|(fact, _)| !hidden.contains(*fact));
        let place: Vec<String> =
            seen.filter_map(|(_, text)| text.clone()).filter(|text| !text.is_empty()).collect();
        card["place"] = json!(Some(place.join("، ")).filter(|text| !text.is_empty()));
    }
    let mut offered = offered(&view.app, who, &row).await?;
    leads::sort(&mut offered.steps, &chart, &row);
    let next = offered.steps.iter().find(|step| step.possible && !step.rare);
    card["next"] = next.and_then(ToJSON::to_json).unwrap_or_default();
    card["more"] = json!(offered.steps.iter().filter(|step| step.possible).count() > 1);
    card["revision"] = json!(offered.revision);
    Ok(card)
}
