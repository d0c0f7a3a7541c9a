//! The Rhai host.

use serde::{Deserialize, Serialize};

use crate::facts::Value;

/// A named condition that a rule asked, with what it was about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// Its name in the rule, key of its text in the reader's language.
    pub name: String,
    pub holds: bool,
    /// Facts it reads, by path, with their values then.
    pub values: Vec<(String, Value)>,
    /// File and line, such as `rules/warranty.rhai:21`.
    pub source: String,
}
