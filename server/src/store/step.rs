//! A step's writes: prepared outside, done all or nothing in one transaction.
//!
//! What is checked here is only what another writer may have changed meanwhile: the ticket's revision, the
//! card's version, the stock, the caller's key. Numbers are given here, last, so that their locks are short and
//! a step that fails leaves no gap. If we die before the commit nothing is there; after it everything is.

mod family;
mod key;
mod number;
mod stock;
mod update;
mod write;

use sea_orm::DatabaseTransaction;

pub use family::{ANSWER, Family, PARENT};
pub use number::Numbering;
pub(super) use number::{REFERENCES, take};
pub use write::{CardWrite, DeviceWrite, Key, StepWrite, UNNAMED, VoucherWrite};

use super::table::Inserts;
use super::{Store, StoreError};
use crate::entity;

/// What became of a step's writes.
#[derive(Clone, Debug)]
pub enum Written {
    /// Everything is there.
    Done(Box<Stored>),
    /// The ticket has moved on since it was read.
    Stale,
    /// Something else that the decision was made on has changed: decide again.
    Again,
    /// A warehouse has less than the step takes out.
    Short { part: String, warehouse: String },
}

/// A step that is there for good.
#[derive(Clone, Debug)]
pub struct Stored {
    pub ticket: entity::ticket::Model,
    /// JSON, byte for byte what a repeated request gets.
    pub answer: String,
}

impl Store {
    /// Writes one step, on SQLite together with others that wait.
    pub async fn commit_step(&self, step: StepWrite) -> Result<Written, StoreError> {
        self.write_step(step).await
    }

    /// The answer given under a key before.
    pub async fn find_key(&self, key: &Key) -> Result<Option<entity::idempotency::Model>, StoreError> {
        Ok(key::find(&self.readers, key).await?)
    }
}

/// Writes steps of different tickets together. On `Err` nothing may be kept; then each must be tried alone.
/// A key that was used before is such an error: see [`StoreError::is_duplicate`].
pub(super) async fn write(
    transaction: &DatabaseTransaction,
    steps: Vec<StepWrite>,
) -> Result<Vec<Written>, StoreError> {
    let callers = steps.len();
    let (mut steps, openers) = family::flat(steps);
    number::name_tickets(transaction, &mut steps).await?;
    family::introduce(&mut steps, &openers);
    let mut refused = update::tickets(transaction, &mut steps).await?;
    for step in &steps {
        if refused.is_none() {
            refused = update::registers(transaction, step).await?;
        }
        if refused.is_none() {
            refused = stock::moves(transaction, step).await?;
        }
    }
    if let Some(refused) = refused {
        // Alone, whatever was written goes with the savepoint; beside others it must not stay.
        return if callers == 1 { Ok(vec![refused]) } else { Err(StoreError::Apart) };
    }
    number::give(transaction, &mut steps).await?;
    let words = family::words(&steps);
    let stored = insert(transaction, steps).await?;
    family::say(transaction, &words).await?;
    let asked = stored.into_iter().zip(openers).filter(|(_, opener)| opener.is_none());
    Ok(asked.map(|(stored, _)| Written::Done(Box::new(stored))).collect())
}

/// Inserts the rows of all steps, table by table.
async fn insert(transaction: &DatabaseTransaction, steps: Vec<StepWrite>) -> Result<Vec<Stored>, StoreError> {
    // The rows of one step go in one piece: few steps differ in which tables they write, and a lone caller
    // need not wait for one answer after the other.
    let at_once = steps.len() == 1;
    let mut all = write::Rows::default();
    let stored = steps.into_iter().map(|step| step.into_rows(&mut all)).collect();
    let mut rows = Inserts::default();
    rows.add(all.tickets);
    rows.add(all.links);
    rows.add(all.facts);
    rows.add(all.events);
    rows.add(all.charges);
    rows.add(all.decisions);
    rows.add(all.payments);
    rows.add(all.documents);
    rows.add(all.tasks);
    rows.add(all.timers);
    rows.add(all.outbox);
    rows.add(all.incidents);
    rows.add(all.moves);
    rows.add(all.cards);
    rows.add(all.card_changes);
    rows.add(all.fitted);
    rows.add(all.vouchers);
    rows.add(all.voucher_lines);
    rows.add(all.keys);
    rows.write(transaction, at_once).await?;
    Ok(stored)
}
