//! The transaction in which the steps are that have come while the disk was busy. It never commits half a step.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use sea_orm::DbErr;
use tokio::sync::oneshot;

use super::flush::Group;
use crate::store::StoreError;
use crate::store::direct::Direct;
use crate::store::step::{self, StepWrite, Written};

const BEGIN: &str = "BEGIN IMMEDIATE";

type Step = (Box<StepWrite>, oneshot::Sender<Result<Written, StoreError>>);
type Results = Vec<Result<Written, StoreError>>;

/// The steps of the open transaction; none: no transaction is open.
#[derive(Default)]
pub struct Open {
    steps: Vec<Step>,
    /// What became of the first of them, as long as all were done.
    results: Results,
    /// They can no longer be done together.
    apart: bool,
    /// The transaction could not begin.
    trouble: Option<DbErr>,
}

impl Open {
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Writes a step beside the others. There are no savepoints here, for which SQLite would copy every page before
    /// it is changed: when one step cannot be done, all are undone and done again one by one.
    pub fn add(
        &mut self,
        connection: &Direct,
        step: Box<StepWrite>,
        told: oneshot::Sender<Result<Written, StoreError>>,
    ) {
        if self.steps.is_empty() {
            self.trouble = connection.say(BEGIN).err();
        }
        self.steps.push((step, told));
        let Some((step, _)) = self.steps.last().filter(|_| !self.apart && self.trouble.is_none()) else {
            return;
        };
        match write(connection, step) {
            done @ Ok(Written::Done(_)) => self.results.push(done),
            other => {
                tracing::debug!(?other, "the steps are written one by one");
                undo(connection);
                self.apart = true;
            }
        }
    }

    /// Commits them. What comes back tells the callers, and must not do so before the disk has it all.
    pub fn commit(&mut self, connection: &Direct) -> Option<Group> {
        let Self { steps, results, apart, trouble } = std::mem::take(self);
        if steps.is_empty() {
            return None;
        }
        let done = match trouble {
            Some(error) => Err(StoreError::from(error)),
            None if apart => one_by_one(connection, &steps),
            None => match connection.say("COMMIT").inspect_err(|_| undo(connection)) {
                Ok(()) => Ok(results),
                Err(error) => Err(StoreError::from(error)),
            },
        };
        Some(Box::new(move || answer(steps, done)))
    }
}

fn answer(steps: Vec<Step>, done: Result<Results, StoreError>) {
    // A caller that has gone away needs no answer.
    match done {
        Ok(results) => steps.into_iter().zip(results).for_each(|((_, told), result)| drop(told.send(result))),
        Err(error) => steps.into_iter().for_each(|(_, told)| drop(told.send(Err(error.clone())))),
    }
}

/// One transaction for all steps. An error: none of them is there.
fn one_by_one(connection: &Direct, steps: &[Step]) -> Result<Results, StoreError> {
    connection.say(BEGIN)?;
    let done = in_savepoints(connection, steps);
    let done = done.and_then(|results| Ok(connection.say("COMMIT").map(|()| results)?));
    done.inspect_err(|_| undo(connection))
}

/// Each step in a savepoint that is kept only if it was done.
fn in_savepoints(connection: &Direct, steps: &[Step]) -> Result<Results, StoreError> {
    let mut results = Results::new();
    for (step, _) in steps {
        connection.say("SAVEPOINT step")?;
        let result = write(connection, step);
        // With its disk full, or no memory left, SQLite has undone all of it by itself. What followed would be
        // there statement by statement, in no transaction.
        if !connection.is_in_transaction() {
            return Err(result.err().unwrap_or(StoreError::Closed));
        }
        if !matches!(result, Ok(Written::Done(_))) {
            connection.say("ROLLBACK TO step")?;
        }
        connection.say("RELEASE step")?;
        results.push(result);
    }
    Ok(results)
}

/// On this connection nothing is ever waited for. The thread belongs to everybody: what one step does must not end it.
fn write(connection: &Direct, step: &StepWrite) -> Result<Written, StoreError> {
    let write = AssertUnwindSafe(step::write(connection, step.clone()));
    match write.catch_unwind().now_or_never() {
        Some(Ok(written)) => written,
        Some(Err(_)) => Err(StoreError::Panicked),
        None => Err(StoreError::Closed),
    }
}

fn undo(connection: &Direct) {
    // After some failures SQLite has done so already.
    if let Err(error) = connection.say("ROLLBACK") {
        tracing::debug!(%error, "nothing was left to undo");
    }
}
