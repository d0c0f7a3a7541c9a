//! Entering states: outer before inner, and what happens on the way.

use crate::effect;
use crate::statechart::{StateId, StateKind, StateSet, TransitionId};

use super::clock;
use super::route::Entry;
use super::run::{Refusal, Run};

/// The states that transitions lead into.
pub(crate) fn entry_set<'a>(run: &Run<'a>, transitions: &[TransitionId]) -> Entry<'a> {
    let chart = run.chart;
    let mut entry = Entry::new(chart);
    for transition in transitions.iter().filter_map(|id| chart.transition(*id)) {
        match &transition.route {
            Some(route) => entry.take(route),
            None if transition.targets.is_empty() => {}
            None => {
                entry.follow(chart, &run.configuration.history, transition);
            }
        }
    }
    entry
}

/// SCXML's enterStates.
pub(crate) fn enter(run: &mut Run<'_>, entry: Entry<'_>) -> Result<StateSet, Refusal> {
    let chart = run.chart;
    run.entered.union(&entry.states);
    if !entry.states.intersects(&chart.entry_acts) && entry.history_actions.is_empty() {
        run.configuration.active.union(&entry.states);
        return Ok(entry.states);
    }
    for id in entry.states.iter() {
        let state = chart.state(id);
        run.configuration.active.insert(id);
        clock::entered(run, id);
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
        for (_, actions) in entry.history_actions.iter().filter(|(parent, _)| *parent == id) {
            for action in *actions {
                effect::perform(run, action)?;
            }
        }
        if matches!(state.kind, StateKind::Final) {
            done(run, id);
        }
    }
    Ok(entry.states)
}

/// A final state was entered: its parent is done, and with it perhaps the parallel state around.
fn done(run: &mut Run<'_>, id: StateId) {
    let chart = run.chart;
    let Some(parent) = chart.state(id).parent else { return };
    if parent == StateId::ROOT {
        run.configuration.finished = true;
        return;
    }
    say_done(run, parent);
    let Some(grand) = chart.state(parent).parent else { return };
    if let StateKind::Parallel { regions, .. } = &chart.state(grand).kind
        && regions.iter().all(|region| is_done(run, *region))
    {
        if grand == StateId::ROOT {
            run.configuration.finished = true;
        } else {
            say_done(run, grand);
        }
    }
}

/// Raises a state's done event, if any transition waits for it.
fn say_done(run: &mut Run<'_>, id: StateId) {
    if let Some(event) = &run.chart.state(id).done {
        run.internal.push_back(event.clone());
    }
}

/// SCXML's isInFinalState.
fn is_done(run: &Run<'_>, id: StateId) -> bool {
    let active = &run.configuration.active;
    match &run.chart.state(id).kind {
        StateKind::Compound { children, .. } => children
            .iter()
            .any(|child| active.contains(*child) && matches!(run.chart.state(*child).kind, StateKind::Final)),
        StateKind::Parallel { regions, .. } => regions.iter().all(|region| is_done(run, *region)),
        _ => false,
    }
}
