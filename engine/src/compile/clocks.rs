//! Timers and deadlines: each is a clock of the chart and the event that it brings.

use crate::deadline::Length;
use crate::definition::process::{Deadline, DeadlineWarning};
use crate::definition::{Action, OneOrMany, Process};
use crate::diagnostic::{Place, Sp};
use crate::statechart::{State, StateId, StateSet, Transition};
use crate::step::clock::{ClockRule, Runs};

use super::Binder;
use super::transitions::Made;
use super::tree::{Flat, Tree, of_an_instance};

fn push(rules: &mut Vec<ClockRule>, rule: ClockRule) -> u16 {
    rules.push(rule);
    u16::try_from(rules.len() - 1).unwrap_or(u16::MAX)
}

/// The timer of an `after`.
pub(super) fn plain(rules: &mut Vec<ClockRule>, event: String, length: Length, within: Option<u16>) -> u16 {
    push(rules, ClockRule { timer: event, length, warning: None, runs: Runs::WhileIn, within })
}

/// The deadline of a state.
pub(super) fn of_state(
    flat: &Flat<'_>,
    deadline: &Deadline,
    tree: &Tree<'_>,
    binder: &mut Binder<'_>,
    rules: &mut Vec<ClockRule>,
    made: &mut Made<'_>,
) -> Option<u16> {
    let timer = format!("$deadline.{}", flat.path);
    let length = binder.length(&deadline.within)?;
    let paused_in = state_set(&deadline.paused_in, Some(flat.id), flat.within, tree, binder);
    let warning = warning(&deadline.warn, &timer, flat.id, deadline.within.place, binder, made);
    let by_event = on_event(&timer, flat.id, &deadline.then, deadline.within.place, binder);
    made.add(by_event);
    let runs =
        if paused_in.is_empty() { Runs::WhileIn } else { Runs::WhileInExcept { owner: flat.id, paused_in } };
    Some(push(rules, ClockRule { timer, length, warning, runs, within: flat.within }))
}

/// The deadlines of the process itself.
pub(super) fn over_process(
    process: &Process,
    tree: &Tree<'_>,
    binder: &mut Binder<'_>,
    states: &mut [State],
    transitions: &mut Vec<Transition>,
    rules: &mut Vec<ClockRule>,
) {
    let mut made = Made::new(transitions);
    for (name, deadline) in process.deadlines.iter() {
        let timer = format!("$clock.{}", name.value);
        let Some(length) = binder.length(&deadline.within) else { continue };
        let from = deadline.from.as_ref().and_then(|from| state(from, None, None, tree, binder));
        let until = state_set(&deadline.until, None, None, tree, binder);
        let paused_in = state_set(&deadline.paused_in, None, None, tree, binder);
        let warning = warning(&deadline.warn, &timer, StateId::ROOT, name.place, binder, &mut made);
        let by_event = on_event(&timer, StateId::ROOT, &deadline.then, name.place, binder);
        made.add(by_event);
        let runs = Runs::Over { from, until, paused_in };
        push(rules, ClockRule { timer, length, warning, runs, within: None });
    }
    let on = made.on;
    if let Some(root) = states.first_mut() {
        root.on.extend(on);
    }
}

fn warning(
    warn: &Option<DeadlineWarning>,
    timer: &str,
    source: StateId,
    place: Place,
    binder: &mut Binder<'_>,
    made: &mut Made<'_>,
) -> Option<(String, Length)> {
    let warn = warn.as_ref()?;
    let timer = format!("{timer}.warn");
    let before = binder.length(&warn.before)?;
    let by_event = on_event(&timer, source, &warn.then, place, binder);
    made.add(by_event);
    Some((timer, before))
}

/// What a timer does without leaving the state.
fn on_event(
    event: &str,
    source: StateId,
    actions: &OneOrMany<Action>,
    place: Place,
    binder: &mut Binder<'_>,
) -> Transition {
    Transition {
        source,
        event: Some(event.to_owned()),
        targets: Vec::new(),
        internal: false,
        rare: false,
        reauthenticate: false,
        guards: Vec::new(),
        actions: binder.actions(actions),
        by: Vec::new(),
        form: Vec::new(),
        has_form: false,
        title: None,
        route: None,
        place,
    }
}

/// States by name, with all that lies inside them.
fn state_set(
    names: &OneOrMany<Sp<String>>,
    scope: Option<StateId>,
    within: Option<u16>,
    tree: &Tree<'_>,
    binder: &mut Binder<'_>,
) -> StateSet {
    let mut set = StateSet::new(tree.flats().len());
    for name in names {
        if let Some(id) = state(name, scope, within, tree, binder) {
            set.insert(id);
        }
    }
    set
}

/// A state that a clock looks at: never one of other instances.
fn state(
    name: &Sp<String>,
    scope: Option<StateId>,
    within: Option<u16>,
    tree: &Tree<'_>,
    binder: &mut Binder<'_>,
) -> Option<StateId> {
    let id = binder.state(name, scope, tree)?;
    if !tree.in_reach(id, within) {
        binder.push(of_an_instance(name));
        return None;
    }
    Some(id)
}
