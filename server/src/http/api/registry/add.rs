//! POST: a new entry.

use poem::http::StatusCode;

use super::change::{explain, row, with_version};
use super::entry::Entry;
use crate::app::App;
use crate::http::body::Body;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{Kind, Problem};
use crate::store::registry;
use crate::store::step::Key;

/// Adds an entry; its key must be free.
pub async fn add<E: Entry>(app: &App, body: Body<E>, request: Option<Key>) -> Result<Answer<E>, Problem> {
    let entry = body.value;
    let row = row(app, &entry)?;
    let now = app.clock.now();
    once(app, request, move |tx| {
        Box::pin(async move {
            if registry::one::<E::Table>(tx, entry.key()).await?.is_some() {
                return Err(taken::<E>(entry.key()).into());
            }
            registry::add::<E::Table>(tx, row, now).await.map_err(explain)?;
            entry.accompany(tx, true, now).await?;
            Ok::<_, Stop>(Answer::new(StatusCode::CREATED, &with_version(&entry, 1)))
        })
    })
    .await
}

fn taken<E: Entry>(key: &str) -> Problem {
    let values = vec![("what", E::THING.to_owned()), ("field", "code".to_owned()), ("value", key.to_owned())];
    Problem::new(Kind::Conflict, "detail-exists", values)
}
