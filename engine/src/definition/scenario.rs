//! Scenarios: stories of one ticket, told as given, when, then.
//!
//! A story names a process and says what is *given* (the moment, facts about the world, the catalogue), which
//! *steps* people and time take, and after each step what is *expected*. The same file runs on the engine alone
//! and through the HTTP API. Nothing here is executed: [`scenario`](crate::scenario) does that.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{DurationText, OneOrMany, Table};
use crate::diagnostic::Sp;
use crate::facts::Map;

/// One story.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What happens, in a sentence.
    pub scenario: Sp<String>,
    /// The process that the ticket follows.
    pub process: Sp<String>,
    /// Requirements that it shows, such as `SP-07`.
    #[serde(default)]
    pub ids: Vec<Sp<String>>,
    #[serde(default)]
    pub given: Given,
    /// How the ticket is opened. Left out: by the system, with an empty form.
    #[serde(default)]
    pub open: Option<Sp<Step>>,
    #[serde(default)]
    pub steps: Vec<Sp<Step>>,
    /// What holds in the end.
    #[serde(default)]
    pub then: Option<Sp<Expect>>,
}

/// Several stories in one file.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenarios {
    pub scenarios: Vec<Scenario>,
}

/// What stories share: name to what is given. A story takes it with `given: {use: name}`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Givens {
    pub givens: Table<Given>,
}

/// What is there before the first step.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    /// Shared givens to start from; what stands here is laid over them.
    pub r#use: OneOrMany<Sp<String>>,
    /// The moment of the opening, RFC 3339. Default: noon UTC of 2026-01-01.
    pub now: Option<Sp<String>>,
    /// Facts of the world by their names: `device`, `card`, `policy`, `customer` …
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub facts: Map,
    /// Fields of the ticket that have a value already.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub fields: Map,
    pub catalog: Catalog,
}

/// Register entries by code, which forms and assignments refer to.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Catalog {
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub parts: Map,
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub services: Map,
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub agencies: Map,
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub service_plans: Map,
    /// More devices, by serial: each with its own `device`, `product`, `policy` and `card`; what it does not say is
    /// as that of the story's own device.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub devices: Map,
    /// Sign-in name to roles. A `by` that is not here is taken as a role.
    pub users: Table<OneOrMany<Sp<String>>>,
    /// Sign-in name to the agency or partner that the user works for.
    pub works_for: Table<Sp<String>>,
}

/// One step: time passes, then somebody sends an event. Without an event only time passes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    /// The moment, RFC 3339.
    pub at: Option<Sp<String>>,
    /// Or how long after the step before, in time of the working calendar if it says so.
    pub after: Option<DurationText>,
    /// Who: a user of the catalogue, or a role. Left out: the system.
    pub by: Option<Sp<String>>,
    pub event: Option<Sp<String>>,
    /// Which ticket: one that this one has opened, by the id of the `invoke` or the `link` of the `open`. Left
    /// out: the one that the story is about.
    pub on: Option<Sp<String>>,
    /// Files that the same person puts to the ticket first, by their kinds: `[job_sheet, card]`.
    pub files: OneOrMany<Sp<String>>,
    /// What the form brings.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub data: Map,
    /// What must have come of it. Left out: that it was not refused.
    pub expect: Option<Sp<Expect>>,
}

/// What must have come of a step. Only what is named is looked at; of maps, only the keys named.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// `moved`, `finished`, `ignored` or `refused`. Left out: refused when `reasons` are named, else not refused.
    pub outcome: Option<Sp<OutcomeWord>>,
    /// States that are active, as dotted paths; those around them count as well.
    pub state: OneOrMany<Sp<String>>,
    /// All active states without states inside, as dotted paths.
    pub configuration: Option<Sp<OneOrMany<Sp<String>>>>,
    /// Codes of the reasons why it was refused, all of them.
    pub reasons: OneOrMany<Sp<String>>,
    /// Sums of the charge lines, to the last unit.
    #[schemars(with = "Option<serde_json::Map<String, serde_json::Value>>")]
    pub charges: Option<Sp<Map>>,
    /// Facts and fields by name.
    #[schemars(with = "Option<serde_json::Map<String, serde_json::Value>>")]
    pub facts: Option<Sp<Map>>,
    /// Rule, or the fact that holds its decision, to what it decided.
    #[schemars(with = "Option<serde_json::Map<String, serde_json::Value>>")]
    pub decisions: Option<Sp<Map>>,
    /// Named conditions that rules asked in this step, and whether they held.
    pub conditions: Table<Sp<bool>>,
    /// Keys of all messages that left, in any order.
    pub messages: Option<Sp<OneOrMany<Sp<String>>>>,
    /// All vouchers written, in order.
    pub vouchers: Option<Sp<OneOrMany<VoucherExpected>>>,
    /// English titles of all tasks given.
    pub tasks: Option<Sp<OneOrMany<Sp<String>>>>,
    /// Timers that are armed now: event to the moment, RFC 3339.
    pub timers: Table<Sp<String>>,
    /// Other effects that must be among those of the step, each as far as it is written: `{document: {series: invoice}}`.
    #[schemars(with = "OneOrMany<serde_json::Map<String, serde_json::Value>>")]
    pub effects: OneOrMany<Sp<Map>>,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeWord {
    Moved,
    Finished,
    Ignored,
    Refused,
}

impl OutcomeWord {
    pub fn word(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Finished => "finished",
            Self::Ignored => "ignored",
            Self::Refused => "refused",
        }
    }
}

/// A voucher: its template, and if they are given all of its lines.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VoucherExpected {
    pub template: Sp<String>,
    #[serde(default)]
    pub lines: Option<Vec<LineExpected>>,
}

/// A line of a voucher: account code to amount on one side.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LineExpected {
    #[serde(default)]
    pub debit: Option<Sp<String>>,
    #[serde(default)]
    pub credit: Option<Sp<String>>,
    pub amount: Sp<String>,
    /// Detail kind to code; left out, details are not looked at.
    #[serde(default)]
    pub details: Table<Sp<String>>,
}
