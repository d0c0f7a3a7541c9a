//! The one function: (statechart, configuration, event, facts) → decision. Rules are bound into the chart.
//!
//! Semantics are SCXML's algorithm: document order, inner first, run to completion, exit sets by least common
//! compound ancestor, preemption in parallel regions. Where we differ: a guard or rule that errors refuses the
//! step (reason `rule_failed`) and never counts as false; what document order alone decides is named in the
//! trace; a macrostep has a hard bound.

pub mod clock;
pub(crate) mod each;
mod enter;
mod exit;
pub(crate) mod eyes;
mod form;
pub mod invoke;
mod microstep;
mod offer;
pub(crate) mod route;
pub(crate) mod run;
mod select;
pub mod trace;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::effect::Effect;
use crate::facts::{Facts, Map, Value};
use crate::statechart::{Configuration, Statechart};

pub use offer::{Instance, Offer, offers};
pub use trace::{Trace, TraceStep};

use run::Run;

/// Most microsteps that one event may cause.
pub const MAX_MICROSTEPS: u32 = 1000;

/// The codes of the engine's own reasons; the reasons file has a text for each.
pub const OWN_REASONS: &[&str] = &[
    "condition_not_met",
    "endless",
    "field_invalid",
    "field_required",
    "field_unknown",
    "in_row",
    "instance_gone",
    "key_not_unique",
    "quantity_invalid",
    "not_allowed",
    "not_in_charge",
    "rows_are_given",
    "rule_failed",
];

/// What reasons carry besides the facts that a guard has looked at: those of the engine and of who asks it.
pub const OWN_VALUES: &[&str] = &[
    "about",
    "code",
    "condition",
    "count",
    "date",
    "expected",
    "field",
    "key",
    "limit",
    "message",
    "part",
    "roles",
    "row",
    "serial",
    "text",
    "up_to",
    "value",
];

/// What comes to a ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub name: Arc<str>,
    pub origin: Origin,
}

/// Where an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A person or program: roles and forms are checked.
    External,
    /// A timer, or the system itself: roles and forms are not asked.
    System,
}

impl Event {
    /// A person's or program's event.
    pub fn external(name: &str) -> Self {
        Self { name: name.into(), origin: Origin::External }
    }

    /// A timer's event.
    pub fn system(name: &str) -> Self {
        Self { name: name.into(), origin: Origin::System }
    }
}

/// The answer to an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub outcome: Outcome,
    /// Unchanged when refused or ignored.
    pub configuration: Configuration,
    /// Fields that have a new value.
    pub fields: BTreeMap<Arc<str>, Value>,
    /// What of the world the step itself changed (`charges`, `card`, `verdict`, `ticket` …), as it now is.
    pub world: BTreeMap<Arc<str>, Value>,
    /// What the world must do, in order.
    pub effects: Vec<Effect>,
    pub trace: Trace,
}

impl Decision {
    /// Nothing changes, for these reasons.
    pub fn refused(configuration: Configuration, reasons: Vec<Reason>) -> Self {
        Self {
            outcome: Outcome::Refused(reasons),
            configuration,
            fields: BTreeMap::new(),
            world: BTreeMap::new(),
            effects: Vec::new(),
            trace: Trace::default(),
        }
    }
}

/// What became of the event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A transition was taken.
    Moved,
    /// No transition is there for this event now.
    Ignored,
    /// Transitions are there, but none may be taken; nothing changed.
    Refused(Vec<Reason>),
    /// Taken, and the process has ended.
    Finished,
}

impl Outcome {
    /// One word: `moved`, `ignored`, `refused`, `finished`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Ignored => "ignored",
            Self::Refused(_) => "refused",
            Self::Finished => "finished",
        }
    }

    /// Why it was refused; nothing otherwise.
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Refused(reasons) => reasons,
            _ => &[],
        }
    }
}

/// Why a step is refused, for a clerk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Key of a reason text; the engine's own are `not_allowed`, `field_required`, `field_invalid`,
    /// `field_unknown`, `key_not_unique`, `quantity_invalid`, `rows_are_given`, `instance_gone`, `condition_not_met`, `rule_failed`, `endless`.
    pub code: String,
    /// What the text's placeholders stand for: `roles`, `field`, `expected`, `condition`, `message` …
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub values: Map,
    /// The field to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// File and line of the guard or rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Reason {
    /// A reason by its code.
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), values: Map::new(), field: None, source: None }
    }

    /// With a value for the text's placeholder.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.values.insert(name.into(), value.into());
        self
    }

    /// About a field.
    #[must_use]
    pub fn field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self.with("field", field)
    }
}

/// Opens a ticket: enters the initial states. The facts' `data` is checked against the process's own form.
pub fn start(chart: &Statechart, facts: &Facts) -> Decision {
    let nowhere = Configuration { active: chart.no_states(), ..Configuration::default() };
    let mut run = Run::new(chart, facts, nowhere.clone());
    let result = form::opening(&mut run).and_then(|()| run.begin()).and_then(|()| run.settle());
    run.decide(result.map(|()| true), &nowhere)
}

/// Answers an event.
pub fn step(chart: &Statechart, configuration: &Configuration, event: &Event, facts: &Facts) -> Decision {
    let mut run = Run::new(chart, facts, configuration.clone());
    if configuration.is_finished() {
        return run.decide(Ok(false), configuration);
    }
    let result = run.take(event);
    run.decide(result, configuration)
}
