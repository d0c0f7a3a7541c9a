//! Tickets that a ticket opens: awaited by a state (`invoke`), or opened and only linked (`open`).

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Expression, OneOrMany, Table, Transition};
use crate::diagnostic::Sp;

/// A ticket that is opened when the state is entered, and given up when it is left.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Invoke {
    /// Its name within the process: `done.invoke.ID` comes with what the ticket gives, `error.invoke.ID` when it
    /// cannot be opened.
    pub id: Sp<String>,
    /// The process that the ticket follows.
    pub process: Sp<String>,
    /// What its opening form asks for: field to value.
    #[serde(default)]
    pub input: Table<Expression>,
    /// Serial of its device. Left out: the device of this ticket.
    #[serde(default)]
    pub device: Option<Expression>,
    /// Code of its customer. Left out: the customer of this ticket.
    #[serde(default)]
    pub customer: Option<Expression>,
    /// Taken when the ticket has ended; `data` is its `output`.
    #[serde(default)]
    pub on_done: OneOrMany<Transition>,
    /// Taken when the ticket cannot be opened; `data.reasons` says why.
    #[serde(default)]
    pub on_error: OneOrMany<Transition>,
}

/// A linked ticket that nobody waits for.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// The process that the ticket follows.
    pub process: Sp<String>,
    /// Why it is opened, in one word: `rework`, `remedy` … It is shown with both tickets.
    pub link: Sp<String>,
    /// What its opening form asks for: field to value.
    #[serde(default)]
    pub input: Table<Expression>,
    /// Serial of its device. Left out: the device of this ticket.
    #[serde(default)]
    pub device: Option<Expression>,
    /// Code of its customer. Left out: the customer of this ticket.
    #[serde(default)]
    pub customer: Option<Expression>,
    /// Only when this holds.
    #[serde(default)]
    pub when: Option<Expression>,
}
