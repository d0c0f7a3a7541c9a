//! POST: a new entry.

use poem::http::StatusCode;

use super::change::{own, row, told};
use super::entry::{Change, Entry};
use crate::app::App;
use crate::http::body::Body;
use crate::http::once::{Answer, Stop, once, refers};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::registry;
use crate::store::step::Key;

/// Adds an entry; its key must be free.
pub async fn add<E: Entry>(
    app: &App,
    who: &SignedIn,
    body: Body<E>,
    request: Option<Key>,
) -> Result<Answer<E>, Problem> {
    let entry = body.value;
    own(app, who, &entry)?;
    let row = row(app, &entry)?;
    let (now, hidden, name) = (app.clock.now(), who.hidden(app), who.caller.name.clone());
    once(app, request, move |tx| {
        Box::pin(async move {
            if registry::one::<E::Table>(tx, entry.key()).await?.is_some() {
                return Err(taken::<E>(entry.key()).into());
            }
            registry::add::<E::Table>(tx, row, now).await.map_err(|error| refers(error, "detail-refers"))?;
            entry.accompany(tx, Change { before: None, who: name, now }).await?;
            Ok::<_, Stop>(told(StatusCode::CREATED, &entry, 1, &hidden))
        })
    })
    .await
}

fn taken<E: Entry>(key: &str) -> Problem {
    let values = vec![("what", E::THING.to_owned()), ("field", "code".to_owned()), ("value", key.to_owned())];
    Problem::new(Kind::Conflict, "detail-exists", values)
}
