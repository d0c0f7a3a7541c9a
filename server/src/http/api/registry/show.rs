//! GET by key: one entry.

use super::entry::{Entry, Reading};
use super::list::readable;
use crate::app::App;
use crate::http::access::currency;
use crate::http::problem::Problem;
use crate::http::shown::Shown;
use crate::http::signed_in::SignedIn;
use crate::store::registry;

/// The entry with this key, as the caller may see it.
pub async fn show<E: Entry>(app: &App, who: &SignedIn, key: &str) -> Result<Shown<E>, Problem> {
    readable(app, who)?;
    Ok(Shown::part(&find::<E>(app, key).await?, E::FACTS, &who.hidden(app)))
}

pub async fn find<E: Entry>(app: &App, key: &str) -> Result<E, Problem> {
    let row = registry::one::<E::Table>(app.store.reader(), key).await?;
    let row = row.ok_or_else(|| Problem::not_found(E::THING, key))?;
    let currency = currency(app);
    Ok(E::read(row, &Reading { currency: &currency }).complete(&app.store).await?)
}
