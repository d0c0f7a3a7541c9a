//! How instances begin and end: with their records, and with the state around them.

use std::sync::Arc;

use crate::effect;
use crate::facts::Value;
use crate::statechart::configuration::{Group, Instance};
use crate::statechart::each::key_of;
use crate::statechart::{EachRule, StateId, StateKind, StateSet};

use super::super::route::Entry;
use super::super::run::{Refusal, Run};
use super::super::trace::Microstep;
use super::super::{Reason, clock, enter, exit};
use super::within;

/// The state was entered: its instances begin as soon as nothing eventless leads on.
pub(crate) fn entered(run: &mut Run<'_>, rule: u16) {
    let groups = &mut run.configuration.memory.make().each;
    let at = groups.partition_point(|group| group.rule < rule);
    groups.insert(at, Group { rule, done: false, instances: Vec::new() });
}

/// The state is left: so is every instance, the last one first.
pub(crate) fn left(run: &mut Run<'_>, rule: u16) -> Result<(), Refusal> {
    if run.at.as_ref().is_some_and(|at| at.rule == rule) {
        // The instance that leads out has left its states already.
        clock::end_inside(run, rule);
    }
    for key in keys_of_group(run, rule).into_iter().rev() {
        call_off(run, rule, &key)?;
    }
    if let Some(held) = run.configuration.memory.held() {
        held.each.retain(|group| group.rule != rule);
    }
    Ok(())
}

/// After a microstep, when nothing eventless leads on: instances follow their records, and what is complete is
/// said. False: there was nothing to do.
pub(crate) fn settle(run: &mut Run<'_>) -> Result<bool, Refusal> {
    let chart = run.chart;
    let rules: Vec<u16> = run.configuration.memory.each.iter().map(|group| group.rule).collect();
    for rule in rules {
        let Some(of) = chart.eaches.get(usize::from(rule)) else { continue };
        if follow(run, rule, of)? || complete(run, rule, of)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Every instance that has active states, with the position of its rule.
pub(crate) fn running(run: &Run<'_>) -> Vec<(u16, Arc<str>)> {
    let groups = run.configuration.memory.each.iter();
    let all = groups.flat_map(|group| group.instances.iter().map(|one| (group.rule, one)));
    all.filter(|(_, one)| !one.active.is_empty()).map(|(rule, one)| (rule, one.key.clone())).collect()
}

fn keys_of_group(run: &Run<'_>, rule: u16) -> Vec<Arc<str>> {
    let groups = run.configuration.memory.each.iter().filter(|group| group.rule == rule);
    groups.flat_map(|group| &group.instances).map(|one| one.key.clone()).collect()
}

/// An instance for each record, and none without.
fn follow(run: &mut Run<'_>, rule: u16, of: &EachRule) -> Result<bool, Refusal> {
    let wanted = keys(run, of)?;
    let known = keys_of_group(run, rule);
    let mut changed = false;
    for key in known.iter().rev().filter(|key| !wanted.contains(key)) {
        call_off(run, rule, key)?;
        if let Some(group) = group(run, rule) {
            group.instances.retain(|one| one.key != *key);
        }
        changed = true;
    }
    for key in wanted.iter().filter(|key| !known.contains(key)) {
        let nowhere = run.chart.no_states();
        let Some(group) = group(run, rule) else { break };
        let entered = nowhere.clone();
        group.done = false;
        group.instances.push(Instance { key: key.clone(), active: nowhere, entered, ..Instance::default() });
        within(run, rule, key, |run| begin(run, of.state)).transpose()?;
        changed = true;
    }
    Ok(changed)
}

fn group<'r>(run: &'r mut Run<'_>, rule: u16) -> Option<&'r mut Group> {
    run.configuration.memory.held()?.each.iter_mut().find(|group| group.rule == rule)
}

/// The keys of the records. Two alike, or one that is no code, is a mistake of whoever filled the list.
fn keys(run: &Run<'_>, of: &EachRule) -> Result<Vec<Arc<str>>, Refusal> {
    let mut keys: Vec<Arc<str>> = Vec::new();
    for record in run.field(of.field).as_list() {
        let key = key_of(record, &of.key).filter(|key| !keys.contains(key));
        keys.push(key.ok_or_else(|| no_key(run, of, record))?);
    }
    Ok(keys)
}

fn no_key(run: &Run<'_>, of: &EachRule, record: &Value) -> Reason {
    let field = run.chart.fields.get(usize::from(of.field)).map(|field| &*field.name).unwrap_or_default();
    let value = record.get(&of.key).cloned().unwrap_or_default();
    Reason::new("key_not_unique").field(field).with("key", &*of.key).with("value", value)
}

/// Enters the initial states inside.
fn begin(run: &mut Run<'_>, state: StateId) -> Result<(), Refusal> {
    let chart = run.chart;
    let StateKind::Compound { initial, actions, .. } = &chart.state(state).kind else { return Ok(()) };
    for action in actions {
        effect::perform(run, action)?;
    }
    let mut entry = Entry::new(chart);
    entry.inside(chart, &run.configuration.memory.history, initial, state);
    enter::enter(run, &entry)?;
    let exited = chart.no_states();
    run.note(Microstep { exited, entered: entry.states, ..Microstep::default() });
    Ok(())
}

/// Leaves what is active inside one instance, which then has come to its end.
fn call_off(run: &mut Run<'_>, rule: u16, key: &Arc<str>) -> Result<(), Refusal> {
    let left = within(run, rule, key, |run| {
        let chart = run.chart;
        let Some(of) = chart.eaches.get(usize::from(rule)) else { return Ok(()) };
        let exited = run.configuration.active.between(of.state.0 + 1, chart.state(of.state).end);
        exit::leave(run, &exited)?;
        clock::end_inside(run, rule);
        if !exited.is_empty() {
            run.note(Microstep { exited, entered: chart.no_states(), ..Microstep::default() });
        }
        Ok(())
    });
    left.unwrap_or(Ok(()))
}

/// Says that the state is done when every instance has ended, or enough of them have; the others are called off.
fn complete(run: &mut Run<'_>, rule: u16, of: &EachRule) -> Result<bool, Refusal> {
    let Some(group) = run.configuration.memory.each.iter().find(|group| group.rule == rule) else {
        return Ok(false);
    };
    let running: Vec<Arc<str>> = group
        .instances
        .iter()
        .filter(|one| !one.active.is_empty() && !has_ended(run, of.state, &one.active))
        .map(|one| one.key.clone())
        .collect();
    if group.done || (!running.is_empty() && !enough(run, of)?) {
        return Ok(false);
    }
    for key in running.iter().rev() {
        call_off(run, rule, key)?;
    }
    if let Some(group) = self::group(run, rule) {
        group.done = true;
    }
    enter::say_done(run, of.state);
    Ok(true)
}

fn enough(run: &Run<'_>, of: &EachRule) -> Result<bool, Refusal> {
    of.complete_when.as_ref().map_or(Ok(false), |when| run.holds(Some(when)))
}

/// Whether an instance has come to a final state.
fn has_ended(run: &Run<'_>, state: StateId, active: &StateSet) -> bool {
    let children = run.chart.state(state).children().iter();
    let mut ended = children.filter(|id| matches!(run.chart.state(**id).kind, StateKind::Final));
    ended.any(|id| active.contains(*id))
}
