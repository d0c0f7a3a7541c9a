//! GET /api/tickets: found by everything that people search by.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use aftercare_engine::text;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use serde_json::Value;

use super::show::json;
use super::summary::{Summary, Telling, first_words};
use super::{asking, chart, is_outside, party, reach, veil};
use crate::app::App;
use crate::auth::Scope;
use crate::entity::ticket;
use crate::http::access::{country, currency, library};
use crate::http::api::Tag;
use crate::http::api::registry::list::{Asked, Page};
use crate::http::hidden;
use crate::http::problem::{Problem, Text};
use crate::http::shown::Shown;
use crate::http::signed_in::SignedIn;
use crate::store::read::search::{After, TicketFilter};

pub struct List(pub App);

#[OpenApi(tag = "Tag::Tickets")]
impl List {
    /// Tickets, newest first
    ///
    /// Filters narrow together. Phones are found with Persian or Latin digits and with +98, 0098 or 0 in front;
    /// names with Arabic or Persian letters.
    #[oai(path = "/tickets", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the query")]
    async fn list(
        &self,
        who: SignedIn,
        /// Tracking code or part of it
        code: Query<Option<String>>,
        /// The customer's phone or part of it
        phone: Query<Option<String>>,
        /// Part of the customer's name
        name: Query<Option<String>>,
        /// Code of the customer
        customer: Query<Option<String>>,
        /// Serial
        device: Query<Option<String>>,
        /// Code of the product category
        product_category: Query<Option<String>>,
        /// Model code
        product: Query<Option<String>>,
        /// Sign-in name of the technician in charge
        technician: Query<Option<String>>,
        store: Query<Option<String>>,
        branch: Query<Option<String>>,
        process: Query<Option<String>>,
        /// `open`, `waiting`, `done`, `cancelled`
        category: Query<Option<String>>,
        /// Only those whose deadline has passed
        overdue: Query<Option<bool>>,
        /// Only those that are open and about which nothing has happened or was said for long
        stale: Query<Option<bool>>,
        finished: Query<Option<bool>>,
        /// The `next` of the piece before
        after: Query<Option<String>>,
        /// 1 to 200, 50 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Shown<Page<Summary>>, Problem> {
        let app = &self.0;
        let limit = Asked { search: None, after: None, limit: limit.0 }.limit()?;
        let filter = TicketFilter {
            code: code.0.map(|code| text::latin_digits(&code)),
            phone: phone.0.map(|phone| text::phone_part(&phone, &country(app))),
            name: name.0.map(|name| text::folded(&name)),
            customer: customer.0,
            device: device.0,
            product_category: product_category.0,
            product: product.0,
            technician: technician.0,
            shop: store.0,
            branch: branch.0,
            process: process.0,
            category: category.0,
            overdue_at: overdue.0.unwrap_or_default().then(|| app.clock.now()),
            quiet_since: stale.0.unwrap_or_default().then(|| quiet_since(app)),
            finished: finished.0,
            ..TicketFilter::default()
        };
        let page = found(app, &who, &filter, after.0.as_deref(), limit).await?;
        Ok(Shown::each(&page, "items", |item| veiled(app, &who, item)))
    }
}

/// A piece of the tickets that fit and that the caller may see, newest first.
pub async fn found(
    app: &App,
    who: &SignedIn,
    filter: &TicketFilter,
    after: Option<&str>,
    limit: u64,
) -> Result<Page<Summary>, Problem> {
    let after = after.map(place).transpose()?;
    let scope = reach(app, who)?;
    tells_nothing(app, who, &scope, filter)?;
    let mut rows = app.store.tickets(filter, &scope, after.as_ref(), limit + 1).await?;
    let is_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| is_more).map(cursor);
    Ok(Page { items: told(app, who, &rows, is_outside(&scope)).await?, next })
}

/// The newest tickets of each of these categories that fit and that the caller may see.
pub async fn columns(
    app: &App,
    who: &SignedIn,
    filter: &TicketFilter,
    categories: &[&str],
    limit: u64,
) -> Result<Vec<Summary>, Problem> {
    let scope = reach(app, who)?;
    tells_nothing(app, who, &scope, filter)?;
    let rows = app.store.tickets_by_category(filter, &scope, categories, limit).await?;
    told(app, who, &rows, is_outside(&scope)).await
}

