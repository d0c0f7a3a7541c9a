//! DELETE by key: an entry that nothing refers to.

use poem::http::StatusCode;
use serde_json::Value;

use super::change::{present, stale};
use super::entry::Entry;
use crate::app::App;
use crate::http::once::{Answer, Stop, once, refers};
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::store::registry;
use crate::store::step::Key;

/// Takes the entry out if it still has this version.
pub async fn remove<E: Entry>(
    app: &App,
    who: &SignedIn,
    key: String,
    version: i64,
    request: Option<Key>,
) -> Result<Answer<Value>, Problem> {
    let (app, who) = (app.clone(), who.clone());
    once(&app.clone(), request, move |tx| {
        Box::pin(async move {
            let present = present::<E>(&app, &who, registry::one::<E::Table>(tx, &key).await?, &key)?;
            let removed = registry::remove::<E::Table>(tx, &key, version).await;
            if !removed.map_err(|error| refers(error, "detail-in-use"))? {
                return Err(stale(version, &present, &who.hidden(&app)).into());
            }
            Ok::<_, Stop>(Answer::new(StatusCode::NO_CONTENT, &Value::Null))
        })
    })
    .await
}
