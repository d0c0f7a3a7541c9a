//! Transitions of every state: by event, eventless, after a time, on a deadline, when done.

use std::sync::Arc;

use crate::definition::OneOrMany;
use crate::definition::Transition as Written;
use crate::definition::child::Invoke;
use crate::diagnostic::{Diagnostic, Place, Sp};
use crate::facts::shape::Kind;
use crate::statechart::each::ADDRESS;
use crate::statechart::{State, StateId, Transition, TransitionId};
use crate::step::clock::ClockRule;
use crate::step::invoke::{self, InvokeRule};

use super::tree::{Flat, Tree, name_of, of_an_instance};
use super::{Binder, clocks};

/// What hangs on states beside their transitions.
pub(super) struct Rules<'r> {
    pub(super) clocks: &'r mut Vec<ClockRule>,
    pub(super) invokes: &'r mut Vec<InvokeRule>,
}

/// Binds the transitions of one state and hangs them on it.
pub(super) fn bind(
    flat: &Flat<'_>,
    tree: &Tree<'_>,
    binder: &mut Binder<'_>,
    states: &mut [State],
    transitions: &mut Vec<Transition>,
    rules: Rules<'_>,
) {
    let Rules { clocks: rules, invokes } = rules;
    binder.at = flat.within;
    let mut made = Made::new(transitions);
    let mut invoked = Vec::new();
    for written in flat.body.state.iter().flat_map(|state| state.invoke.iter()) {
        invoked.extend(binder.invoke(written, flat, invokes));
        binder.answers = gives(written, binder);
        let event = format!("done.invoke.{}", written.id.value);
        made.all(&written.on_done, Some(&event), written.id.place, flat, tree, binder);
        binder.answers = Some(refusal());
        let event = format!("error.invoke.{}", written.id.value);
        made.all(&written.on_error, Some(&event), written.id.place, flat, tree, binder);
        binder.answers = None;
    }
    for (event, list) in flat.body.on.iter() {
        check_descriptor(event, binder);
        binder.answers = answers(event, tree, binder);
        made.all(list, Some(event.value.as_str()), event.place, flat, tree, binder);
        binder.answers = None;
    }
    if let Some(state) = flat.body.state {
        let event = format!("done.state.{}", flat.path);
        made.all(&state.on_done, Some(&event), flat.place, flat, tree, binder);
        if !state.on_done.is_empty() && flat.children.is_empty() {
            binder.push(
                Diagnostic::error(
                    "AC0205",
                    flat.place,
                    format!("`{}` has `on_done`, but nothing inside that could be done", flat.path),
                )
                .help("give it `states` with a final one, or use `on`"),
            );
        }
    }
    let mut armed = Vec::new();
    for (n, (text, list)) in flat.body.after.iter().enumerate() {
        let event =
            if flat.path.is_empty() { format!("$after.{n}") } else { format!("$after.{}.{n}", flat.path) };
        made.all(list, Some(&event), text.place, flat, tree, binder);
        if let Some(length) = binder.length(text) {
            armed.push(clocks::plain(rules, event, length, flat.within));
        }
    }
    if let Some(deadline) = flat.body.state.and_then(|state| state.deadline.as_ref()) {
        armed.extend(clocks::of_state(flat, deadline, tree, binder, rules, &mut made));
    }
    made.all(flat.body.always, None, flat.place, flat, tree, binder);
    binder.at = None;
    let Made { on, always, .. } = made;
    if let Some(state) = states.get_mut(flat.id.index()) {
        state.on = on;
        state.always = always;
        state.clocks = armed;
        state.invokes = invoked;
    }
}

/// What the ticket gives that a state waits for; nothing is known of a process that is not there.
fn gives(written: &Invoke, binder: &Binder<'_>) -> Option<Vec<(Arc<str>, Kind)>> {
    binder.interface(&written.process.value).map(|interface| interface.gives.clone())
}

/// What comes when a ticket cannot be opened.
fn refusal() -> Vec<(Arc<str>, Kind)> {
    vec![("process".into(), Kind::Text), ("reasons".into(), Kind::Texts)]
}

/// What comes with an event, when it is the answer of a ticket that some state waits for.
fn answers(event: &Sp<String>, tree: &Tree<'_>, binder: &Binder<'_>) -> Option<Vec<(Arc<str>, Kind)>> {
    let id = invoke::answered(&event.value)?;
    if event.value.starts_with("error") {
        return Some(refusal());
    }
    let states = tree.flats().iter().filter_map(|flat| flat.body.state);
    let written = states.flat_map(|state| state.invoke.iter()).find(|written| written.id.value == id)?;
    gives(written, binder)
}

/// Transitions as they are made, with those of the state at hand.
pub(super) struct Made<'m> {
    pub(super) transitions: &'m mut Vec<Transition>,
    pub(super) on: Vec<TransitionId>,
    always: Vec<TransitionId>,
}