/// Refuses to look for what the caller never sees: finding it would tell it, a piece at a time.
fn tells_nothing(app: &App, who: &SignedIn, scope: &Scope, filter: &TicketFilter) -> Result<(), Problem> {
    let hidden = who.hidden_somewhere(app);
    let phone = "customer.phone";
    let asked = [
        (filter.phone.is_some(), "phone", phone),
        (filter.name.is_some(), "name", "customer.name"),
        (filter.customer.is_some(), "customer", "customer.code"),
        (filter.device.is_some(), "device", "ticket.device"),
        (filter.device.is_some(), "device", "device.serial"),
        (filter.product.is_some(), "product", "ticket.product"),
        (filter.technician.is_some(), "technician", "ticket.technician"),
    ];
    // Agencies are not told the phones of those whom they have received.
    let unseen = |fact: &str| hidden.contains(fact) || (fact == phone && matches!(scope, Scope::Agency(_)));
    match asked.into_iter().find(|(is_asked, _, fact)| *is_asked && unseen(fact)) {
        Some((_, name, _)) => Err(Problem::hidden(name)),
        None => Ok(()),
    }
}

/// Takes out of a ticket in a line what the caller never sees in its branch.
pub fn veiled(app: &App, who: &SignedIn, line: &mut Value) {
    let hidden = who.hidden_in(app, line["branch"].as_str().unwrap_or_default());
    hidden::strip(line, &hidden);
    hidden::strip_inside(line, "ticket", &hidden);
}

/// The rows in lines, with the customers' names.
pub async fn told(
    app: &App,
    who: &SignedIn,
    rows: &[ticket::Model],
    outside: bool,
) -> Result<Vec<Summary>, Problem> {
    let codes: Vec<String> = rows.iter().filter_map(|row| row.customer.clone()).collect();
    let names = app.store.customers_named(&codes).await?;
    let (currency, asking, party) = (currency(app), asking(app, who).await?, party(app, who));
    let mut charts = BTreeMap::new();
    for row in rows {
        let key = (row.bundle.clone(), row.process.clone());
        if let Entry::Vacant(place) = charts.entry(key) {
            place.insert(chart(app, row).await?);
        }
    }
    let stale = if outside { None } else { Some(app.store.quiet_of(rows, quiet_since(app)).await?) };
    let line = |row: &ticket::Model| {
        let chart = charts.get(&(row.bundle.clone(), row.process.clone())).map(AsRef::as_ref);
        let telling = Telling {
            chart,
            language: who.language,
            currency: &currency,
            outside,
            party: &party,
            asking: &asking,
        };
        let customer = row.customer.as_ref().and_then(|code| names.get(code)).cloned();
        let mut line = Summary::of(row, customer, &telling);
        line.stale = stale.as_ref().map(|stale| stale.contains(&row.code));
        line.about = chart.and_then(|chart| {
            let mut fields = json(&row.fields);
            veil(app, who, chart, &row.branch).strip(&mut fields);
            first_words(chart, &fields)
        });
        line
    };
    Ok(rows.iter().map(line).collect())
}

/// From when on something must have happened to a ticket, or was said about it, for it to be in motion.
pub fn quiet_since(app: &App) -> DateTime<Utc> {
    let days = library(app).company.as_ref().map_or(0, |company| company.stale_after_days);
    app.clock.now() - TimeDelta::days(days.into())
}

/// Where the next piece begins, as text. `~` never stands in a code.
fn cursor(row: &ticket::Model) -> String {
    format!("{}~{}", row.opened_at.to_rfc3339_opts(SecondsFormat::Millis, true), row.code)
}

fn place(text: &str) -> Result<After, Problem> {
    let wrong = || Problem::parameter("after", Text::why("why-next", vec![]));
    let (moment, code) = text.split_once('~').ok_or_else(wrong)?;
    let opened_at = DateTime::parse_from_rfc3339(moment).map_err(|_| wrong())?.to_utc();
    Ok(After { opened_at, code: code.to_owned() })
}
