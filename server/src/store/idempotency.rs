//! Answers already given, by the caller's key. Looked up and kept in the transaction of the change itself: if
//! we die before the commit neither is there, after it both are.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::step::Key;
use super::table::statement;
use super::{Store, StoreError};
use crate::entity::idempotency;

/// Most answers forgotten at once: other writes wait for it.
const FORGOTTEN: i64 = 500;

/// What was there under the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// The same request; its answer, byte for byte.
    Answer { status: i64, body: String },
    /// Another request.
    OtherBody,
}

/// The answer that this request had before.
pub async fn earlier(db: &impl ConnectionTrait, request: &Key) -> Result<Option<Earlier>, StoreError> {
    let key = (request.principal.clone(), request.route.clone(), request.key.clone());
    let Some(row) = idempotency::Entity::find_by_id(key).one(db).await? else { return Ok(None) };
    if row.body_hash != request.body_hash {
        return Ok(Some(Earlier::OtherBody));
    }
    Ok(Some(Earlier::Answer { status: row.status, body: row.answer }))
}

/// Keeps an answer for whoever asks the same again.
pub async fn keep(
    tx: &impl ConnectionTrait,
    request: &Key,
    status: i64,
    body: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = idempotency::ActiveModel {
        principal: Set(request.principal.clone()),
        route: Set(request.route.clone()),
        key: Set(request.key.clone()),
        body_hash: Set(request.body_hash.clone()),
        status: Set(status),
        answer: Set(body.to_owned()),
        at: Set(now),
    };
    idempotency::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

impl Store {
    /// Forgets some of the answers given before a moment; how many they were.
    pub async fn forget_answers(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let forget = statement(
                    tx.get_database_backend(),
                    "DELETE FROM idempotency WHERE (principal, route, key) IN
                     (SELECT principal, route, key FROM idempotency WHERE at < ? LIMIT ?)",
                    [before.into(), FORGOTTEN.into()],
                );
                Ok(tx.execute_raw(forget).await?.rows_affected())
            })
        })
        .await
    }
}
