//! The files exactly as authors write them: typed, unknown keys denied, every value with its place.
//!
//! Nothing here is resolved: a target is still text. [`compile`](crate::compile) turns it into what runs.
//! Two steps lead here: [`node`] reads YAML into a tree that keeps places and replaces fragments, then the
//! types below are read from that tree after [`shape`] has compared it with their JSON Schema, so that an
//! author hears of all mistakes at once.

pub mod action;
pub mod books;
pub mod child;
pub mod closing;
pub mod company;
pub mod each;
pub mod export;
pub mod field;
pub mod fragments;
pub mod messages;
pub mod node;
pub mod process;
pub mod report;
pub mod rule_tests;
pub mod run;
pub mod scenario;
pub mod shape;
mod short;
pub mod table;
pub mod texts;
pub mod walk;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostic::Sp;

pub use action::Action;
pub use process::{Process, State, Transition};
pub use table::{OneOrMany, Table};

/// A Rhai expression over the facts, or a plain number or `true`/`false`.
pub type Expression = Sp<String>;

/// A length of time: `250 ms`, `90 s`, `20 minutes`, `4 hours`, `3 days`, `2 working hours`,
/// `2 working days`, or ISO 8601 such as `PT20M` and `P3D`.
pub type DurationText = Sp<String>;

/// A text in the four languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Translated {
    pub en: Option<Sp<String>>,
    pub fa: Option<Sp<String>>,
    pub zh: Option<Sp<String>>,
    pub pl: Option<Sp<String>>,
}
