//! GET by key: one entry.

use serde_json::Value;

use super::list::in_reach;
use super::locale;
use crate::app::App;
use crate::http::hidden;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::register::Register;
use crate::register::check::{Entry, present};

/// The entry with this key, as the caller may see it.
pub async fn show(
    app: &App,
    who: &SignedIn,
    register: &'static Register,
    key: &str,
) -> Result<Value, Problem> {
    in_reach(app, who, register, key).await?;
    let mut json = Value::Object(find(app, register, key).await?);
    hidden::strip_inside(&mut json, register.facts, &who.hidden(app));
    Ok(json)
}

pub async fn find(app: &App, register: &'static Register, key: &str) -> Result<Entry, Problem> {
    let found = present(app.store.reader(), register, &locale(app), &[key]).await?.pop();
    found.ok_or_else(|| Problem::not_found(register.one, key))
}
