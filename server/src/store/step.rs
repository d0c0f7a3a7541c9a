//! A step's writes: prepared outside, done all or nothing in one transaction.
//!
//! What is checked here is only what another writer may have changed meanwhile: the ticket's revision, the
//! card's version, the stock, the caller's key. Numbers are given here, last, so that their locks are short and
//! a step that fails leaves no gap. If we die before the commit nothing is there; after it everything is.

mod key;
mod number;
mod stock;
mod update;
mod write;

use sea_orm::DatabaseTransaction;

pub use number::Numbering;
pub(super) use number::{REFERENCES, take};
pub use write::{CardWrite, DeviceWrite, Key, StepWrite, UNNAMED, VoucherWrite};

use super::table::insert_all;
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
    /// The key was used before.
    Repeated(entity::idempotency::Model),
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
pub(super) async fn write(
    transaction: &DatabaseTransaction,
    steps: Vec<StepWrite>,
) -> Result<Vec<Written>, StoreError> {
    let mut results: Vec<Option<Written>> = steps.iter().map(|_| None).collect();
    let mut steps: Vec<Option<StepWrite>> = steps.into_iter().map(Some).collect();
    let alone = steps.len() == 1;
    key::repeated(transaction, &mut steps, &mut results).await?;
    number::name_tickets(transaction, &mut steps).await?;
    for (step, result) in steps.iter_mut().zip(&mut results) {
        let Some(writing) = step else { continue };
        let refused = match update::ticket(transaction, writing).await? {
            None => match update::registers(transaction, writing).await? {
                None => stock::moves(transaction, writing).await?,
                refused => refused,
            },
            refused => refused,
        };
        if let Some(refused) = refused {
            // Alone, whatever was written goes with the savepoint; beside others it must not stay.
            if !alone && !matches!(refused, Written::Stale) {
                return Err(StoreError::Apart);
            }
            *result = Some(refused);
            *step = None;
        }
    }
    let mut rows: Vec<(usize, StepWrite)> =
        steps.into_iter().enumerate().filter_map(|(n, step)| step.map(|step| (n, step))).collect();
    number::give(transaction, &mut rows).await?;
    for (n, stored) in insert(transaction, rows).await? {
        results[n] = Some(Written::Done(Box::new(stored)));
    }
    results.into_iter().map(|result| result.ok_or(StoreError::Closed)).collect()
}

/// Inserts the rows of all steps, table by table.
async fn insert(
    transaction: &DatabaseTransaction,
    steps: Vec<(usize, StepWrite)>,
) -> Result<Vec<(usize, Stored)>, StoreError> {
    let mut all = write::Rows::default();
    let mut stored = Vec::with_capacity(steps.len());
    for (n, step) in steps {
        stored.push((n, step.into_rows(&mut all)));
    }
    insert_all(transaction, all.tickets).await?;
    insert_all(transaction, all.facts).await?;
    insert_all(transaction, all.events).await?;
    insert_all(transaction, all.charges).await?;
    insert_all(transaction, all.decisions).await?;
    insert_all(transaction, all.payments).await?;
    insert_all(transaction, all.documents).await?;
    insert_all(transaction, all.tasks).await?;
    insert_all(transaction, all.timers).await?;
    insert_all(transaction, all.outbox).await?;
    insert_all(transaction, all.incidents).await?;
    insert_all(transaction, all.moves).await?;
    insert_all(transaction, all.cards).await?;
    insert_all(transaction, all.card_changes).await?;
    insert_all(transaction, all.fitted).await?;
    insert_all(transaction, all.vouchers).await?;
    insert_all(transaction, all.voucher_lines).await?;
    insert_all(transaction, all.keys).await?;
    Ok(stored)
}
