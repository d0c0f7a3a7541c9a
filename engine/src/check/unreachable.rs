//! A state that no chain of transitions leads into.

use super::charts;
use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::statechart::{StateId, StateKind, StateSet, Statechart};

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for chart in charts(bundle) {
        let reached = reached(chart);
        let dead = (0u16..).map(StateId).zip(chart.states()).filter(|(id, _)| !reached.contains(*id));
        for (_, state) in dead {
            // What lies inside a dead state is dead with it: the outermost says enough.
            if state.parent.is_some_and(|parent| !reached.contains(parent)) {
                continue;
            }
            found.push(
                Diagnostic::error(
                    "AC0210",
                    state.place,
                    format!("nothing leads to the state `{}`", state.path),
                )
                .label("never entered")
                .help("give a transition this target, or remove the state"),
            );
        }
    }
    found
}

/// States that can be active. Guards are taken to hold: only what is sure is told.
pub(super) fn reached(chart: &Statechart) -> StateSet {
    reached_without(chart, &chart.no_states())
}

/// The same, without what is only reached by way of some states.
pub(super) fn reached_without(chart: &Statechart, closed: &StateSet) -> StateSet {
    let mut reached = chart.no_states();
    let mut open = vec![StateId::ROOT];
    while let Some(id) = open.pop() {
        if reached.contains(id) || closed.contains(id) {
            continue;
        }
        reached.insert(id);
        let state = chart.state(id);
        match &state.kind {
            StateKind::Compound { initial, .. } => open.extend(initial),
            StateKind::Parallel { regions, .. } => open.extend(regions),
            StateKind::History { default, .. } => open.extend(default),
            StateKind::Atomic | StateKind::Final => {}
        }
        let transitions = state.transitions().filter_map(|id| chart.transition(id));
        open.extend(transitions.flat_map(|transition| transition.targets.iter().copied()));
        // Entering a state enters those around it; regions beside it start as well.
        open.extend(chart.ancestors(id));
    }
    reached
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_state_without_a_way_in_is_told_once() {
        super::super::tests::check(
            super::check,
            "
process: p
initial: a
states:
  a: {on: {go: {target: par, by: [x]}}}
  lost: {initial: inner, states: {inner: {type: final}}}
  par:
    type: parallel
    states:
      one: {initial: o, states: {o: {on: {back: {target: hist.h, by: [x]}}}}}
      two: {initial: t, states: {t: {}}}
  hist:
    initial: i
    states: {h: {type: history, target: j}, i: {}, j: {type: final}}
",
            "p.yaml:6:3: error[AC0210]: nothing leads to the state `lost`; give a transition this target, or remove the state\n",
        );
    }
}
