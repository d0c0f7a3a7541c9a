//! A configuration as it is stored, and back: names instead of ids, so that it outlives a recompilation.

use serde::{Deserialize, Serialize};

use crate::deadline::Budget;

use super::memory::Held;
use super::{Clock, Configuration, Group, IllegalConfiguration, Instance, check_legal};
use crate::statechart::{StateId, StateSet, Statechart};

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
    /// Instances of active states.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub each: Vec<StoredEach>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub finished: bool,
}

/// The instances of one state as they are stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredEach {
    /// Path of the state whose inside they run.
    pub state: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub done: bool,
    pub instances: Vec<StoredInstance>,
}

/// One instance as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredInstance {
    pub key: String,
    /// Active atomic and final states inside; none: it has been called off.
    pub states: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<(String, Vec<String>)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<StoredClock>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invoked: Vec<String>,
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

impl Configuration {
    /// As it is stored.
    pub fn store(&self, chart: &Statechart) -> Stored {
        Stored {
            states: leaves(chart, &self.active),
            history: history(chart, &self.memory.history),
            clocks: clocks(chart, &self.memory.clocks),
            sends: self.memory.sends,
            invoked: invoked(chart, &self.memory.invoked),
            each: self.memory.each.iter().filter_map(|group| of_group(chart, group)).collect(),
            finished: self.finished,
        }
    }

    /// From what was stored.
    ///
    /// # Errors
    /// When the chart has no such state or clock, or the set is not a legal configuration.
    pub fn restore(chart: &Statechart, stored: &Stored) -> Result<Self, IllegalConfiguration> {
        let reader = Reader(chart);
        let mut active = chart.no_states();
        active.insert(StateId::ROOT);
        reader.activate(&stored.states, StateId::ROOT, &mut active)?;
        check_legal(chart, &active, false)?;
        Ok(Self {
            active,
            memory: Held {
                history: reader.history(&stored.history)?,
                clocks: reader.clocks(&stored.clocks)?,
                sends: stored.sends,
                invoked: reader.invoked(&stored.invoked)?,
                each: stored.each.iter().map(|each| reader.group(each)).collect::<Result<_, _>>()?,
            }
            .into(),
            finished: stored.finished,
        })
    }
}

fn path(chart: &Statechart, id: StateId) -> String {
    chart.state(id).path.clone()
}

/// Sorted by name.
fn leaves(chart: &Statechart, active: &StateSet) -> Vec<String> {
    let leaves = active.iter().filter(|id| chart.atomic.contains(*id));
    let mut paths: Vec<String> = leaves.map(|id| path(chart, id)).collect();
    paths.sort_unstable();
    paths
}

fn history(chart: &Statechart, remembered: &[(StateId, StateSet)]) -> Vec<(String, Vec<String>)> {
    let names = |set: &StateSet| set.iter().map(|id| path(chart, id)).collect();
    remembered.iter().map(|(id, set)| (path(chart, *id), names(set))).collect()
}

fn clocks(chart: &Statechart, running: &[Clock]) -> Vec<StoredClock> {
    let stored = |clock: &Clock| {
        let rule = chart.clocks.get(usize::from(clock.rule))?;
        Some(StoredClock { id: rule.timer.clone(), budget: clock.budget.clone() })
    };
    running.iter().filter_map(stored).collect()
}

fn invoked(chart: &Statechart, open: &[u16]) -> Vec<String> {
    open.iter().filter_map(|n| chart.invokes.get(usize::from(*n))).map(|rule| rule.id.clone()).collect()
}

fn of_group(chart: &Statechart, group: &Group) -> Option<StoredEach> {
    let rule = chart.eaches.get(usize::from(group.rule))?;
    let stored = |one: &Instance| StoredInstance {
        key: one.key.to_string(),
        states: leaves(chart, &one.active),
        history: history(chart, &one.history),
        clocks: clocks(chart, &one.clocks),
        invoked: invoked(chart, &one.invoked),
    };
    let instances = group.instances.iter().map(stored).collect();
    Some(StoredEach { state: path(chart, rule.state), done: group.done, instances })
}

/// Finds again by name what the chart has.
struct Reader<'c>(&'c Statechart);

type Read<T> = Result<T, IllegalConfiguration>;

impl Reader<'_> {
    fn state(&self, path: &str) -> Read<StateId> {
        self.0.state_at(path).ok_or_else(|| IllegalConfiguration::NoSuchState(path.to_owned()))
    }

    /// States with all that lies around them, up to one.
    fn activate(&self, paths: &[String], up_to: StateId, active: &mut StateSet) -> Read<()> {
        for path in paths {
            let id = self.state(path)?;
            active.insert(id);
            self.0.ancestors(id).take_while(|up| *up != up_to).for_each(|up| active.insert(up));
        }
        Ok(())
    }

    fn history(&self, stored: &[(String, Vec<String>)]) -> Read<Vec<(StateId, StateSet)>> {
        let mut history = Vec::new();
        for (path, remembered) in stored {
            let mut set = self.0.no_states();
            for state in remembered {
                set.insert(self.state(state)?);
            }
            history.push((self.state(path)?, set));
        }
        // They are searched in the order of the chart, which may have changed since they were stored.
        history.sort_unstable_by_key(|(id, _)| *id);
        Ok(history)
    }

    fn clocks(&self, stored: &[StoredClock]) -> Read<Vec<Clock>> {
        let mut clocks = Vec::new();
        for clock in stored {
            let rule = self.0.clocks.iter().position(|rule| rule.timer == clock.id);
            let rule = rule.and_then(|n| u16::try_from(n).ok());
            let rule = rule.ok_or_else(|| IllegalConfiguration::NoSuchClock(clock.id.clone()))?;
            clocks.push(Clock { rule, budget: clock.budget.clone() });
        }
        Ok(clocks)
    }

    fn invoked(&self, stored: &[String]) -> Read<Vec<u16>> {
        let mut invoked = Vec::new();
        for id in stored {
            let rule = self.0.invokes.iter().position(|rule| rule.id == *id);
            let rule = rule.and_then(|n| u16::try_from(n).ok());
            invoked.push(rule.ok_or_else(|| IllegalConfiguration::NoSuchInvoke(id.clone()))?);
        }
        Ok(invoked)
    }

    fn group(&self, stored: &StoredEach) -> Read<Group> {
        let state = self.state(&stored.state)?;
        let rule = self.0.state(state).each;
        let rule = rule.ok_or_else(|| IllegalConfiguration::NotForEach(stored.state.clone()))?;
        let mut instances = Vec::new();
        for one in &stored.instances {
            let mut active = self.0.no_states();
            if !one.states.is_empty() {
                self.activate(&one.states, state, &mut active)?;
                let mut around = active.clone();
                around.insert(state);
                check_legal(self.0, &around, true)?;
            }
            instances.push(Instance {
                key: one.key.as_str().into(),
                active,
                history: self.history(&one.history)?,
                clocks: self.clocks(&one.clocks)?,
                invoked: self.invoked(&one.invoked)?,
                entered: self.0.no_states(),
            });
        }
        Ok(Group { rule, done: stored.done, instances })
    }
}
