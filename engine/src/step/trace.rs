//! How a decision came about, as data. Ids only; texts are made when somebody reads it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::statechart::{EventName, StateSet, Statechart, TransitionId};

/// The microsteps of one decision.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    pub microsteps: Vec<Microstep>,
}

/// Transitions taken together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Microstep {
    /// Event that caused it; none: eventless, or the first entry.
    pub event: Option<EventName>,
    /// The instance whose states these are.
    pub key: Option<Arc<str>>,
    pub transitions: SmallVec<[TransitionId; 8]>,
    /// Enabled as well, but later in the same state: document order decided.
    pub passed_over: SmallVec<[TransitionId; 8]>,
    pub exited: StateSet,
    pub entered: StateSet,
}

/// A microstep in names, as it is stored with the ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TraceStep {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    pub transitions: Vec<Taken>,
    /// Inner first.
    pub exited: Vec<String>,
    /// Outer first.
    pub entered: Vec<String>,
}

/// A transition that was taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    pub source: String,
    pub targets: Vec<String>,
    /// Guards that held, as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<String>,
    /// Targets of enabled transitions of the same state that stood later in the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<String>,
}

impl Trace {
    /// The trace in the chart's names.
    pub fn in_names(&self, chart: &Statechart) -> Vec<TraceStep> {
        self.microsteps.iter().map(|microstep| microstep.in_names(chart)).collect()
    }
}

impl Microstep {
    fn in_names(&self, chart: &Statechart) -> TraceStep {
        let path = |id| chart.path_of(id, self.key.as_deref());
        let taken = |id: &TransitionId| {
            let transition = chart.transition(*id)?;
            let lost = |other: &&TransitionId| {
                chart.transition(**other).is_some_and(|other| other.source == transition.source)
            };
            let targets =
                |t: &crate::statechart::Transition| t.targets.iter().copied().map(path).collect::<Vec<_>>();
            Some(Taken {
                source: path(transition.source),
                targets: targets(transition),
                guards: transition.guards.iter().map(|guard| guard.when.text().to_owned()).collect(),
                passed_over: self
                    .passed_over
                    .iter()
                    .filter(lost)
                    .filter_map(|id| chart.transition(*id))
                    .flat_map(targets)
                    .collect(),
            })
        };
        TraceStep {
            event: self.event.as_ref().map(|event| chart.events.text(event).to_owned()),
            transitions: self.transitions.iter().filter_map(taken).collect(),
            exited: self.exited.iter().rev().map(path).filter(|p| !p.is_empty()).collect(),
            entered: self.entered.iter().map(path).filter(|p| !p.is_empty()).collect(),
        }
    }
}
