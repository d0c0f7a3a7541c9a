//! Eventless transitions that lead round in a circle without any guard: a ticket would never come to rest.

use std::collections::BTreeSet;

use super::charts;
use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::statechart::{StateId, StateKind, Statechart};

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for chart in charts(bundle) {
        let mut told = BTreeSet::new();
        for id in (0u16..).map(StateId).take(chart.states().len()) {
            let Some(circle) = circle_of(chart, id) else { continue };
            if !circle.iter().any(|state| told.contains(state)) {
                let paths: Vec<&str> = circle.iter().map(|id| chart.state(*id).path.as_str()).collect();
                let place = chart.state(id).place;
                found.push(
                    Diagnostic::error(
                        "AC0212",
                        place,
                        format!("`{}` never comes to rest", chart.state(id).path),
                    )
                    .label("its eventless transitions lead back to it")
                    .help(format!(
                        "the circle is `{}`: give one of them a guard that becomes false",
                        paths.join("` → `")
                    )),
                );
            }
            told.extend(circle);
        }
    }
    found
}

/// The way from a state back to it by eventless transitions that are all enabled, whatever the facts, or as soon
/// as one and the same condition holds.
fn circle_of(chart: &Statechart, start: StateId) -> Option<Vec<StateId>> {
    let own = chart.state(start).transitions().filter_map(|id| chart.transition(id));
    let alone = own.filter(|own| own.event.is_none()).filter_map(|own| match own.guards.as_slice() {
        [guard] if guard.states.is_empty() => Some(guard.when.text()),
        _ => None,
    });
    circle(chart, start, None).or_else(|| alone.into_iter().find_map(|held| circle(chart, start, Some(held))))
}

/// The same when this condition holds. Where actions on the way may change what it asks, or what was asked in vain
/// before a free way, nothing is sure.
fn circle(chart: &Statechart, start: StateId, held: Option<&str>) -> Option<Vec<StateId>> {
    let mut way = vec![start];
    let mut at = start;
    let (mut asks, mut acts) = (held.is_some(), false);
    for _ in 0..=chart.states().len() {
        let onward = next(chart, at, held)?;
        asks |= onward.passes_guard;
        acts |= onward.acts;
        at = onward.target;
        way.push(at);
        if at == start {
            return Some(way).filter(|_| !(asks && acts));
        }
    }
    None
}

/// A way that leads on from a state at once.
struct Onward {
    target: StateId,
    /// A guarded way stands before it.
    passes_guard: bool,
    /// Leaving the state or going this way does something.
    acts: bool,
}

/// Where a ticket goes at once from a state: its first eventless transition that nothing holds back.
fn next(chart: &Statechart, id: StateId, held: Option<&str>) -> Option<Onward> {
    let state = chart.state(id);
    let mut always = state.transitions().filter_map(|id| chart.transition(id)).filter(|t| t.event.is_none());
    let mut passes_guard = false;
    let free = match held {
        None => always.find(|transition| {
            passes_guard |= !transition.guards.is_empty();
            transition.guards.is_empty()
        })?,
        // With a condition, another way before it may be open as well: then nothing is sure.
        Some(held) => always.next().filter(|t| t.guards.iter().all(|guard| guard.when.text() == held))?,
    };
    let acts = !(free.actions.is_empty() && state.entry.is_empty() && state.exit.is_empty());
    // Without a target the state stays and the transition is enabled again.
    let target = settle(chart, free.targets.first().copied().unwrap_or(id));
    Some(Onward { target, passes_guard, acts })
}

/// The state in which an entry ends, as far as one way leads on.
fn settle(chart: &Statechart, mut id: StateId) -> StateId {
    while let StateKind::Compound { initial, .. } = &chart.state(id).kind {
        // A compound state with an eventless way of its own counts itself.
        let own = chart.state(id).transitions().filter_map(|id| chart.transition(id));
        if own.into_iter().any(|transition| transition.event.is_none()) {
            return id;
        }
        match initial.as_slice() {
            [one] => id = *one,
            _ => return id,
        }
    }
    id
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_circle_of_eventless_transitions_is_told_once() {
        super::super::tests::check(
            super::check,
            "
process: p
initial: a
states:
  a: {always: b}
  b: {initial: c, states: {c: {always: [{guard: \"1 == 2\", target: d}, a]}, d: {}}}
  e: {always: {guard: \"1 == 1\", target: f}}
  f: {always: {guard: \"1 == 2\", target: e}}
",
            "p.yaml:5:3: error[AC0212]: `a` never comes to rest; the circle is `a` → `b.c` → `a`: give one of them a guard that becomes false\n",
        );
    }

    #[test]
    fn a_circle_under_one_condition_is_told_unless_something_on_it_may_change_the_facts() {
        let process = "
process: p
initial: a
states:
  a: {always: {guard: \"charges.paid > 0\", target: b}}
  b: {always: {guard: \"charges.paid > 0\", target: aACTIONS}}
";
        super::super::tests::check(
            super::check,
            &process.replace("ACTIONS", ""),
            "p.yaml:5:3: error[AC0212]: `a` never comes to rest; the circle is `a` → `b` → `a`: give one of them a guard that becomes false\n",
        );
        super::super::tests::check(super::check, &process.replace("ACTIONS", ", actions: {set: {n: 1}}"), "");
    }

    #[test]
    fn a_circle_that_counts_until_a_guarded_way_opens_is_a_loop_that_ends() {
        let process = "
process: p
fields: {n: {type: integer, default: 0}}
initial: a
states:
  a: {entry: {set: {n: n + 1}}, always: [{guard: 'n >= 3', target: end}, b]}
  b: {always: a}
  end: {type: final}
";
        super::super::tests::check(super::check, process, "");
    }
}
