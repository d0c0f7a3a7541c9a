//! GET by key: one entry.

use poem_openapi::payload::Json;

use super::entry::{Entry, Reading};
use crate::app::App;
use crate::http::access::currency;
use crate::http::problem::Problem;
use crate::store::registry;

/// The entry with this key.
pub async fn show<E: Entry>(app: &App, key: &str) -> Result<Json<E>, Problem> {
    Ok(Json(find::<E>(app, key).await?))
}

pub async fn find<E: Entry>(app: &App, key: &str) -> Result<E, Problem> {
    let row = registry::one::<E::Table>(app.store.reader(), key).await?;
    let row = row.ok_or_else(|| Problem::not_found(E::THING, key))?;
    let currency = currency(app);
    Ok(E::read(row, &Reading { currency: &currency }).complete(app.store.reader()).await?)
}
