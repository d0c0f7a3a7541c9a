//! GET /api/devices/{serial}/life: a unit through everything that happened to it, in one list, and what it got for
//! nothing.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};

use super::list::in_reach;
use crate::app::App;
use crate::catalog::Version;
use crate::entity::{card_change, charge_line, device, fitted_part, ticket};
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::api::books::amount;
use crate::http::api::tickets::list::told;
use crate::http::api::tickets::summary::Summary;
use crate::http::problem::Problem;
use crate::http::shown::Shown;
use crate::http::signed_in::SignedIn;
use crate::register::find;
use crate::store::read::search::TicketFilter;

/// Most tickets that are told.
const TICKETS: u64 = 500;

/// The route.
pub struct Life(pub App);

/// A unit through everything that happened to it. Amounts are in major units
#[derive(Debug, Object)]
pub struct Lived {
    serial: String,
    product: String,
    status: String,
    /// The oldest first
    events: Vec<Event>,
    /// Its tickets that you may see, the newest first
    tickets: Vec<Summary>,
    charges: Free,
}

/// Something that happened
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct Event {
    on: NaiveDate,
    at: Option<DateTime<Utc>>,
    /// `produced`, `sold`, `installed`, `issued`, `started`, `stamped`, `extended`, `voided`, `edited`, `opened`,
    /// `closed`, `fitted`, `removed`
    what: String,
    /// Tracking code
    ticket: Option<String>,
    /// What its process is called
    process: Option<String>,
    /// Number of the card, or code of the part
    subject: Option<String>,
    /// Of the part, and of the one before it
    serial: Option<String>,
    old_serial: Option<String>,
}

/// Services and parts that cover has borne
#[derive(Debug, Object)]
struct Free {
    lines: Vec<FreeLine>,
    /// What they were worth to the customer
    covered: String,
    currency: String,
}

/// A service or part that cover has borne, in part or all of it
#[derive(Debug, Object)]
struct FreeLine {
    ticket: String,
    on: NaiveDate,
    kind: String,
    code: String,
    description: String,
    quantity: String,
    /// What it was worth to the customer
    covered: String,
}

#[OpenApi(tag = "Tag::Registers")]
impl Life {
    /// A unit through all processes: card, sale, installation, repairs, parts, complaints, extensions
    #[oai(path = "/devices/:key/life", method = "get")]
    async fn life(&self, who: SignedIn, key: Path<String>) -> Result<Shown<Lived>, Problem> {
        lived(&self.0, &who, &key.0).await
    }
}

/// The life of a unit, as the caller may see it.
pub async fn lived(app: &App, who: &SignedIn, serial: &str) -> Result<Shown<Lived>, Problem> {
    let devices = find("devices").ok_or_else(Problem::unavailable)?;
    in_reach(app, who, devices, serial).await?;
    let found = app.store.subject(serial).await?;
    let unit = found.ok_or_else(|| Problem::not_found("device", serial))?.device;
    let filter = TicketFilter { device: Some(unit.serial.clone()), ..TicketFilter::default() };
    let rows = app.store.tickets(&filter, &who.scope(app), None, TICKETS).await?;
    let tickets = told(app, who, &rows, false).await?;
    let seen = Seen { version: &app.catalog.current(), tickets: &tickets };
    let mut events = of_unit(&unit);
    events.extend(app.store.changes_of_cards(&unit.serial).await?.iter().map(|row| seen.card(row)));
    let parts = app.store.components(&unit.serial).await?;
    events.extend(parts.iter().flat_map(|row| seen.part(row)));
    events.extend(rows.iter().flat_map(|row| seen.ticket(row)));
    events.sort_by_key(|event| (event.on, event.at));
    let charges = free(app, &seen, &rows).await?;
    let device::Model { serial, product, status, .. } = unit;
    let life = Lived { serial, product, status, events, tickets, charges };
    Ok(Shown::new(&life, &who.hidden_somewhere(app)))
}

fn of_unit(unit: &device::Model) -> Vec<Event> {
    let days = [("produced", unit.produced_on), ("sold", unit.sold_on), ("installed", unit.installed_on)];
    let event = |(what, on): (&str, Option<NaiveDate>)| Some(Event::on(on?, what));
    days.into_iter().filter_map(event).collect()
}

impl Event {
    fn on(on: NaiveDate, what: &str) -> Self {
        let what = what.to_owned();
        Self {
            on,
            at: None,
            what,
            ticket: None,
            process: None,
            subject: None,
            serial: None,
            old_serial: None,
        }
    }
}

/// What the caller may see of tickets.
struct Seen<'a> {
    version: &'a Version,
    tickets: &'a [Summary],
}

impl Seen<'_> {
    fn at(&self, at: DateTime<Utc>, what: &str, ticket: Option<&str>) -> Event {
        let own = self.tickets.iter().find(|one| Some(one.code.as_str()) == ticket);
        Event {
            at: Some(at),
            ticket: own.map(|one| one.code.clone()),
            process: own.map(|one| one.process_title.clone()),
            ..Event::on(self.version.day(at), what)
        }
    }

    fn card(&self, row: &card_change::Model) -> Event {
        Event { subject: Some(row.card.clone()), ..self.at(row.at, &row.change, row.ticket.as_deref()) }
    }

    fn part(&self, row: &fitted_part::Model) -> Vec<Event> {
        let own = self.tickets.iter().find(|one| Some(&one.code) == row.ticket.as_ref());
        let event = |on: NaiveDate, what: &str| Event {
            ticket: own.map(|one| one.code.clone()),
            process: own.map(|one| one.process_title.clone()),
            subject: Some(row.part.clone()),
            serial: row.serial.clone(),
            ..Event::on(on, what)
        };
        let fitted = Event { old_serial: row.old_serial.clone(), ..event(row.fitted_on, "fitted") };
        let removed = row.removed_on.map(|on| Event { ticket: None, process: None, ..event(on, "removed") });
        [fitted].into_iter().chain(removed).collect()
    }

    fn ticket(&self, row: &ticket::Model) -> Vec<Event> {
        let code = Some(row.code.as_str());
        let closed = row.closed_at.map(|at| self.at(at, "closed", code));
        [self.at(row.opened_at, "opened", code)].into_iter().chain(closed).collect()
    }
}

/// What finished tickets gave for nothing.
async fn free(app: &App, seen: &Seen<'_>, rows: &[ticket::Model]) -> Result<Free, Problem> {
    let done = rows.iter().filter(|row| row.finished && row.category.as_deref() == Some("done"));
    let done: Vec<&ticket::Model> = done.collect();
    let codes: Vec<String> = done.iter().map(|row| row.code.clone()).collect();
    let (currency, lines) = (currency(app), app.store.covered_lines(&codes).await?);
    let worth = lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.covered));
    let line = |line: charge_line::Model| {
        let ticket = done.iter().find(|row| row.code == line.ticket)?;
        Some(FreeLine {
            on: seen.version.day(ticket.closed_at.unwrap_or(ticket.updated_at)),
            ticket: line.ticket,
            kind: line.kind,
            code: line.code,
            description: line.description,
            quantity: line.quantity,
            covered: amount(line.covered, &currency),
        })
    };
    Ok(Free {
        lines: lines.into_iter().filter_map(line).collect(),
        covered: amount(worth, &currency),
        currency: currency.code.to_string(),
    })
}
