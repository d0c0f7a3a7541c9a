//! A state in which a ticket stays for ever: nothing leaves it and it is not final.

use super::charts;
use super::unreachable::reached;
use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::statechart::{StateId, StateKind, Statechart};

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for chart in charts(bundle) {
        let reached = reached(chart);
        for (id, state) in (0u16..).map(StateId).zip(chart.states()) {
            let waits = matches!(state.kind, StateKind::Atomic) && id != StateId::ROOT;
            if waits && reached.contains(id) && !leaves(chart, id) {
                found.push(
                    Diagnostic::error(
                        "AC0211",
                        state.place,
                        format!("no way leads out of the state `{}`", state.path),
                    )
                    .label("a ticket stays here for ever")
                    .help("give it a transition, or `type: final` if this is the end"),
                );
            }
        }
    }
    found
}

/// Whether some transition of the state or of one around it leaves it, or a sibling region can end it.
fn leaves(chart: &Statechart, id: StateId) -> bool {
    let path: Vec<StateId> = std::iter::once(id).chain(chart.ancestors(id)).collect();
    path.iter().any(|up| {
        let transitions = chart.state(*up).transitions().filter_map(|id| chart.transition(id));
        transitions.into_iter().any(|transition| transition.targets.iter().any(|target| *target != id))
            || beside(chart, *up)
    })
}

/// Whether a transition of a region beside this one leads out of the parallel state.
fn beside(chart: &Statechart, id: StateId) -> bool {
    let Some(parent) = chart.state(id).parent else { return false };
    if !matches!(chart.state(parent).kind, StateKind::Parallel { .. }) {
        return false;
    }
    chart.transitions().iter().any(|transition| {
        chart.is_below(transition.source, parent)
            && transition.targets.iter().any(|target| !chart.is_below(*target, parent))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_state_without_a_way_out_is_told() {
        super::super::tests::check(
            super::check,
            "
process: p
initial: a
states:
  a: {on: {go: {target: b, by: [x]}, stay: {target: a, by: [x]}}}
  b:
    initial: c
    on: {out: {target: e, by: [x]}}
    states: {c: {on: {d: {target: d, by: [x]}}}, d: {}}
  e: {on: {note: {by: [x], actions: [{raise: noted}]}}}
",
            "p.yaml:10:3: error[AC0211]: no way leads out of the state `e`; give it a transition, or `type: final` if this is the end\n",
        );
    }
}
