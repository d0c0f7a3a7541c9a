//! DELETE by key: an entry that nothing refers to.

use poem::http::StatusCode;
use sea_orm::SqlErr;
use serde_json::Value;

use super::entry::{Entry, Reading};
use crate::app::App;
use crate::http::access::currency;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{Kind, Problem};
use crate::store::step::Key;
use crate::store::{StoreError, registry};

/// Takes the entry out if it still has this version.
pub async fn remove<E: Entry>(
    app: &App,
    key: String,
    version: i64,
    request: Option<Key>,
) -> Result<Answer<Value>, Problem> {
    let currency = currency(app);
    once(app, request, move |tx| {
        Box::pin(async move {
            if !registry::remove::<E::Table>(tx, &key, version).await.map_err(explain)? {
                let present = registry::one::<E::Table>(tx, &key).await?;
                let present = present.ok_or_else(|| Problem::not_found(E::THING, key.as_str()))?;
                let present = E::read(present, &Reading { currency: &currency });
                let now = present.version().unwrap_or_default();
                return Err(Problem::stale(version, now, present.to_json().unwrap_or_default()).into());
            }
            Ok::<_, Stop>(Answer::new(StatusCode::NO_CONTENT, &Value::Null))
        })
    })
    .await
}

fn explain(error: StoreError) -> Stop {
    if let StoreError::Database(database) = &error
        && let Some(SqlErr::ForeignKeyConstraintViolation(_)) = database.sql_err()
    {
        return Problem::new(Kind::Conflict, "detail-in-use", vec![]).into();
    }
    Stop::Store(error)
}
