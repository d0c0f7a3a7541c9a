//! GET /api/tickets/{code}: one ticket with its fields and what rules decided.

use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde_json::{Map, Value};

use super::summary::{Summary, Telling};
use super::{asking, chart, find, is_outside, party, veil};
use crate::app::App;
use crate::entity::ticket;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::shown::Shown;
use crate::http::signed_in::SignedIn;
use crate::store::read::family::Opened;

pub struct Show(pub App);

/// A ticket
#[derive(Debug, Object)]
pub struct Ticket {
    pub ticket: Summary,
    /// Its fields by name, those that you may see
    pub fields: Value,
    /// What rules decided, by fact, such as the warranty verdict
    pub decided: Value,
    /// Tickets that it has opened; not for people outside
    pub links: Vec<Link>,
}

/// A ticket that another one has opened
#[derive(Debug, Object)]
pub struct Link {
    /// Tracking code
    ticket: String,
    process: String,
    /// Id of the invoke that waits for it, or why it was opened
    name: String,
    /// `linked`: nobody waits; `awaited`, `told`: it has ended and was heard; `cancelled`: given up
    state: String,
    finished: bool,
}

impl From<Opened> for Link {
    fn from(opened: Opened) -> Self {
        let name = opened.name().to_owned();
        let Opened { ticket, process, state, finished, .. } = opened;
        Self { ticket, process, name, state, finished }
    }
}

#[OpenApi(tag = "Tag::Tickets")]
impl Show {
    /// One ticket
    #[oai(path = "/tickets/:code", method = "get")]
    async fn show(&self, who: SignedIn, code: Path<String>) -> Result<Shown<Ticket>, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        let ticket = present(&self.0, &who, &row).await?;
        Ok(Shown::new(&ticket, &who.hidden_in(&self.0, &row.branch)))
    }
}

/// A ticket as the caller may see it; roles' hidden facts are still in it.
pub async fn present(app: &App, who: &SignedIn, row: &ticket::Model) -> Result<Ticket, Problem> {
    let chart = chart(app, row).await?;
    let (currency, outside) = (currency(app), is_outside(&who.scope(app)));
    let codes: Vec<String> = row.customer.iter().cloned().collect();
    let customer = app.store.customers_named(&codes).await?.into_values().next();
    let (asking, party) = (asking(app, who).await?, party(app, who));
    let telling = Telling {
        chart: Some(&chart),
        language: who.language,
        currency: &currency,
        outside,
        party: &party,
        asking: &asking,
    };
    let decided = if outside { Value::Object(Map::new()) } else { json(&row.decided) };
    let mut fields = json(&row.fields);
    veil(app, who, &chart, &row.branch).strip(&mut fields);
    let opened =
        if row.children > 0 && !outside { app.store.opened_by(&row.code).await? } else { Vec::new() };
    let links = opened.into_iter().map(Link::from).collect();
    Ok(Ticket { ticket: Summary::of(row, customer, &telling), fields, decided, links })
}

/// Stored JSON.
pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}
