//! Leaving states: history first, then inner before outer.

use crate::effect;
use crate::statechart::{StateId, StateKind, StateSet};

use super::run::{Refusal, Run};
use super::{clock, each, invoke};

/// SCXML's exitStates.
pub(crate) fn leave(run: &mut Run<'_>, exits: &StateSet) -> Result<(), Refusal> {
    let chart = run.chart;
    if !exits.intersects(&chart.exit_acts) {
        run.configuration.active.subtract(exits);
        return Ok(());
    }
    for id in exits.iter() {
        remember(run, id);
    }
    for id in exits.iter().rev() {
        let state = chart.state(id);
        if let Some(rule) = state.each {
            each::left(run, rule)?;
        }
        run.speak(id);
        for action in &state.exit {
            effect::perform(run, action)?;
        }
        clock::left(run, id);
        if !state.invokes.is_empty() {
            invoke::left(run, id);
        }
        run.configuration.active.remove(id);
    }
    Ok(())
}

/// Fills the history states of a state that is about to be left.
fn remember(run: &mut Run<'_>, id: StateId) {
    let chart = run.chart;
    let state = chart.state(id);
    // Its instances end with it, and with them what they remember.
    if state.each.is_some() {
        return;
    }
    for history in state.history() {
        let state_of_history = chart.state(*history);
        let deep = matches!(state_of_history.kind, StateKind::History { deep: true, .. });
        let mut remembered = chart.no_states();
        if deep {
            let below = run.configuration.active.between(id.0 + 1, state.end);
            below
                .iter()
                .filter(|inner| chart.atomic.contains(*inner))
                // What instances do is theirs: from outside it is remembered as the state around them.
                .filter(|inner| chart.state(*inner).within == state_of_history.within)
                .for_each(|inner| remembered.insert(inner));
        } else {
            let active = &run.configuration.active;
            state
                .children()
                .iter()
                .filter(|child| active.contains(**child))
                .for_each(|child| remembered.insert(*child));
        }
        let history_values = &mut run.configuration.memory.make().history;
        match history_values.binary_search_by_key(history, |(key, _)| *key) {
            Ok(at) => {
                if let Some((_, value)) = history_values.get_mut(at) {
                    *value = remembered;
                }
            }
            Err(at) => history_values.insert(at, (*history, remembered)),
        }
    }
}
