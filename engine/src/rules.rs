//! The host of designers' rules: Rhai's language over documented, exact facts.
//!
//! Rhai's parser reads the text; the tree is checked and then walked here (`run`), because a rule must not be
//! able to hang or end the process, must never read a missing fact as false, and is asked on every step: names are
//! slots and facts are borrowed, where Rhai's own engine would copy them and look every operator up.

pub mod expression;
pub mod functions;
pub mod library;
pub mod limits;
mod lower;
pub mod operators;
mod parse;
mod program;
pub mod reference;
mod run;
pub mod scope;
pub mod tests;

use std::sync::Arc;

pub use expression::Expression;
pub use library::Rules;
pub use reference::reference;
pub use scope::Scope;

use serde::{Deserialize, Serialize};

use crate::facts::Value;

/// A named condition that a rule asked, with what it was about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// Its name in the rule, key of its text in the reader's language.
    pub name: Arc<str>,
    pub holds: bool,
    /// Facts it reads, by path, with their values then.
    pub values: Vec<(Arc<str>, Value)>,
    /// File and line, such as `rules/warranty.rhai:21`.
    pub source: Arc<str>,
}

/// A rule or expression that could not give an answer: a mistake in it, or a fact it did not expect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({source_line})")]
pub struct RuleError {
    pub message: String,
    /// File and line, such as `rules/warranty.rhai:21`.
    pub source_line: String,
}

/// A top-level name in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub text: Arc<str>,
    /// Position among the ticket's own fields, if it is one.
    pub field: Option<u16>,
}

/// The facts as an expression sees them while a step runs.
pub trait View {
    /// The value of a top-level name (a field, a name of the world such as `card`, or a local such as `line`).
    fn value(&self, name: &Name) -> Option<&Value>;
    /// Whether the state of the expression's n-th `in("…")` is active.
    fn is_in(&self, n: usize) -> bool;
}
