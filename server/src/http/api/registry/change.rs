//! PUT by key: an entry replaced by another picture of it, if it is still as its reader saw it.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::list::in_reach;
use super::{asking, refused};
use crate::app::App;
use crate::http::hidden;
use crate::http::once::{Answer, Stop, once, refers};
use crate::http::problem::{FieldError, Problem};
use crate::http::signed_in::SignedIn;
use crate::register::check::{Asking, Checked, Draft, Entry, Found, Wrong, check, present};
use crate::register::{Register, enter};
use crate::store::Transaction;
use crate::store::step::Key;

/// Replaces the entry with this key.
pub async fn change(
    app: &App,
    who: &SignedIn,
    register: &'static Register,
    key: String,
    entry: Entry,
    request: Option<Key>,
) -> Result<Answer<Value>, Problem> {
    let name = register.key().name;
    if entry.get(name).and_then(Value::as_str) != Some(key.as_str()) {
        return Err(Problem::fields(vec![FieldError::new(name, "field-address", vec![])]));
    }
    let seen = entry.get("version").and_then(Value::as_i64);
    let seen =
        seen.ok_or_else(|| Problem::fields(vec![FieldError::new("version", "field-required", vec![])]))?;
    in_reach(app, who, register, &key).await?;
    let (asking, now) = (asking(app, who, register, "edited")?, app.clock.now());
    once(app, request, move |tx| {
        Box::pin(async move {
            let there = present(tx, register, &asking.locale, &[&key]).await?.pop();
            let there = there.ok_or_else(|| Problem::not_found(register.one, key.as_str()))?;
            own(register, &asking, &there)?;
            if version(&there) != seen {
                return Err(stale(register, seen, there, &asking).into());
            }
            let draft = Draft { entry, present: Some(there.clone()), merge: false };
            let checked = one(register, check(tx, register, &asking, vec![draft]).await?)?;
            match write(tx, register, &asking, &checked, now).await {
                Ok(()) => Ok(told(register, checked.entry, seen + 1, &asking)),
                Err(Faster::Somebody) => Err(stale(register, seen, there, &asking).into()),
                Err(Faster::Stop(stop)) => Err::<_, Stop>(stop),
            }
        })
    })
    .await
}

/// Why an entry was not written.
pub enum Faster {
    /// Somebody else has written it since.
    Somebody,
    Stop(Stop),
}

/// The one entry that was checked, or what is wrong with it.
pub fn one(register: &'static Register, found: Found) -> Result<Checked, Problem> {
    let Some(found) = found.into_iter().next() else { return Err(Problem::unavailable()) };
    let checked = found.map_err(|wrong| refused(register, wrong))?;
    let own = checked.key().to_owned();
    let awaited = checked.awaited.iter().filter(|(_, key)| *key != own);
    let wrong: Vec<Wrong> = awaited
        .map(|(field, key)| {
            let values = vec![("what", register.one.to_owned()), ("value", key.clone())];
            Wrong::new(*field, "field-not-found", values)
        })
        .collect();
    if wrong.is_empty() { Ok(checked) } else { Err(refused(register, wrong)) }
}

/// Writes it in this transaction.
pub async fn write(
    tx: &Transaction,
    register: &'static Register,
    asking: &Asking,
    checked: &Checked,
    now: DateTime<Utc>,
) -> Result<(), Faster> {
    match enter::write(tx, register, asking, std::slice::from_ref(checked), now).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Faster::Somebody),
        Err(error) => Err(Faster::Stop(refers(error, "detail-refers"))),
    }
}

/// Refuses an entry that belongs to a branch which is not the caller's.
pub fn own(register: &Register, asking: &Asking, entry: &Entry) -> Result<(), Problem> {
    let branch = register.branch.and_then(|name| entry.get(name)).and_then(Value::as_str);
    match branch {
        Some(branch) if !asking.scope.has_branch(Some(branch)) => {
            Err(refused(register, vec![Wrong::new("branch", "field-branch", vec![])]))
        }
        _ => Ok(()),
    }
}

pub fn version(entry: &Entry) -> i64 {
    entry.get("version").and_then(Value::as_i64).unwrap_or_default()
}

/// The caller saw another picture than the one that holds.
pub fn stale(register: &Register, seen: i64, present: Entry, asking: &Asking) -> Problem {
    let now = version(&present);
    let mut json = Value::Object(present);
    hidden::strip_inside(&mut json, register.facts, &asking.hidden);
    Problem::stale(seen, now, json)
}

/// The answer to whoever wrote an entry: what it is now, without what the writer never sees.
pub fn told<const STATUS: u16>(
    register: &Register,
    mut entry: Entry,
    version: i64,
    asking: &Asking,
) -> Answer<Value, STATUS> {
    entry.retain(|_, value| !value.is_null());
    entry.insert("version".into(), json!(version));
    let mut json = Value::Object(entry);
    hidden::strip_inside(&mut json, register.facts, &asking.hidden);
    Answer::shown(&json)
}