impl<'m> Made<'m> {
    pub(super) fn new(transitions: &'m mut Vec<Transition>) -> Self {
        Self { transitions, on: Vec::new(), always: Vec::new() }
    }

    pub(super) fn add(&mut self, transition: Transition) {
        let id = TransitionId(u16::try_from(self.transitions.len()).unwrap_or(u16::MAX));
        let list = if transition.event.is_some() { &mut self.on } else { &mut self.always };
        list.push(id);
        self.transitions.push(transition);
    }

    fn all(
        &mut self,
        list: &OneOrMany<Written>,
        event: Option<&str>,
        place: Place,
        flat: &Flat<'_>,
        tree: &Tree<'_>,
        binder: &mut Binder<'_>,
    ) {
        for written in list {
            let transition = one(written, event, place, flat, tree, binder);
            self.add(transition);
        }
    }
}

fn one(
    written: &Written,
    event: Option<&str>,
    place: Place,
    flat: &Flat<'_>,
    tree: &Tree<'_>,
    binder: &mut Binder<'_>,
) -> Transition {
    let body = &written.0;
    let place = body.target.iter().next().map_or(place, |target| target.place);
    let own =
        |event: &str| event.starts_with('$') || event.starts_with("done.state.") || invoke::is_answer(event);
    let is_step = event.is_some_and(|event| !own(event));
    if let Some(by) = body.by.iter().next().filter(|_| !is_step) {
        binder.push(
            Diagnostic::error("AC0206", by.place, "nobody sends this: it happens by itself".to_owned())
                .help("`by` and `form` belong to transitions under `on`"),
        );
    }
    if let Some(asked) = body.reauthenticate.as_ref().filter(|_| body.by.is_empty()) {
        binder.push(
            Diagnostic::error(
                "AC0206",
                asked.place,
                "nobody sends this: nobody can be asked who they are".to_owned(),
            )
            .help("`reauthenticate` belongs to transitions with `by`"),
        );
    }
    Transition {
        source: flat.id,
        event: event.map(str::to_owned),
        targets: targets(&body.target, flat, tree, binder),
        internal: body.internal.as_ref().is_some_and(|internal| internal.value),
        guards: binder.guards(&body.guard),
        actions: binder.actions(&body.actions),
        by: body.by.iter().map(|role| binder.role(role)).collect(),
        has_form: !body.form.is_empty() || (is_step && !binder.is_lenient()),
        form: binder.form(&body.form),
        title: body.title.clone(),
        rare: body.rare,
        reauthenticate: body.reauthenticate.as_ref().is_some_and(|asked| asked.value),
        route: None,
        place,
    }
}

fn targets(
    written: &OneOrMany<Sp<String>>,
    flat: &Flat<'_>,
    tree: &Tree<'_>,
    binder: &mut Binder<'_>,
) -> Vec<StateId> {
    let mut targets: Vec<StateId> = Vec::new();
    for name in written {
        // The process itself has no siblings: its targets are its children.
        let scope = flat.parent.unwrap_or(StateId::ROOT);
        let Some(id) = tree.resolve(&name.value, Some(scope)) else {
            let child = format!("{}.{}", flat.path, name.value);
            if tree.at(&child).is_some() {
                binder.push(
                    Diagnostic::error(
                        "AC0102",
                        name.place,
                        format!("unknown transition target `{}`", name.value),
                    )
                    .label("not beside this state")
                    .help(format!("it stands inside `{}`; write `{child}`", name_of(flat))),
                );
            } else {
                binder.unknown_state("AC0102", name, "unknown transition target");
            }
            continue;
        };
        if !tree.in_reach(id, flat.within) {
            binder.push(of_an_instance(name));
        } else if let Some(other) = targets.iter().find(|other| !tree.compatible(**other, id)) {
            let other = tree.flat(*other).map(|flat| flat.path.clone()).unwrap_or_default();
            binder.push(
                Diagnostic::error(
                    "AC0103",
                    name.place,
                    format!("`{}` and `{other}` cannot be active together", name.value),
                )
                .help("several targets must lie in different regions of one parallel state"),
            );
        } else {
            targets.push(id);
        }
    }
    targets
}

fn check_descriptor(event: &Sp<String>, binder: &mut Binder<'_>) {
    let wrong = |d: &str| {
        d.starts_with('$')
            || d.starts_with('.')
            || d.contains("..")
            || d.contains(ADDRESS)
            || d.strip_suffix(".*").unwrap_or(d).contains('*') && d != "*"
    };
    if event.value.trim().is_empty() || event.value.split_whitespace().any(wrong) {
        binder.push(
            Diagnostic::error("AC0209", event.place, format!("`{}` is not an event name", event.value))
                .help("write a name such as `paid`, a family such as `error.*`, or `*` for every event"),
        );
    }
}
