//! Runs over the books, as accountants write them: what is gone through at the end of a period, what a rule works
//! out for each item and which templates post it.
//!
//! Only what stands in the file; [`run`](crate::run) compiles it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::books::DetailKind;
use super::{Expression, OneOrMany, Translated};
use crate::diagnostic::Sp;

/// A run: for each period, one item for everything that has a balance or movement on some accounts.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunFile {
    /// Name of the run, the same as its file's name.
    pub run: Sp<String>,
    pub title: Translated,
    /// How long a period is.
    pub every: Sp<Every>,
    pub balances: Balances,
    /// Rule that works out amounts for an item; templates see its answer as `due`.
    #[serde(default)]
    pub decide: Option<Sp<String>>,
    /// An item is passed over unless this holds; asked after the rule.
    #[serde(default)]
    pub when: Option<Expression>,
    /// Templates that post, in this order. A voucher is dated on the last day of the period.
    #[serde(default)]
    pub vouchers: OneOrMany<Sp<String>>,
    /// Writes a numbered statement for each item: the series of its numbers, as in the company file.
    #[serde(default)]
    pub statement: Option<Sp<String>>,
}

/// How long the periods of a run are, in the calendar of the fiscal year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    Month,
    Quarter,
    Year,
}

/// What a run goes through: one item for each detail with a balance or movement on these accounts.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Balances {
    /// Codes of subsidiary accounts.
    pub accounts: OneOrMany<Sp<String>>,
    /// Which of their details makes the items.
    pub by: Sp<DetailKind>,
}
