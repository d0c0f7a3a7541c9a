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

use sea_orm::DbErr;

pub use family::{ANSWER, Family, PARENT};
pub use number::Numbering;
pub(super) use number::{REFERENCES, take};
pub use write::{CardWrite, DeviceWrite, Key, Owed, StepWrite, UNNAMED, VoucherWrite};

use super::writes::Writes;
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
    pub async fn commit_step(&self, step: Box<StepWrite>) -> Result<Written, StoreError> {
        self.write_step(step).await
    }

    /// The answer given under a key before.
    pub async fn find_key(&self, key: &Key) -> Result<Option<entity::idempotency::Model>, StoreError> {
        Ok(key::find(&self.readers, key).await?)
    }
}

/// Writes a step, with those of the tickets that it opens. What is not [`Written::Done`] may have left something
/// behind that must be undone. A key that was used before is an error: see [`StoreError::is_duplicate`].
pub(super) async fn write(transaction: &impl Writes, step: StepWrite) -> Result<Written, StoreError> {
    let (mut steps, openers) = family::flat(step);
    number::name_tickets(transaction, &mut steps).await?;
    family::introduce(&mut steps, &openers);
    family::line_up(&mut steps);
    for step in &mut steps {
        // No number is in the row's hash, so the chain can be closed before the numbers are given.
        step.close_chain();
        if let Some(refused) = move_on(transaction, step).await? {
            return Ok(refused);
        }
    }
    number::give(transaction, &mut steps).await?;
    let words = family::words(&steps);
    let mut stored = Vec::with_capacity(steps.len());
    for step in steps {
        let (rows, one) = step.into_rows(transaction.backend());
        rows.write(transaction).await?;
        stored.push(one);
    }
    family::say(transaction, &words).await?;
    // The step that was asked for comes before those that it causes.
    let asked = stored.into_iter().next().ok_or(StoreError::Closed)?;
    Ok(Written::Done(Box::new(asked)))
}

/// Changes what is there already, as far as it still stands where the decision was made.
async fn move_on(transaction: &impl Writes, step: &StepWrite) -> Result<Option<Written>, DbErr> {
    let refused = match step.opening {
        Some(_) => update::customer(transaction, step).await?,
        None => update::ticket(transaction, step).await?,
    };
    if refused.is_some() {
        return Ok(refused);
    }
    if let Some(refused) = update::owed(transaction, step).await? {
        return Ok(Some(refused));
    }
    if let Some(refused) = update::registers(transaction, step).await? {
        return Ok(Some(refused));
    }
    stock::moves(transaction, step).await
}
