//! Keys of a state that its type does not read. They would load and do nothing, which nobody notices.

use crate::definition::State as Written;
use crate::definition::process::StateType;
use crate::diagnostic::{Diagnostic, Place};

use super::Binder;
use super::tree::Flat;

/// Tells each key that means nothing in a state of this type, with a key beside which it would.
pub(super) fn tell(flat: &Flat<'_>, kind: StateType, binder: &mut Binder<'_>) {
    let Some(state) = flat.body.state else { return };
    let (foreign, help) = match kind {
        StateType::History => (
            of_history(state, flat.place),
            "a history state only leads to what was left; put it into the states inside its parent",
        ),
        _ => (of_others(state, flat.place), "only a state with `type: history` reads it"),
    };
    for (key, place) in foreign {
        binder.push(
            Diagnostic::error("AC0203", place, format!("`{key}` means nothing in `{}`", flat.path))
                .help(help),
        );
    }
}

fn of_history(state: &Written, at: Place) -> Vec<(&'static str, Place)> {
    let on = state.on.iter().next().map(|(event, _)| ("on", event.place));
    let after = state.after.iter().next().map(|(length, _)| ("after", length.place));
    let rest = [
        ("always", state.always.is_empty()),
        ("entry", state.entry.is_empty()),
        ("exit", state.exit.is_empty()),
        ("on_done", state.on_done.is_empty()),
        ("invoke", state.invoke.is_empty()),
        ("deadline", state.deadline.is_none()),
    ];
    let rest = rest.into_iter().filter(|(_, unused)| !unused).map(|(key, _)| (key, at));
    on.into_iter().chain(after).chain(rest).collect()
}

fn of_others(state: &Written, at: Place) -> Vec<(&'static str, Place)> {
    let target = state.target.as_ref().map(|target| ("target", target.place));
    let history = state.history.as_ref().map(|history| ("history", history.place));
    let actions = (!state.actions.is_empty()).then_some(("actions", at));
    target.into_iter().chain(history).chain(actions).collect()
}
