//! Messages and calls to outside systems, delivered at least once under one stable id.
//!
//! What holds if we die: before the step's commit there is no row, so nothing is sent that did not happen. After
//! the commit and before a claim the row is pending and any worker takes it. Between claim and sending, or between
//! the gateway's yes and our note of it, the lease runs out: a channel that knows our id as its own is tried
//! again under the same id, any other becomes `uncertain`, and a person decides. A worker whose claim has run
//! out writes nothing: its note carries the token, and the token is no longer there.
//!
//! A lane (ticket and channel) keeps the order of the history: only its oldest open row can be claimed.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::read::search::hangs_within;
use super::table::statement;
use super::{Store, StoreError};
use crate::auth::Scope;
use crate::entity::{incident, outbox};

/// How long a claim holds: longer than any try may take.
pub const LEASE: TimeDelta = TimeDelta::seconds(30);

/// What a try to deliver came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// The gateway has it, under its own id.
    Sent(Option<String>),
    /// It has not; again then.
    Again { at: DateTime<Utc>, error: String },
    /// Nobody knows whether it has.
    Uncertain { error: String },
    /// It never will.
    Dead { error: String },
}

/// Ends a `SELECT` so that rows locked by others are passed over, where there are such locks.
pub(super) fn skip_locked(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" }
}

/// Puts a message in that no step sends; its id.
pub async fn put(tx: &DatabaseTransaction, row: outbox::Model) -> Result<i64, StoreError> {
    let new = outbox::ActiveModel { id: NotSet, ..row.into() };
    Ok(outbox::Entity::insert(new).exec(tx).await?.last_insert_id)
}

impl Store {
    /// Whether anything may be claimed, or a claim has run out; asked before anything is written.
    pub async fn has_outbox_work(&self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        if self.outbox_held_since().await?.is_some() {
            return Ok(false);
        }
        let due = outbox::Column::Status.eq("pending").and(outbox::Column::NextAt.lte(now));
        let gone = outbox::Column::Status.eq("claimed").and(outbox::Column::LeaseUntil.lt(now));
        let some =
            outbox::Entity::find().select_only().column(outbox::Column::Id).filter(due.or(gone)).limit(1);
        Ok(some.into_tuple::<i64>().one(&self.readers).await?.is_some())
    }

    /// Claims rows to deliver; each lane gives its oldest one only.
    pub async fn claim_outbox(
        &self,
        claim: &str,
        now: DateTime<Utc>,
        most: u64,
    ) -> Result<Vec<outbox::Model>, StoreError> {
        let lock = skip_locked(self.backend());
        let sql = format!(
            "UPDATE outbox SET status = 'claimed', claim = ?, lease_until = ?, attempt = attempt + 1
             WHERE id IN (SELECT id FROM outbox o WHERE status = 'pending' AND next_at <= ?
               AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.lane = o.lane AND b.id < o.id
                 AND b.status IN ('pending', 'claimed'))
               ORDER BY id LIMIT {most}{lock})"
        );
        let token = claim.to_owned();
        self.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                let values = [token.into(), (now + LEASE).into(), now.into()];
                tx.execute_raw(statement(tx.get_database_backend(), &sql, values)).await?;
                Ok(())
            })
        })
        .await?;
        Ok(outbox::Entity::find()
            .filter(outbox::Column::Claim.eq(claim))
            .filter(outbox::Column::Status.eq("claimed"))
            .order_by_asc(outbox::Column::Id)
            .all(&self.readers)
            .await?)
    }

    /// Notes what a try came to. False when the claim was gone, so that nothing was noted.
    pub async fn note_outbox(
        &self,
        row: &outbox::Model,
        claim: &str,
        delivered: Delivered,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (row, claim) = (row.clone(), claim.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let (status, next, error, reference) = match &delivered {
                    Delivered::Sent(reference) => ("sent", row.next_at, None, reference.clone()),
                    Delivered::Again { at, error } => ("pending", *at, Some(error.clone()), None),
                    Delivered::Uncertain { error } => ("uncertain", row.next_at, Some(error.clone()), None),
                    Delivered::Dead { error } => ("dead", row.next_at, Some(error.clone()), None),
                };
                let sent_at = (status == "sent").then_some(now);
                let note = statement(
                    tx.get_database_backend(),
                    "UPDATE outbox SET status = ?, next_at = ?, last_error = ?, provider_ref = ?, sent_at = ?,
                     claim = NULL, lease_until = NULL WHERE id = ? AND claim = ? AND status = 'claimed'",
                    [
                        status.into(),
                        next.into(),
                        error.clone().into(),
                        reference.into(),
                        sent_at.into(),
                        row.id.into(),
                        claim.into(),
                    ],
                );
                if tx.execute_raw(note).await?.rows_affected() == 0 {
                    return Ok(false);
                }
                if matches!(status, "dead" | "uncertain") {
                    let incident = delivery_incident(&row, status, error.unwrap_or_default(), now);
                    incident::Entity::insert(incident).exec_without_returning(tx).await?;
                }
                Ok(true)
            })
        })
        .await
    }

    /// Notes all that is due on these channels as delivered: nobody but us gets it. How many they were.
    pub async fn keep_outbox(
        &self,
        channels: Vec<&'static str>,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let kept = outbox::Entity::update_many()
                    .col_expr(outbox::Column::Status, Expr::value("sent"))
                    .col_expr(outbox::Column::SentAt, Expr::value(now))
                    .col_expr(outbox::Column::Attempt, Expr::col(outbox::Column::Attempt).add(1))
                    .filter(outbox::Column::Status.eq("pending"))
                    .filter(outbox::Column::NextAt.lte(now))
                    .filter(outbox::Column::Channel.is_in(channels))
                    .exec(tx)
                    .await?;
                Ok(kept.rows_affected)
            })
        })
        .await
    }

    /// Claims that have run out: a channel that tells repeats apart is tried again, any other is uncertain.
    pub async fn expire_outbox(&self, now: DateTime<Utc>, repeatable: &[&str]) -> Result<u64, StoreError> {
        let expired = outbox::Entity::find()
            .filter(outbox::Column::Status.eq("claimed"))
            .filter(outbox::Column::LeaseUntil.lt(now))
            .all(&self.readers)
            .await?;
        let mut freed = 0;
        for row in expired {
            let Some(claim) = row.claim.clone() else { continue };
            let error = "the worker that delivered it has gone".to_owned();
            let delivered = if repeatable.contains(&row.channel.as_str()) {
                Delivered::Again { at: now, error }
            } else {
                Delivered::Uncertain { error }
            };
            freed += u64::from(self.note_outbox(&row, &claim, delivered, now).await?);
        }
        Ok(freed)
    }
}

