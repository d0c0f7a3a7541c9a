//! The board: all requests that somebody may see, as cards by how they stand or as a table, narrowed by filters
//! that live in the address, so that every view is a link.

mod cards;
mod query;
pub mod saved;

use std::collections::BTreeMap;

use aftercare_engine::text;
use poem::{Request, Response, handler};
use serde_json::{Value, json};

use super::view::{View, to};
use super::{navigation, people};
use crate::auth::Scope;
use crate::http::access::country;
use crate::http::api::tickets::is_outside;
use crate::http::api::tickets::list::{self, found, quiet_since};
use crate::http::api::tickets::steps::said;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::store::read::search::TicketFilter;

pub use cards::{cards, dressed, named, products};
pub use query::Query;

const TEMPLATE: &str = "board.html";
/// Rows of a table.
const ROWS: u64 = 50;
/// Cards of one column.
const CARDS: usize = 20;
/// The columns: what a definition's categories can be.
const COLUMNS: [&str; 4] = ["open", "waiting", "done", "cancelled"];
/// Shortest piece of a phone number that is taken for one.
const PHONE: usize = 7;

/// GET /tickets
#[handler]
pub async fn show(request: &Request, mut view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let query = Query::of(request);
    let mut filter = filter(&view, &query);
    if let Some(asked) = query.get("q")
        && let Some(code) = search(&view, &who, asked, &mut filter).await?
    {
        return Ok(to(&format!("/tickets/{code}")));
    }
    let as_table = query.get("view") == Some("table") || query.get("after").is_some();
    let products = products(&view, &who).await?;
    if as_table {
        let page = found(&view.app, &who, &filter, query.get("after"), ROWS).await?;
        let mut rows = cards(&view, &who, page.items, &products);
        dressed(&view, &mut rows).await?;
        view.put("rows", &rows);
        let next = page.next.map(|next| Query(query.0.clone()).with_after(&next));
        view.put("next", &next);
    } else {
        view.put("columns", &columns(&view, &who, &query, &filter, &products).await?);
    }
    view.put("as_table", &as_table);
    view.put("can_assign", &navigation::assigns(&view.app, &who));
    view.put("as_cards", &query.with("view", None));
    view.put("as_rows", &query.with("view", Some("table")));
    view.put("query", &query.0);
    view.put("q", &query.get("q"));
    view.put("is_filtered", &query.0.keys().any(|name| name != "view" && name != "after"));
    view.put("address", &query.text());
    view.put("saved", &saved::of(&view, &who, &query).await?);
    offer(&mut view, &who).await?;
    view.page(TEMPLATE)
}

/// The cards, column by column.
async fn columns(
    view: &View,
    who: &SignedIn,
    query: &Query,
    filter: &TicketFilter,
    products: &BTreeMap<String, String>,
) -> Result<Vec<Value>, Problem> {
    let only = filter.category.as_deref();
    let wanted: Vec<&str> = COLUMNS.into_iter().filter(|one| only.is_none_or(|only| only == *one)).collect();
    // One more than is shown tells that there are more.
    let items = list::columns(&view.app, who, filter, &wanted, CARDS as u64 + 1).await?;
    let mut all = cards(view, who, items, products);
    dressed(view, &mut all).await?;
    let column = |category: &&str| {
        let mut cards: Vec<&Value> = all.iter().filter(|card| card["category"] == *category).collect();
        let is_more = cards.len() > CARDS;
        cards.truncate(CARDS);
        let more = is_more.then(|| query.with_two("category", category, "view", "table"));
        json!({"category": category, "more": more, "cards": cards})
    };
    Ok(wanted.iter().map(column).collect())
}

/// What the address asks for besides the search.
pub fn filter(view: &View, query: &Query) -> TicketFilter {
    TicketFilter {
        technician: query.owned("technician"),
        branch: query.owned("branch"),
        shop: query.owned("store"),
        process: query.owned("process"),
        product_category: query.owned("product_category"),
        category: query.owned("category"),
        overdue_at: query.get("overdue").map(|_| view.app.clock.now()),
        quiet_since: query.get("stale").map(|_| quiet_since(&view.app)),
        ..TicketFilter::default()
    }
}

/// Takes what was typed into the search for what it looks like: a code, a phone, a serial, else a name. The code of
/// one ticket leads there at once.
pub async fn search(
    view: &View,
    who: &SignedIn,
    asked: &str,
    filter: &mut TicketFilter,
) -> Result<Option<String>, Problem> {
    let plain = text::latin_digits(asked);
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    let is_phone = plain.chars().all(|letter| letter.is_ascii_digit() || "+ ()".contains(letter));
    if is_phone && digits >= PHONE {
        filter.phone = Some(text::phone_part(&plain, &country(&view.app)));
        return Ok(None);
    }
    if let Some(row) = view.app.store.ticket_within(&plain, &who.scope(&view.app)).await? {
        return Ok(Some(row.code));
    }
    if let Some(subject) = view.app.store.subject(&plain).await? {
        filter.device = Some(subject.device.serial);
    } else if digits > 0 && plain.contains('-') {
        filter.code = Some(plain);
    } else {
        filter.name = Some(text::folded(asked));
    }
    Ok(None)
}

/// What the filters can be set to.
async fn offer(view: &mut View, who: &SignedIn) -> Result<(), Problem> {
    let version = view.app.catalog.current();
    let language = view.writing.language;
    let processes: Vec<Value> = version
        .processes()
        .filter_map(|name| Some((name, version.chart(name)?)))
        .map(|(name, chart)| {
            json!({"value": name, "title": said(chart.definition.title.as_ref(), language, name)})
        })
        .collect();
    view.put("processes", &processes);
    let scope = who.scope(&view.app);
    view.put("outside", &is_outside(&scope));
    let named = people::branches(view).await?;
    let is_own = |code: &str| match &scope {
        Scope::Branches(own) => own.contains(code),
        Scope::All => true,
        _ => false,
    };
    let branches: Vec<String> = named.keys().filter(|code| is_own(code)).cloned().collect();
    let shown = branches.iter().map(|code| json!({"value": code, "title": named.get(code)}));
    view.put("branches", &shown.collect::<Vec<_>>());
    let mut technicians = Vec::new();
    let in_charge = version.library().roles.iter().filter(|(_, role)| role.in_charge);
    for (name, _) in in_charge {
        for branch in &branches {
            for user in view.app.store.users_with_role(&name.value, branch).await? {
                let entry = json!({"value": user.name, "title": user.full_name});
                if !technicians.contains(&entry) {
                    technicians.push(entry);
                }
            }
        }
    }
    view.put("technicians", &technicians);
    Ok(())
}
