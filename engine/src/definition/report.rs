//! Reports over tickets, as whoever answers for the work writes them: which tickets, by what they are told apart, and
//! what is counted or added up of each.
//!
//! Only what stands in the file; [`report`](crate::report) checks it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Expression, OneOrMany, Table, Translated};
use crate::diagnostic::Sp;

/// A report over the tickets of some processes that were opened within some days.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportFile {
    /// Name of the report, the same as its file's name.
    pub report: Sp<String>,
    pub title: Translated,
    /// What the numbers mean, for whoever reads them.
    #[serde(default)]
    pub about: Option<Translated>,
    /// Whose tickets are counted: one process, or several that have the fields in common.
    pub process: OneOrMany<Sp<String>>,
    /// Fields of the processes: one row for each of their values. Whoever asks may leave some out.
    pub by: OneOrMany<Sp<String>>,
    /// From left to right.
    pub columns: Table<Column>,
}

/// What is told of the tickets of a row: exactly one of `count`, `sum` and `posted`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub title: Translated,
    /// How many tickets there are for which this holds.
    #[serde(default)]
    pub count: Option<Expression>,
    /// The sum of this number; nothing counts as zero.
    #[serde(default)]
    pub sum: Option<Expression>,
    /// What the tickets' vouchers have put on some accounts, debits less credits; what was reversed is taken off.
    #[serde(default)]
    pub posted: Option<Posted>,
}

/// Lines of vouchers.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Posted {
    /// Of these templates.
    pub vouchers: OneOrMany<Sp<String>>,
    /// On these accounts.
    pub accounts: OneOrMany<Sp<String>>,
}
