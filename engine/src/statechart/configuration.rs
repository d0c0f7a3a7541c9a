//! Where a ticket is: active states, what history remembers, clocks that run.
//!
//! Only a legal configuration can be made: by the algorithm, or by [`Configuration::restore`], which checks.

mod memory;
mod stored;

use std::sync::Arc;

use crate::deadline::Budget;
use crate::step::clock::{ClockRule, Runs};

use super::{StateId, StateKind, StateSet, Statechart, each};

pub(crate) use memory::Memory;
pub use stored::{Stored, StoredClock, StoredEach, StoredInstance};

/// The set of active states of one ticket, with what goes along with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Configuration {
    pub(crate) active: StateSet,
    pub(crate) memory: Memory,
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

/// The instances of one active state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    /// Position among the chart's rules for such states.
    pub(crate) rule: u16,
    /// Its done event has been raised, and no instance has begun since.
    pub(crate) done: bool,
    /// In the order in which they began.
    pub(crate) instances: Vec<Instance>,
}

/// One instance: the part of the configuration that lies inside its state.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Instance {
    pub(crate) key: Arc<str>,
    /// Active states inside; none: it has been called off.
    pub(crate) active: StateSet,
    pub(crate) history: Vec<(StateId, StateSet)>,
    pub(crate) clocks: Vec<Clock>,
    pub(crate) invoked: Vec<u16>,
    /// What was entered in the step that is running; empty between steps.
    pub(crate) entered: StateSet,
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
    #[error("`{0}` has no instances in this process")]
    NotForEach(String),
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

    /// The instances of a state that run or have ended, by key, each with its active states.
    pub fn instances_of<'c>(
        &'c self,
        chart: &'c Statechart,
        state: StateId,
    ) -> impl Iterator<Item = (&'c str, &'c StateSet)> {
        let rule = if self.memory.each.is_empty() { None } else { chart.state(state).each };
        let groups = self.memory.each.iter().filter(move |group| Some(group.rule) == rule);
        let instances = groups.flat_map(|group| &group.instances);
        instances.filter(|one| !one.active.is_empty()).map(|one| (&*one.key, &one.active))
    }

    /// Every state that is active anywhere, be it in one instance alone.
    pub fn all_active(&self) -> StateSet {
        let mut all = self.active.clone();
        for instance in self.memory.each.iter().flat_map(|group| &group.instances) {
            all.union(&instance.active);
        }
        all
    }

    /// Whether a timer of this name may wait: a state's only while the state is active, a clock's only while it
    /// runs or stands. What authors or other tickets send is bound to no state.
    pub fn may_wait(&self, chart: &Statechart, timer: &str) -> bool {
        let (timer, key) = if chart.eaches.is_empty() { (timer, None) } else { each::split(timer) };
        let brings = |rule: &ClockRule| {
            rule.timer == timer || rule.warning.as_ref().is_some_and(|(warning, _)| warning == timer)
        };
        let of_state = ["$after.", "$deadline.", "$clock."].iter().any(|kind| timer.starts_with(kind));
        let Some(at) = chart.clocks.iter().position(brings) else { return !of_state };
        let is_own = |n: u16| usize::from(n) == at;
        let while_in = chart.clocks.get(at).is_some_and(|rule| matches!(rule.runs, Runs::WhileIn));
        let runs_in = |active: &StateSet, clocks: &[Clock]| match while_in {
            true => active.iter().any(|id| chart.state(id).clocks.iter().copied().any(is_own)),
            false => clocks.iter().any(|clock| is_own(clock.rule)),
        };
        let Some(key) = key else { return runs_in(&self.active, &self.memory.clocks) };
        let instances =
            self.memory.each.iter().flat_map(|group| &group.instances).filter(|one| &*one.key == key);
        instances.into_iter().any(|one| runs_in(&one.active, &one.clocks))
    }
}

/// SCXML 3.11: the root is active; a compound state with exactly one child, a parallel one with all. A state that
/// runs its inside for each of many has no active child itself; every instance has.
pub(crate) fn check_legal(
    chart: &Statechart,
    active: &StateSet,
    instance: bool,
) -> Result<(), IllegalConfiguration> {
    for id in active.iter() {
        let state = chart.state(id);
        let wrongly_here =
            if instance { state.each.is_none() && state.within.is_none() } else { state.within.is_some() };
        if wrongly_here {
            return Err(IllegalConfiguration::NotForEach(state.path.clone()));
        }
        if state.each.is_some() && !instance {
            continue;
        }
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
