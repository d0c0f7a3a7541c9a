//! Entering states: outer before inner, and what happens on the way.

use crate::effect;
use crate::statechart::{StateId, StateKind, StateSet, TransitionId};

use super::route::Entry;
use super::run::{Refusal, Run};
use super::{clock, each, invoke};

/// Enters what transitions lead into; gives the states.
pub(crate) fn follow(run: &mut Run<'_>, transitions: &[TransitionId]) -> Result<StateSet, Refusal> {
    let chart = run.chart;
    if let [only] = transitions
        && let Some(route) = chart.transition(*only).and_then(|transition| transition.route.as_ref())
    {
        enter(run, &route.entry)?;
        return Ok(route.entry.states.clone());
    }
    let mut entry = Entry::new(chart);
    for transition in transitions.iter().filter_map(|id| chart.transition(*id)) {
        match &transition.route {
            Some(route) => entry.add(&route.entry),
            None if transition.targets.is_empty() => {}
            None => {
                entry.follow(chart, &run.configuration.memory.history, transition);
            }
        }
    }
    enter(run, &entry)?;
    Ok(entry.states)
}

/// SCXML's enterStates.
pub(crate) fn enter(run: &mut Run<'_>, entry: &Entry) -> Result<(), Refusal> {
    let chart = run.chart;
    run.note_entered(&entry.states);
    if !entry.states.intersects(&chart.entry_acts) && entry.defaults_of.is_empty() {
        run.configuration.active.union(&entry.states);
        return Ok(());
    }
    for id in entry.states.iter() {
        let state = chart.state(id);
        run.configuration.active.insert(id);
        run.speak(id);
        clock::entered(run, id);
        if !state.invokes.is_empty() {
            invoke::entered(run, id);
        }
        if let Some(rule) = state.each {
            each::entered(run, rule);
        }
        for action in &state.entry {
            effect::perform(run, action)?;
        }
        if entry.by_default.contains(id)
            && let StateKind::Compound { actions, .. } = &state.kind
        {
            for action in actions {
                effect::perform(run, action)?;
            }
        }
        for history in entry.defaults_of.iter().filter(|history| chart.state(**history).parent == Some(id)) {
            if let StateKind::History { actions, .. } = &chart.state(*history).kind {
                for action in actions {
                    effect::perform(run, action)?;
                }
            }
        }
        if matches!(state.kind, StateKind::Final) {
            done(run, id);
        }
    }
    Ok(())
}

/// A final state was entered: its parent is done, and with it perhaps the parallel state around.
fn done(run: &mut Run<'_>, id: StateId) {
    let chart = run.chart;
    let Some(parent) = chart.state(id).parent else { return };
    if parent == StateId::ROOT {
        run.configuration.finished = true;
        return;
    }
    // One instance has ended: whether that is enough is asked when the step comes to rest.
    if chart.state(parent).each.is_none() {
        say_done(run, parent);
    }
}

/// A state is done, and with it perhaps the parallel state around.
pub(super) fn say_done(run: &mut Run<'_>, id: StateId) {
    let chart = run.chart;
    raise_done(run, id);
    let Some(grand) = chart.state(id).parent else { return };
    if let StateKind::Parallel { regions, .. } = &chart.state(grand).kind
        && regions.iter().all(|region| is_done(run, *region))
    {
        if grand == StateId::ROOT {
            run.configuration.finished = true;
        } else {
            raise_done(run, grand);
        }
    }
}

/// Raises a state's done event, if any transition waits for it.
fn raise_done(run: &mut Run<'_>, id: StateId) {
    let state = run.chart.state(id);
    if let Some(event) = &state.done {
        let key = run.at.as_ref().filter(|_| state.within.is_some()).map(|at| at.key.clone());
        run.waiting().internal.push((event.clone(), key));
    }
}

/// SCXML's isInFinalState.
fn is_done(run: &Run<'_>, id: StateId) -> bool {
    let active = &run.configuration.active;
    let state = run.chart.state(id);
    if let Some(rule) = state.each {
        return run.configuration.memory.each.iter().any(|group| group.rule == rule && group.done);
    }
    match &state.kind {
        StateKind::Compound { children, .. } => children
            .iter()
            .any(|child| active.contains(*child) && matches!(run.chart.state(*child).kind, StateKind::Final)),
        StateKind::Parallel { regions, .. } => regions.iter().all(|region| is_done(run, *region)),
        _ => false,
    }
}
