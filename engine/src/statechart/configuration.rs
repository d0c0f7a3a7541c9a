//! Where a ticket is: active states, what history remembers, clocks that run.
//!
//! Only a legal configuration can be made: by the algorithm, or by [`Configuration::restore`], which checks.

use serde::{Deserialize, Serialize};

use crate::deadline::Budget;
use crate::step::clock::{ClockRule, Runs};

use super::{StateId, StateKind, StateSet, Statechart};

/// The set of active states of one ticket, with what goes along with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Configuration {
    pub(crate) active: StateSet,
    /// By history state, in document order.
    pub(crate) history: Vec<(StateId, StateSet)>,
    /// Clocks that run or stand, by their position in the chart.
    pub(crate) clocks: Vec<Clock>,
    /// Delayed sends so far: each gets its own name.
    pub(crate) sends: u32,
    /// Tickets that are awaited, by their position among the chart's invokes.
    pub(crate) invoked: Vec<u16>,
    /// The process has ended.
    pub(crate) finished: bool,
}

/// A clock of a state or of the process that runs or stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Clock {
    /// Its position among the chart's clocks.
    pub(crate) rule: u16,
    pub(crate) budget: Budget,
}

/// A configuration as it is stored: paths instead of ids, so that it outlives a recompilation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    /// Active atomic and final states, dotted from the root, sorted.
    pub states: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<(String, Vec<String>)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<StoredClock>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sends: u32,
    /// Ids of the invokes whose tickets are awaited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invoked: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub finished: bool,
}

/// A clock as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredClock {
    /// Id of its timer.
    pub id: String,
    pub budget: Budget,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// A stored configuration that does not fit the chart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IllegalConfiguration {
    #[error("the process has no state `{0}`")]
    NoSuchState(String),
    #[error("`{0}` is active without exactly one of its children")]
    NotOneChild(String),
    #[error("`{0}` is active without all of its regions")]
    NotAllRegions(String),
    #[error("the process has no clock `{0}`")]
    NoSuchClock(String),
    #[error("the process has no invoke `{0}`")]
    NoSuchInvoke(String),
}

impl Configuration {
    /// The active states.
    pub fn active(&self) -> &StateSet {
        &self.active
    }

    /// Whether the process has ended.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// As it is stored.
    pub fn store(&self, chart: &Statechart) -> Stored {
        let path = |id: StateId| chart.state(id).path.clone();
        Stored {
            states: chart.leaves(self).into_iter().map(str::to_owned).collect(),
            history: self
                .history
                .iter()
                .map(|(id, set)| (path(*id), set.iter().map(path).collect()))
                .collect(),
            clocks: self
                .clocks
                .iter()
                .filter_map(|clock| {
                    let rule = chart.clocks.get(usize::from(clock.rule))?;
                    Some(StoredClock { id: rule.timer.clone(), budget: clock.budget.clone() })
                })
                .collect(),
            sends: self.sends,
            invoked: chart.awaited(self).into_iter().map(str::to_owned).collect(),
            finished: self.finished,
        }
    }

    /// Whether a timer of this name may wait: a state's only while the state is active, a clock's only while it
    /// runs or stands. What authors or other tickets send is bound to no state.
    pub fn may_wait(&self, chart: &Statechart, timer: &str) -> bool {
        let brings = |rule: &ClockRule| {
            rule.timer == timer || rule.warning.as_ref().is_some_and(|(warning, _)| warning == timer)
        };
        let of_state = ["$after.", "$deadline.", "$clock."].iter().any(|kind| timer.starts_with(kind));
        let Some(at) = chart.clocks.iter().position(brings) else { return !of_state };
        let is_own = |n: u16| usize::from(n) == at;
        if chart.clocks.get(at).is_some_and(|rule| matches!(rule.runs, Runs::WhileIn)) {
            return self.active.iter().any(|id| chart.state(id).clocks.iter().copied().any(is_own));
        }
        self.clocks.iter().any(|clock| is_own(clock.rule))
    }

    /// From what was stored.
    ///
    /// # Errors
    /// When the chart has no such state or clock, or the set is not a legal configuration.
    pub fn restore(chart: &Statechart, stored: &Stored) -> Result<Self, IllegalConfiguration> {
        let find = |path: &String| {
            chart.state_at(path).ok_or_else(|| IllegalConfiguration::NoSuchState(path.clone()))
        };
        let mut active = chart.no_states();
        active.insert(StateId::ROOT);
        for path in &stored.states {
            let id = find(path)?;
            active.insert(id);
            chart.ancestors(id).for_each(|up| active.insert(up));
        }
        check_legal(chart, &active)?;
        let mut history = Vec::new();
        for (path, remembered) in &stored.history {
            let mut set = chart.no_states();
            for state in remembered {
                set.insert(find(state)?);
            }
            history.push((find(path)?, set));
        }
        // They are searched in the order of the chart, which may have changed since they were stored.
        history.sort_unstable_by_key(|(id, _)| *id);
        let mut clocks = Vec::new();
        for clock in &stored.clocks {
            let rule = chart.clocks.iter().position(|rule| rule.timer == clock.id);
            let rule = rule.and_then(|n| u16::try_from(n).ok());
            let rule = rule.ok_or_else(|| IllegalConfiguration::NoSuchClock(clock.id.clone()))?;
            clocks.push(Clock { rule, budget: clock.budget.clone() });
        }
        let mut invoked = Vec::new();
        for id in &stored.invoked {
            let rule = chart.invokes.iter().position(|rule| rule.id == *id);
            let rule = rule.and_then(|n| u16::try_from(n).ok());
            invoked.push(rule.ok_or_else(|| IllegalConfiguration::NoSuchInvoke(id.clone()))?);
        }
        Ok(Self { active, history, clocks, sends: stored.sends, invoked, finished: stored.finished })
    }
}

/// SCXML 3.11: the root is active; a compound state with exactly one child, a parallel one with all.
pub(crate) fn check_legal(chart: &Statechart, active: &StateSet) -> Result<(), IllegalConfiguration> {
    for id in active.iter() {
        let state = chart.state(id);
        let inside = state.children().iter().filter(|child| active.contains(**child)).count();
        match &state.kind {
            StateKind::Compound { .. } if inside != 1 => {
                return Err(IllegalConfiguration::NotOneChild(state.path.clone()));
            }
            StateKind::Parallel { regions, .. } if inside != regions.len() => {
                return Err(IllegalConfiguration::NotAllRegions(state.path.clone()));
            }
            StateKind::History { .. } => return Err(IllegalConfiguration::NoSuchState(state.path.clone())),
            _ => {}
        }
    }
    Ok(())
}
