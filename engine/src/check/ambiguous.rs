//! Transitions of one state for the same event that only their order in the file tells apart.

use super::charts;
use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::statechart::{Statechart, Transition};

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    charts(bundle).flat_map(of).collect()
}

fn of(chart: &Statechart) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for state in chart.states() {
        let transitions: Vec<&Transition> =
            state.transitions().filter_map(|id| chart.transition(id)).collect();
        for (at, later) in transitions.iter().enumerate() {
            let mut before = transitions.iter().take(at).filter(|earlier| earlier.event == later.event);
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
}
