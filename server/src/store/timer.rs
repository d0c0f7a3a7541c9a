//! Timers that came due: claimed by one worker at a time, fired once, never early.
//!
//! A claim is a token with a lease. The firing and its step commit together under that token, so if we die
//! before the commit the lease runs out and another worker claims it; after it, it has fired. A worker that was
//! asleep longer than its lease finds its token gone and fires nothing.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Value,
};

use super::table::statement;
use super::{Store, StoreError};
use crate::entity::{incident, ticket, timer};

/// How long a claim holds.
const LEASE: TimeDelta = TimeDelta::seconds(30);

/// Arms the timer again that an incident is about, if it still waits for a person; how many were armed.
pub async fn again(
    tx: &DatabaseTransaction,
    about: &incident::Model,
    by: &str,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let backend = tx.get_database_backend();
    let arm = "UPDATE timer SET state = 'armed', tries = 0, claim = NULL, lease_until = NULL
         WHERE ticket = ? AND ticket || '/' || name = ? AND state = 'failed'";
    let values = [about.ticket.clone().into(), about.subject.as_str().into()];
    let done = tx.execute_raw(statement(backend, arm, values)).await?;
    let resolve = "UPDATE incident SET status = 'resolved', resolved_at = ?, resolved_by = ?
         WHERE id = ? AND status = 'open'";
    let values = [now.into(), by.into(), about.id.into()];
    tx.execute_raw(statement(backend, resolve, values)).await?;
    Ok(done.rows_affected())
}

impl Store {
    /// Claims the timers that are due, oldest first.
    pub async fn claim_timers(
        &self,
        claim: &str,
        now: DateTime<Utc>,
        most: u64,
    ) -> Result<Vec<timer::Model>, StoreError> {
        let lock = super::outbox::skip_locked(self.backend());
        let sql = format!(
            "UPDATE timer SET claim = ?, lease_until = ? WHERE (ticket, name) IN (
               SELECT ticket, name FROM timer WHERE state = 'armed' AND due_at <= ?
               AND (lease_until IS NULL OR lease_until < ?) ORDER BY due_at LIMIT {most}{lock})"
        );
        let token = claim.to_owned();
        self.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                let values = [token.into(), (now + LEASE).into(), now.into(), now.into()];
                tx.execute_raw(statement(tx.get_database_backend(), &sql, values)).await?;
                Ok(())
            })
        })
        .await?;
        let mut timers = timer::Entity::find()
            .filter(timer::Column::Claim.eq(claim))
            .filter(timer::Column::State.eq("armed"))
            .all(&self.readers)
            .await?;
        timers.sort_by(|a, b| (a.due_at, &a.ticket, &a.name).cmp(&(b.due_at, &b.ticket, &b.name)));
        Ok(timers)
    }

    /// When the next timer is due, claimed or not.
    pub async fn next_timer(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.earliest(timer::Column::State.eq("armed")).await
    }

    /// When the next timer is due that nobody has claimed.
    pub async fn next_free_timer(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
        let free = timer::Column::LeaseUntil.is_null().or(timer::Column::LeaseUntil.lt(now));
        self.earliest(timer::Column::State.eq("armed").and(free)).await
    }

    /// Whether a worker is firing one.
    pub async fn has_timers_in_hand(&self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let claimed = timer::Column::Claim.is_not_null().and(timer::Column::LeaseUntil.gte(now));
        let one = timer::Entity::find().filter(timer::Column::State.eq("armed").and(claimed));
        Ok(one.one(&self.readers).await?.is_some())
    }

    async fn earliest(&self, which: Expr) -> Result<Option<DateTime<Utc>>, StoreError> {
        let next = timer::Entity::find()
            .select_only()
            .column(timer::Column::DueAt)
            .filter(which)
            .order_by_asc(timer::Column::DueAt)
            .limit(1)
            .into_tuple::<Option<DateTime<Utc>>>()
            .one(&self.readers)
            .await?;
        Ok(next.flatten())
    }

    /// Whether the claim still holds.
    pub async fn holds_timer(&self, ticket: &str, name: &str, claim: &str) -> Result<bool, StoreError> {
        let row = timer::Entity::find_by_id((ticket.to_owned(), name.to_owned())).one(&self.readers).await?;
        Ok(row.is_some_and(|row| row.claim.as_deref() == Some(claim) && row.state == "armed"))
    }

    /// The event meant nothing to the ticket any more: the timer is done, and the ticket knows of it no longer.
    /// False: the ticket has moved on meanwhile, and may mean something by it now.
    pub async fn finish_timer(
        &self,
        ticket: &ticket::Model,
        name: &str,
        claim: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let code = || Value::from(ticket.code.as_str());
        let fired = [now.into(), code(), name.into(), claim.into()];
        let known = [ticket.timers.as_str().into(), ticket.due_at.into(), code(), ticket.revision.into()];
        self.write(move |tx| {
            Box::pin(async move {
                let backend = tx.get_database_backend();
                let forget = "UPDATE ticket SET timers = ?, due_at = ? WHERE code = ? AND revision = ?";
                if tx.execute_raw(statement(backend, forget, known)).await?.rows_affected() == 0 {
                    return Ok(false);
                }
                let fire = "UPDATE timer SET state = 'fired', fired_at = ?, claim = NULL, lease_until = NULL
                     WHERE ticket = ? AND name = ? AND claim = ?";
                tx.execute_raw(statement(backend, fire, fired)).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Firing failed: later again, or never without a person.
    pub async fn delay_timer(
        &self,
        row: &timer::Model,
        claim: &str,
        again: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        let state = if again.is_some() { "armed" } else { "failed" };
        let values =
            [state.into(), again.into(), row.ticket.as_str().into(), row.name.as_str().into(), claim.into()];
        self.run(
            "UPDATE timer SET state = ?, tries = tries + 1, claim = NULL, lease_until = ?
             WHERE ticket = ? AND name = ? AND claim = ?",
            values,
        )
        .await
    }

    /// One statement in a transaction of its own.
    pub(super) async fn run<const N: usize>(
        &self,
        sql: &'static str,
        values: [Value; N],
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                tx.execute_raw(statement(tx.get_database_backend(), sql, values)).await?;
                Ok(())
            })
        })
        .await
    }
}
