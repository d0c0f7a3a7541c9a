//! Transitions of one state for the same event that only their order in the file tells apart.

use super::charts;
use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::statechart::event::describes;
use crate::statechart::{StateId, StateKind, Statechart, Transition};

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    charts(bundle).flat_map(|chart| [of(chart), beside(chart)].concat()).collect()
}

fn of(chart: &Statechart) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for state in chart.states() {
        let transitions: Vec<&Transition> =
            state.transitions().filter_map(|id| chart.transition(id)).collect();
        for (at, later) in transitions.iter().enumerate() {
            let mut before = transitions.iter().take(at).filter(|earlier| covers(earlier, later));
            let Some(winner) = before.find(|earlier| always_wins(earlier, later)) else { continue };
            let event =
                later.event.as_deref().map_or("eventless transitions".into(), |event| format!("`{event}`"));
            found.push(
                Diagnostic::warning(
                    "AC0213",
                    later.place,
                    format!("of two transitions for {event}, this one is never taken"),
                )
                .label("the one before it is always taken")
                .help(format!(
                    "line {} comes first {}: give it a guard, or put this one before it",
                    winner.place.line,
                    if winner.guards.is_empty() { "and has no guard" } else { "with the same guard" }
                )),
            );
        }
    }
    found
}

/// Whether the earlier one answers every event that the later one answers.
fn covers(earlier: &Transition, later: &Transition) -> bool {
    let (Some(earlier), Some(later)) = (&earlier.event, &later.event) else {
        return earlier.event == later.event;
    };
    let family = |word: &str| word.strip_suffix(".*").unwrap_or(word).to_owned();
    later
        .split_whitespace()
        .all(|word| earlier.split_whitespace().any(|by| by == word || describes(by, &family(word))))
}

/// Transitions of regions beside one another that answer the same event and of which one leaves them all: only
/// one can be taken, and the order in the file decides which.
fn beside(chart: &Statechart) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let leads = |t: &&Transition| t.event.is_some() && !t.targets.is_empty();
    let transitions: Vec<&Transition> = chart.transitions().iter().filter(leads).collect();
    for (at, one) in transitions.iter().enumerate() {
        for other in transitions.iter().skip(at + 1).filter(|other| other.event == one.event) {
            let Some(parallel) = parallel_of(chart, one.source, other.source) else { continue };
            let leaves = |t: &Transition| t.targets.iter().any(|target| !chart.is_below(*target, parallel));
            let free = always_wins(one, other) || always_wins(other, one);
            if free && one.targets != other.targets && (leaves(one) || leaves(other)) {
                let (first, second) = (&chart.state(one.source).path, &chart.state(other.source).path);
                let event = one.event.as_deref().unwrap_or_default();
                found.push(
                    Diagnostic::warning(
                        "AC0213",
                        other.place,
                        format!("`{event}` leads to different states from `{first}` and `{second}`, which are active together"),
                    )
                    .label("only one of them can be taken")
                    .help(format!("line {} comes first; give them different events, or guards", one.place.line)),
                );
            }
        }
    }
    found
}

/// The parallel state in different regions of which two states lie.
fn parallel_of(chart: &Statechart, one: StateId, other: StateId) -> Option<StateId> {
    let line: Vec<StateId> = std::iter::once(one).chain(chart.ancestors(one)).collect();
    let common = std::iter::once(other).chain(chart.ancestors(other)).find(|id| line.contains(id))?;
    let apart = common != one && common != other;
    (apart && matches!(chart.state(common).kind, StateKind::Parallel { .. })).then_some(common)
}

/// Whether the earlier one is enabled whenever the later one is: for the same people, with no more conditions.
fn always_wins(earlier: &Transition, later: &Transition) -> bool {
    let people =
        later.by.iter().all(|role| earlier.by.contains(role)) && earlier.by.is_empty() == later.by.is_empty();
    let held = earlier
        .guards
        .iter()
        .all(|guard| later.guards.iter().any(|other| other.when.text() == guard.when.text()));
    people && held
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_transition_in_the_shadow_of_another_is_told() {
        super::super::tests::check(
            super::check,
            "
process: p
initial: a
states:
  a:
    on:
      go:
        - {target: b, by: [x]}
        - {target: a, by: [x], guard: \"1 == 1\"}
        - {target: a, by: [y]}
      pay:
        - {target: b, by: [x], guard: \"1 == 2\"}
        - {target: a, by: [x]}
  b: {type: final}
",
            "p.yaml:9:20: warning[AC0213]: of two transitions for `go`, this one is never taken; line 8 comes first \
             and has no guard: give it a guard, or put this one before it\n",
        );
    }

    #[test]
    fn a_family_of_events_before_one_of_them_is_told() {
        super::super::tests::check(
            super::check,
            "
process: p
initial: a
states:
  a:
    on:
      pay.*: {target: b, by: [x]}
      pay.cash: {target: a, by: [x]}
      go: {target: b, by: [x]}
      \"*\": {target: a, by: [x]}
  b: {type: final}
",
            "p.yaml:8:26: warning[AC0213]: of two transitions for `pay.cash`, this one is never taken; line 7 comes \
             first and has no guard: give it a guard, or put this one before it\n",
        );
    }

    #[test]
    fn regions_that_pull_a_ticket_to_different_states_are_told() {
        super::super::tests::check(
            super::check,
            "
process: p
initial: both
states:
  both:
    type: parallel
    states:
      left: {initial: l, states: {l: {on: {stop: {by: [x], target: done}, go: {by: [x], target: m}}}, m: {}}}
      right: {initial: r, states: {r: {on: {stop: {by: [x], target: lost}, go: {by: [x], target: s}}}, s: {}}}
  done: {type: final}
  lost: {type: final}
",
            "p.yaml:9:69: warning[AC0213]: `stop` leads to different states from `both.left.l` and `both.right.r`, \
             which are active together; line 8 comes first; give them different events, or guards\n",
        );
    }
}
