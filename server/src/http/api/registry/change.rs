//! PUT by key: an entry replaced by another picture of it, if it is still as its reader saw it.

use std::collections::BTreeSet;

use poem::http::StatusCode;
use serde_json::json;

use super::entry::{Change, Entry, Reading, Writing};
use crate::app::App;
use crate::http::access::{country, currency};
use crate::http::body::Body;
use crate::http::hidden;
use crate::http::once::{Answer, Stop, once, refers};
use crate::http::problem::{FieldError, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::registry::{self, Row};
use crate::store::step::Key;

/// Replaces the entry with this key.
pub async fn change<E: Entry>(
    app: &App,
    who: &SignedIn,
    key: String,
    body: Body<E>,
    request: Option<Key>,
) -> Result<Answer<E>, Problem> {
    let entry = body.value;
    if entry.key() != key {
        let reason = "it is not the one in the address".to_owned();
        return Err(Problem::fields(vec![FieldError::new(
            "code",
            "field-invalid",
            vec![("reason", reason)],
        )]));
    }
    let seen = entry
        .version()
        .ok_or_else(|| Problem::fields(vec![FieldError::new("version", "field-required", vec![])]))?;
    own(app, who, &entry)?;
    let row = row(app, &entry)?;
    let (app, who, now) = (app.clone(), who.clone(), app.clock.now());
    once(&app.clone(), request, move |tx| {
        Box::pin(async move {
            let hidden = who.hidden(&app);
            let before = registry::one::<E::Table>(tx, &key).await?;
            let present = present::<E>(&app, &who, before.clone(), &key)?;
            if !registry::change::<E::Table>(tx, &key, seen, row, now)
                .await
                .map_err(|error| refers(error, "detail-refers"))?
            {
                return Err(stale(seen, &present, &hidden).into());
            }
            entry.accompany(tx, Change { before, who: who.caller.name.clone(), now }).await?;
            Ok::<_, Stop>(told(StatusCode::OK, &entry, seen + 1, &hidden))
        })
    })
    .await
}

/// Refuses an entry that belongs to a branch which is not the caller's.
pub fn own<E: Entry>(app: &App, who: &SignedIn, entry: &E) -> Result<(), Problem> {
    match entry.branch() {
        Some(branch) => who.in_branch(app, Some(branch)),
        None => Ok(()),
    }
}

/// The entry as it is now, if there is one and the caller may change it.
pub fn present<E: Entry>(
    app: &App,
    who: &SignedIn,
    row: Option<Row<E::Table>>,
    key: &str,
) -> Result<E, Problem> {
    let row = row.ok_or_else(|| Problem::not_found(E::THING, key))?;
    let entry = E::read(row, &Reading { currency: &currency(app) });
    own(app, who, &entry)?;
    Ok(entry)
}

/// The caller saw another picture than the one that holds.
pub fn stale<E: Entry>(seen: i64, present: &E, hidden: &BTreeSet<String>) -> Problem {
    let mut json = present.to_json().unwrap_or_default();
    hidden::strip_inside(&mut json, E::FACTS, hidden);
    Problem::stale(seen, present.version().unwrap_or_default(), json)
}

/// The entry as a row, or all that is wrong with it.
pub fn row<E: Entry>(app: &App, entry: &E) -> Result<Row<E::Table>, Problem> {
    let (currency, country) = (currency(app), country(app));
    let mut writing = Writing { currency: &currency, country: &country, errors: Vec::new() };
    let row = entry.write(&mut writing);
    writing.finish()?;
    Ok(row)
}

/// The answer to whoever wrote an entry: what it is now, without what the writer never sees.
pub fn told<E: Entry>(status: StatusCode, entry: &E, version: i64, hidden: &BTreeSet<String>) -> Answer<E> {
    let mut json = entry.to_json().unwrap_or_default();
    if let Some(map) = json.as_object_mut() {
        map.insert("version".into(), json!(version));
    }
    hidden::strip_inside(&mut json, E::FACTS, hidden);
    Answer::shown(status, &json)
}
