//! PUT by key: an entry replaced by another picture of it, if it is still as its reader saw it.

use poem::http::StatusCode;
use sea_orm::{EntityTrait, SqlErr};
use serde_json::json;

use super::entry::{Entry, Reading, Writing};
use crate::app::App;
use crate::http::access::{country, currency};
use crate::http::body::Body;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{FieldError, Kind, Problem};
use crate::store::step::Key;
use crate::store::{StoreError, registry};

/// Replaces the entry with this key.
pub async fn change<E: Entry>(
    app: &App,
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
    let row = row(app, &entry)?;
    let now = app.clock.now();
    let currency = currency(app);
    once(app, request, move |tx| {
        Box::pin(async move {
            if !registry::change::<E::Table>(tx, &key, seen, row, now).await.map_err(explain)? {
                let present = registry::one::<E::Table>(tx, &key).await?;
                let present = present.ok_or_else(|| Problem::not_found(E::THING, key.as_str()))?;
                let present = E::read(present, &Reading { currency: &currency });
                let version = present.version().unwrap_or_default();
                return Err(Problem::stale(seen, version, present.to_json().unwrap_or(json!(null))).into());
            }
            entry.accompany(tx, false, now).await?;
            Ok::<_, Stop>(Answer::new(StatusCode::OK, &with_version(&entry, seen + 1)))
        })
    })
    .await
}

/// The entry as a row, or all that is wrong with it.
pub fn row<E: Entry>(app: &App, entry: &E) -> Result<<E::Table as EntityTrait>::ActiveModel, Problem> {
    let (currency, country) = (currency(app), country(app));
    let mut writing = Writing { currency: &currency, country: &country, errors: Vec::new() };
    let row = entry.write(&mut writing);
    writing.finish()?;
    Ok(row)
}

/// The entry as it is now.
pub fn with_version<E: Entry>(entry: &E, version: i64) -> E {
    let mut json = entry.to_json().unwrap_or_default();
    if let Some(map) = json.as_object_mut() {
        map.insert("version".into(), json!(version));
    }
    E::parse_from_json(Some(json)).unwrap_or_else(|_| entry.clone())
}

/// What the database refuses because of other rows, in the caller's words.
pub fn explain(error: StoreError) -> Stop {
    if let StoreError::Database(database) = &error
        && let Some(SqlErr::ForeignKeyConstraintViolation(_)) = database.sql_err()
    {
        return Problem::new(Kind::Conflict, "detail-refers", vec![]).into();
    }
    Stop::Store(error)
}
