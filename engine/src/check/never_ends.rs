//! A state from which no chain of transitions leads to an end of the process: tickets go round for ever.

use std::collections::BTreeSet;

use super::charts;
use super::unreachable::reached;
use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::statechart::{StateId, StateKind, Statechart};

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    charts(bundle).filter_map(of).collect()
}

/// The first state that a ticket can come into and from which no end is in reach.
fn of(chart: &Statechart) -> Option<Diagnostic> {
    let reached = reached(chart);
    let caught = chart.descendants(StateId::ROOT).find(|id| {
        let waits = matches!(chart.state(*id).kind, StateKind::Atomic);
        waits && reached.contains(*id) && !ends(chart, *id)
    })?;
    let state = chart.state(caught);
    Some(
        Diagnostic::error(
            "AC0217",
            state.place,
            format!("from `{}` a ticket never comes to an end", state.path),
        )
        .label("no way from here leads to a final state of the process")
        .help("lead a transition on the way to a state with `type: final`"),
    )
}

/// Whether some way leads from an active state to a final state of the process. Guards are taken to hold, and
/// beside a region everything may be active: only what is sure is told.
fn ends(chart: &Statechart, start: StateId) -> bool {
    let mut active = BTreeSet::new();
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        if !active.insert(id) {
            continue;
        }
        let state = chart.state(id);
        if matches!(state.kind, StateKind::Final) && ends_process(chart, state.parent) {
            return true;
        }
        open.extend(state.parent);
        let transitions = state.transitions().filter_map(|id| chart.transition(id));
        for target in transitions.flat_map(|transition| transition.targets.iter().copied()) {
            enter(chart, target, &mut open);
        }
        if matches!(state.kind, StateKind::Parallel { .. }) {
            open.extend(chart.descendants(id));
        }
    }
    false
}

/// Whether a final state below this one ends the process: below the root, or in a region of a parallel root, whose
/// other regions may end as well.
fn ends_process(chart: &Statechart, parent: Option<StateId>) -> bool {
    let is_parallel = matches!(chart.state(StateId::ROOT).kind, StateKind::Parallel { .. });
    parent == Some(StateId::ROOT)
        || (is_parallel && parent.is_some_and(|region| chart.state(region).parent == Some(StateId::ROOT)))
}

/// The states that are active once a state has been entered.
fn enter(chart: &Statechart, id: StateId, open: &mut Vec<StateId>) {
    open.push(id);
    let state = chart.state(id);
    match &state.kind {
        StateKind::Compound { initial, .. } => initial.iter().for_each(|id| enter(chart, *id, open)),
        StateKind::History { .. } => {
            open.extend(state.parent.into_iter().flat_map(|up| chart.descendants(up)))
        }
        StateKind::Parallel { .. } | StateKind::Atomic | StateKind::Final => {}
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn states_that_lead_only_to_one_another_are_told() {
        let process = "
process: p
initial: a
states:
  a: {on: {go: {by: [x], target: b}, stop: {by: [x], target: end}}}
  b: {on: {on: {by: [x], target: c}}}
  c: {on: {back: {by: [x], target: BACK}}}
  end: {type: final}
";
        super::super::tests::check(
            super::check,
            &process.replace("BACK", "b"),
            "p.yaml:6:3: error[AC0217]: from `b` a ticket never comes to an end; lead a transition on the way to a \
             state with `type: final`\n",
        );
        super::super::tests::check(super::check, &process.replace("BACK", "a"), "");
    }

    #[test]
    fn a_process_of_regions_ends_when_each_of_them_does() {
        let process = "
process: p
type: parallel
states:
  left: {initial: l, states: {l: {on: {go: {by: [x], target: m}}}, m: {type: final}}}
  right: {initial: r, states: {r: {on: {go: {by: [x], target: s}}}, s: {type: final}}}
";
        super::super::tests::check(super::check, process, "");
    }

    #[test]
    fn the_end_may_lie_beyond_all_regions_or_in_what_history_remembers() {
        super::super::tests::check(
            super::check,
            "
process: p
initial: both
states:
  both:
    type: parallel
    states:
      left: {initial: l, states: {l: {on: {go: {by: [x], target: m}}}, m: {on: {back: {by: [x], target: l}}}}}
      right: {initial: r, states: {r: {on: {go: {by: [x], target: s}}}, s: {type: final}}}
    on_done: {target: aside}
  aside: {on: {go: {by: [x], target: work.last}}}
  work:
    initial: w
    states:
      last: {type: history}
      w: {on: {go: {by: [x], target: end}}}
  end: {type: final}
",
            "",
        );
    }
}
