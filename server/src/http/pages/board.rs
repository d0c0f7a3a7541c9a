//! The board: all requests that somebody may see, as cards by how they stand or as a table, narrowed by filters
//! that live in the address, so that every view is a link.

use std::collections::BTreeMap;

use aftercare_engine::text;
use chrono::TimeDelta;
use poem::{Request, Response, handler};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use super::choices::{entries, in_words};
use super::view::{View, to};
use crate::auth::Scope;
use crate::http::access::country;
use crate::http::api::tickets::list::{found, veiled};
use crate::http::api::tickets::steps::said;
use crate::http::api::tickets::{Summary, is_outside};
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::store::read::search::TicketFilter;

const TEMPLATE: &str = "board.html";
/// Rows of a table.
const ROWS: u64 = 50;
/// Cards of one column.
const CARDS: u64 = 20;
/// The columns: what a definition's categories can be.
const COLUMNS: [&str; 4] = ["open", "waiting", "done", "cancelled"];
/// Days after which a request that is not done looks older.
const AGES: [(i64, &str); 3] = [(14, "old"), (7, "aging"), (3, "ripe")];
/// Shortest piece of a phone number that is taken for one.
const PHONE: usize = 7;

/// What the address asks for, by name. Empty values do not count.
pub struct Query(BTreeMap<String, String>);

impl Query {
    pub fn of(request: &Request) -> Self {
        let query = request.uri().query().unwrap_or_default().as_bytes();
        let pairs = form_urlencoded::parse(query).into_owned();
        Self(pairs.filter(|(_, value)| !value.trim().is_empty()).collect())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim())
    }

    fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// The same address with one thing changed; none: left out.
    fn with(&self, name: &str, value: Option<&str>) -> String {
        let mut pairs = self.0.clone();
        pairs.remove("after");
        pairs.remove(name);
        if let Some(value) = value {
            pairs.insert(name.to_owned(), value.to_owned());
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        if query.is_empty() { "/tickets".to_owned() } else { format!("/tickets?{query}") }
    }
}

/// GET /tickets
#[handler]
pub async fn show(request: &Request, mut view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let query = Query::of(request);
    let mut filter = TicketFilter {
        technician: query.owned("technician"),
        branch: query.owned("branch"),
        process: query.owned("process"),
        product_category: query.owned("product_category"),
        category: query.owned("category"),
        overdue_at: query.get("overdue").map(|_| view.app.clock.now()),
        ..TicketFilter::default()
    };
    if let Some(asked) = query.get("q")
        && let Some(code) = search(&view, &who, asked, &mut filter).await?
    {
        return Ok(to(&format!("/tickets/{code}")));
    }
    let as_table = query.get("view") == Some("table") || query.get("after").is_some();
    let products = products(&view, &who).await?;
    if as_table {
        let page = found(&view.app, &who, &filter, query.get("after"), ROWS).await?;
        view.put("rows", &cards(&view, &who, page.items, &products));
        let next = page.next.map(|next| Query(query.0.clone()).with_after(&next));
        view.put("next", &next);
    } else {
        let mut columns = Vec::new();
        let wanted = COLUMNS.iter().filter(|one| filter.category.as_deref().is_none_or(|only| only == **one));
        for category in wanted {
            let filter = TicketFilter { category: Some((*category).to_owned()), ..filter.clone() };
            let page = found(&view.app, &who, &filter, None, CARDS).await?;
            columns.push(json!({
                "category": category,
                "more": page.next.map(|_| query.with_two("category", category, "view", "table")),
                "cards": cards(&view, &who, page.items, &products),
            }));
        }
        view.put("columns", &columns);
    }
    view.put("as_table", &as_table);
    view.put("as_cards", &query.with("view", None));
    view.put("as_rows", &query.with("view", Some("table")));
    view.put("query", &query.0);
    view.put("q", &query.get("q"));
    view.put("is_filtered", &query.0.keys().any(|name| name != "view" && name != "after"));
    offer(&mut view, &who).await?;
    view.page(TEMPLATE)
}

impl Query {
    fn with_after(mut self, after: &str) -> String {
        self.0.insert("after".into(), after.to_owned());
        self.0.insert("view".into(), "table".into());
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish();
        format!("/tickets?{query}")
    }

    fn with_two(&self, one: &str, value: &str, other: &str, second: &str) -> String {
        let mut all = self.0.clone();
        all.insert(one.to_owned(), value.to_owned());
        Self(all).with(other, Some(second))
    }
}

/// Takes what was typed into the search for what it looks like: a code, a phone, a serial, else a name. The code of
/// one ticket leads there at once.
async fn search(
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

/// Names of models by their codes, for readers who may see the register.
pub async fn products(view: &View, who: &SignedIn) -> Result<BTreeMap<String, String>, Problem> {
    let items = entries(view, who, "products").await?;
    let named = items.iter().filter_map(|item| {
        Some((item["code"].as_str()?.to_owned(), in_words(&item["name"], view.writing.language)))
    });
    Ok(named.collect())
}

/// The tickets as a card or row shows them.
pub fn cards(
    view: &View,
    who: &SignedIn,
    items: Vec<Summary>,
    products: &BTreeMap<String, String>,
) -> Vec<Value> {
    let now = view.writing.now;
    let card = |item: Summary| {
        let is_done = item.finished || matches!(item.category.as_deref(), Some("done" | "cancelled"));
        let age = now - item.opened_at;
        let grown = AGES.iter().find(|(days, _)| age >= TimeDelta::days(*days)).map(|(_, name)| *name);
        let is_late = item.due_at.is_some_and(|due| due < now) && !is_done;
        let amount = |text: &str| text.parse::<rust_decimal::Decimal>().unwrap_or_default();
        let (gross, paid) = (amount(&item.gross), amount(&item.paid));
        let money = match (gross.is_zero(), paid >= gross) {
            (true, _) => None,
            (false, true) => Some("paid"),
            (false, false) => Some("owes"),
        };
        let product = item.product.as_ref().map(|code| products.get(code).unwrap_or(code).clone());
        let mut json = item.to_json().unwrap_or_default();
        veiled(&view.app, who, &mut json);
        json["age"] = json!(if is_done { None } else { grown });
        json["late"] = json!(is_late);
        json["money"] = json!(money);
        json["product_name"] = json!(product);
        json
    };
    items.into_iter().map(card).collect()
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
    let branches: Vec<String> = match &scope {
        Scope::Branches(branches) => branches.iter().cloned().collect(),
        Scope::All => view.app.store.branches().await?.into_iter().map(|branch| branch.code).collect(),
        _ => Vec::new(),
    };
    view.put("branches", &branches);
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
