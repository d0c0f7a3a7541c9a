//! The inbox: everything that waits for the reader's roles, by the unit that it comes from and by what it is, so that
//! what is alike is decided together. It decides nothing itself: what is chosen goes to the page for many.

use std::collections::BTreeMap;

use aftercare_engine::statechart::Statechart;
use poem::{Response, handler};
use serde_json::json;

use super::board::{cards, dressed, products};
use super::people;
use super::view::View;
use crate::http::api::tickets::Summary;
use crate::http::api::tickets::list::found;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::store::read::search::TicketFilter;

const TEMPLATE: &str = "inbox.html";
/// Most requests of the page, and how many are read at once.
const MOST: usize = 1_000;
const PIECE: u64 = 200;
/// Most requests of one group that are shown: as many as can be decided at once.
const IN_GROUP: usize = 100;

/// GET /inbox
#[handler]
pub async fn show(mut view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let items = waiting(&view, &who).await?;
    let count = items.len();
    let mut groups: BTreeMap<(String, String, String), Vec<Summary>> = BTreeMap::new();
    for item in items {
        groups.entry(place(&item)).or_default().push(item);
    }
    let products = products(&view, &who).await?;
    let branches = people::branches(&view).await?;
    let mut shown = Vec::new();
    for ((agency, branch, kind), items) in groups {
        let unit = match agency.as_str() {
            "" => branches.get(&branch).unwrap_or(&branch).clone(),
            code => people::agency(&view, code).await?,
        };
        let all = items.len();
        let items: Vec<Summary> = items.into_iter().take(IN_GROUP).collect();
        let mut rows = cards(&view, &who, items, &products);
        dressed(&view, &mut rows).await?;
        shown.push(json!({"unit": unit, "kind": kind, "count": all, "rows": rows}));
    }
    // The fullest first: there deciding together saves most.
    shown.sort_by_key(|group| std::cmp::Reverse(group["count"].as_u64()));
    view.put("groups", &shown);
    view.put("count", &count);
    view.page(TEMPLATE)
}

/// Unit and kind of a request: the agency that brings it, else the branch; what it is and where it stands.
fn place(item: &Summary) -> (String, String, String) {
    let agency = item.agency.clone().unwrap_or_default();
    let branch = if agency.is_empty() { item.branch.clone() } else { String::new() };
    (agency, branch, format!("{} · {}", item.process_title, item.state_titles.join(" · ")))
}

/// Requests in which one of the reader's roles has to act, newest first.
async fn waiting(view: &View, who: &SignedIn) -> Result<Vec<Summary>, Problem> {
    let filter = TicketFilter { finished: Some(false), ..TicketFilter::default() };
    let version = view.app.catalog.current();
    let is_awaited = |item: &Summary| {
        let roles = who.caller.roles_in(&item.branch);
        let chart = version.chart(&item.process);
        chart.is_some_and(|chart| awaits(chart, item, &|role| roles.contains(role)))
    };
    let (mut items, mut after) = (Vec::new(), None);
    while items.len() < MOST {
        let piece = found(&view.app, who, &filter, after.as_deref(), PIECE).await?;
        items.extend(piece.items.into_iter().filter(is_awaited));
        after = piece.next;
        if after.is_none() {
            break;
        }
    }
    Ok(items)
}

/// Whether an active state, or the nearest one around it that names somebody, waits for such a role.
fn awaits(chart: &Statechart, item: &Summary, has: &dyn Fn(&str) -> bool) -> bool {
    let mut active = item.states.iter().flatten().filter_map(|path| chart.state_at(path));
    active.any(|id| chart.owner(id).iter().any(|role| has(role)))
}
