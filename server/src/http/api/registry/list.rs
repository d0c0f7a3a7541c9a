//! GET: a piece of a register.

use poem_openapi::Object;
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};

use super::entry::{Entry, Reading};
use crate::app::App;
use crate::http::access::currency;
use crate::http::problem::Problem;
use crate::http::shown::Shown;
use crate::http::signed_in::SignedIn;
use crate::store::registry::{self, Window};

/// Most entries of one answer.
const MOST: u64 = 200;

/// A piece of a list and where the next one begins.
#[derive(Debug, Object)]
pub struct Page<T: Type + ParseFromJSON + ToJSON + Send + Sync> {
    pub items: Vec<T>,
    /// Give it as `after` to get what follows; absent: this was all.
    #[oai(skip_serializing_if_is_none)]
    pub next: Option<String>,
}

/// What a list was asked for.
pub struct Asked {
    pub search: Option<String>,
    pub after: Option<String>,
    pub limit: Option<u64>,
}

impl Asked {
    /// How many entries to answer with.
    pub fn limit(&self) -> Result<u64, Problem> {
        match self.limit.unwrap_or(50) {
            limit @ 1..=MOST => Ok(limit),
            _ => Err(Problem::parameter("limit", format!("it must be 1 to {MOST}"))),
        }
    }
}

/// Entries in the order of their keys.
pub async fn list<E: Entry>(app: &App, who: &SignedIn, asked: Asked) -> Result<Shown<Page<E>>, Problem> {
    readable(app, who)?;
    let limit = asked.limit()?;
    // One more than asked for tells whether something follows.
    let window = Window { search: asked.search, after: asked.after, limit: limit + 1 };
    let rows = registry::page::<E::Table>(app.store.reader(), &window).await?;
    let currency = currency(app);
    let reading = Reading { currency: &currency };
    let is_more = rows.len() as u64 > limit;
    let mut items = Vec::new();
    for row in rows.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX)) {
        items.push(E::read(row, &reading).complete(&app.store).await?);
    }
    let next = items.last().filter(|_| is_more).map(|last| last.key().to_owned());
    Ok(Shown::parts(&Page { items, next }, "items", E::FACTS, &who.hidden(app)))
}

/// Whom a list is for; the right that reading a register needs.
pub fn readable(app: &App, who: &SignedIn) -> Result<(), Problem> {
    who.may(app, aftercare_engine::definition::messages::Permission::RegistriesRead)
}
