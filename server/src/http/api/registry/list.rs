//! GET: a piece of a register.

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::text;
use poem_openapi::Object;
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};
use serde_json::{Value, json};

use super::locale;
use crate::app::App;
use crate::auth::Scope;
use crate::http::hidden;
use crate::http::problem::{Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::register::{Register, enter};
use crate::store::registry::{self, Window, reach};

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
            _ => Err(Problem::parameter(
                "limit",
                Text::why("why-between", vec![("least", "1".to_owned()), ("most", MOST.to_string())]),
            )),
        }
    }
}

/// Entries in the order of their keys.
pub async fn list(
    app: &App,
    who: &SignedIn,
    register: &'static Register,
    asked: Asked,
) -> Result<Value, Problem> {
    let scope = readable(app, who, register)?;
    let (limit, locale) = (asked.limit()?, locale(app));
    searchable(app, who, register, asked.search.as_deref())?;
    // One more than asked for tells whether something follows.
    let search = asked.search.map(|text| wanted(&text, &locale.country)).unwrap_or_default();
    let window = Window { search, after: asked.after, scope: Some(scope), limit: limit + 1 };
    let mut rows = registry::page(app.store.reader(), register, &window).await?;
    let is_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| is_more).map(|last| last.key().to_owned());
    let items = enter::shown(app.store.reader(), register, rows, &locale).await?;
    let mut page = json!({"items": items});
    if let (Some(next), Some(map)) = (next, page.as_object_mut()) {
        map.insert("next".into(), json!(next));
    }
    if let Some(items) = page.get_mut("items") {
        hidden::strip_inside(items, register.facts, &who.hidden(app));
    }
    Ok(page)
}

/// What a search looks for: the text however it is typed, and as part of a telephone number.
pub fn wanted(text: &str, country: &str) -> Vec<String> {
    let mut wanted = vec![text::folded(text)];
    let digits = text.chars().filter(|letter| letter.is_numeric()).count();
    if digits >= 4 && !text.chars().any(char::is_alphabetic) {
        wanted.push(text::phone_part(text, country));
    }
    wanted
}

/// Whose entries of a register the caller may read; only registers about people and their things hang on tickets.
pub fn readable(app: &App, who: &SignedIn, register: &Register) -> Result<Scope, Problem> {
    let scope = who.may(app, register.read)?;
    let all = register.by_ticket.is_none() || who.has(app, Permission::RegistriesReadAll);
    Ok(if all { Scope::All } else { scope })
}

/// Refuses an entry that is not the caller's to see, as if it were not there.
pub async fn in_reach(
    app: &App,
    who: &SignedIn,
    register: &'static Register,
    key: &str,
) -> Result<(), Problem> {
    let scope = readable(app, who, register)?;
    match reach::is_within(app.store.reader(), register, key, &scope).await? {
        true => Ok(()),
        false => Err(Problem::not_found(register.one, key)),
    }
}

/// Refuses a search that would tell what the caller never sees.
pub fn searchable(
    app: &App,
    who: &SignedIn,
    register: &Register,
    search: Option<&str>,
) -> Result<(), Problem> {
    let hidden = who.hidden(app);
    let looks = |name: &&&str| register.field(name).is_some_and(|field| register.hides(&hidden, field));
    match register.searched.iter().find(looks) {
        Some(name) if search.is_some_and(|text| !text.is_empty()) => Err(Problem::hidden(name)),
        _ => Ok(()),
    }
}
