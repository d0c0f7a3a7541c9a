//! Any amount, opened and worked out again: the clause of the file that made it, what went into it, and the
//! arithmetic; then the ticket's history is taken again with the bundle it stays on, from the facts kept with it.
//! It must come to the same amount, or the difference is told.
//!
//! It reads and writes nothing. What a run posted has no history of facts: there the clause alone is worked out
//! again, from the values kept with the line.

mod charge;
mod clause;
mod line;

use aftercare_engine::facts::Value;
use rust_decimal::Decimal;

pub use charge::{OpenedCharge, charge};
pub use line::line;

use crate::store::StoreError;

/// A value that went into an amount.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Dotted path of the fact.
    pub fact: String,
    pub value: Value,
}

/// How it was worked out again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The ticket's history, by its own bundle.
    History,
    /// The clause alone, from the values kept with the line.
    Clause,
    /// A person wrote the amount, so there is nothing to work out.
    Hand,
}

/// An amount of the books, opened.
#[derive(Clone, Debug)]
pub struct Opened {
    pub ticket: Option<String>,
    pub template: String,
    /// Hash of the bundle that holds the clause; none: it is the one in service.
    pub bundle: Option<String>,
    /// The expression, as it stands in the file.
    pub expression: String,
    /// File and line.
    pub source: String,
    /// The line of the file.
    pub clause: Option<String>,
    pub inputs: Vec<Input>,
    /// The expression with its values in the place of their names.
    pub arithmetic: String,
    pub booked: Decimal,
    pub recomputed: Option<Decimal>,
    pub by: By,
    /// What came out differently; none: nothing.
    pub difference: Option<String>,
}

/// Why an amount cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum RecomputeError {
    #[error("there is no such line")]
    NotFound,
    #[error(transparent)]
    Store(#[from] StoreError),
}