fn delivery_incident(
    row: &outbox::Model,
    status: &str,
    error: String,
    now: DateTime<Utc>,
) -> incident::ActiveModel {
    let detail = serde_json::json!({
        "channel": row.channel, "message": row.message, "status": status, "attempt": row.attempt,
    });
    incident::ActiveModel {
        id: NotSet,
        kind: Set("delivery".into()),
        ticket: Set(row.ticket.clone()),
        subject: Set(row.id.to_string()),
        message: Set(error),
        detail: Set(detail.to_string()),
        status: Set("open".into()),
        opened_at: Set(now),
        resolved_at: Set(None),
        resolved_by: Set(None),
        resolution: Set(None),
    }
}

/// What waited before a moment is dead; how many.
pub async fn discard(tx: &DatabaseTransaction, since: DateTime<Utc>) -> Result<u64, StoreError> {
    let done = outbox::Entity::update_many()
        .col_expr(outbox::Column::Status, Expr::value("dead"))
        .col_expr(
            outbox::Column::LastError,
            Expr::value("not sent after a restore: it may have been sent before"),
        )
        .filter(outbox::Column::Status.is_in(["pending", "claimed"]))
        .filter(outbox::Column::CreatedAt.lte(since))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}

/// Delivers rows again that are dead or uncertain, of tickets that the asker may see. Their incidents are resolved.
/// What never became a message (its text could not be made, or nobody could be reached) stays as it is.
pub async fn redrive(
    tx: &DatabaseTransaction,
    ids: Vec<i64>,
    scope: &Scope,
    by: &str,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let own = outbox::Entity::find().filter(outbox::Column::Id.is_in(ids));
    let own = own.filter(hangs_within(scope, outbox::Column::Ticket));
    let backend = tx.get_database_backend();
    let mut count = 0;
    for row in own.all(tx).await? {
        let again = "UPDATE outbox SET status = 'pending', attempt = 0, next_at = ?, claim = NULL
             WHERE id = ? AND status IN ('dead', 'uncertain') AND body <> ''";
        let done = tx.execute_raw(statement(backend, again, [now.into(), row.id.into()])).await?;
        if done.rows_affected() == 0 {
            continue;
        }
        count += 1;
        let resolve = "UPDATE incident SET status = 'resolved', resolved_at = ?, resolved_by = ?
             WHERE kind = 'delivery' AND subject = ? AND status = 'open'";
        let values = [now.into(), by.to_owned().into(), row.id.to_string().into()];
        tx.execute_raw(statement(backend, resolve, values)).await?;
    }
    Ok(count)
}
