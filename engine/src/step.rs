//! The one function: (statechart, configuration, event, facts, rules) → decision.
//!
//! Semantics are SCXML's algorithm: document order, inner first, run to completion, exit sets by least common
//! compound ancestor, preemption in parallel regions. Where we differ: a guard or rule that errors refuses the
//! step (reason `rule_failed`) and never counts as false; what document order alone decides is named in the
//! trace; a macrostep has a hard bound.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::effect::Effect;
use crate::facts::{Map, Value};

/// What comes to a ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub name: String,
    /// Who may have sent it is in the facts; this tells whether it is one that people send.
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

/// The answer to an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub outcome: Outcome,
    /// Unchanged when refused or ignored.
    pub configuration: crate::statechart::Configuration,
    /// Fields that have a new value.
    pub fields: BTreeMap<Arc<str>, Value>,
    /// What the world must do, in order.
    pub effects: Vec<Effect>,
    pub trace: Trace,
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

/// Why a step is refused, for a clerk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Key of a reason text; the engine's own are `not_allowed`, `field_required`, `field_invalid`,
    /// `field_unknown`, `condition_not_met`, `rule_failed`, `endless`.
    pub code: String,
    /// What the text's placeholders stand for: `roles`, `field`, `expected`, `condition`, `message` …
    pub values: Map,
    /// The field to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// File and line of the guard or rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// How the decision came about, as data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    pub microsteps: Vec<Microstep>,
}

/// One microstep: transitions taken together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Microstep {
    /// Event that caused it; none: eventless.
    pub event: Option<String>,
    pub transitions: Vec<Taken>,
    pub exited: Vec<String>,
    pub entered: Vec<String>,
}

/// A transition that was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    pub source: String,
    pub targets: Vec<String>,
    /// Guard text that held.
    pub guard: Option<String>,
    /// Other enabled transitions of the same state that stood later in the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<String>,
}

/// The present moment of a step, for effects.
pub type Moment = DateTime<Utc>;
