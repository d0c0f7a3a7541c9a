//! Which transitions an event can take, found once for every name that the chart knows.

use std::borrow::Cow;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::{StateId, StateSet, Transition, TransitionId};

/// Transitions by event name.
#[derive(Debug, Default)]
pub struct EventTable {
    /// The hash is the same in every run.
    known: HashMap<Box<str>, Candidates, FixedState>,
    /// Transitions whose descriptor is not one exact name, for events not known beforehand.
    open: Vec<(StateId, TransitionId, String)>,
    /// Eventless transitions, in the same form.
    pub(crate) eventless: Candidates,
    states: usize,
}

/// The transitions that one event can take.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidates {
    /// States that have one.
    pub(crate) states: StateSet,
    /// By state, then in document order.
    pub(crate) transitions: Vec<(StateId, TransitionId)>,
}

impl Candidates {
    /// Those of one state, in document order.
    pub(crate) fn of(&self, state: StateId) -> impl Iterator<Item = TransitionId> + '_ {
        let from = self.transitions.partition_point(|(source, _)| *source < state);
        let rest = self.transitions.get(from..).unwrap_or_default();
        rest.iter().take_while(move |(source, _)| *source == state).map(|(_, id)| *id)
    }
}

impl EventTable {
    /// Finds the candidates for all names that the chart mentions.
    pub(crate) fn new(transitions: &[Transition], raised: &[String], states: usize) -> Self {
        let mut table = Self { states, ..Self::default() };
        table.eventless.states = StateSet::new(states);
        for (transition, n) in transitions.iter().zip(0u16..).filter(|(t, _)| t.event.is_none()) {
            table.eventless.states.insert(transition.source);
            table.eventless.transitions.push((transition.source, TransitionId(n)));
        }
        table.eventless.transitions.sort_unstable();
        let by_event = || {
            transitions
                .iter()
                .zip(0u16..)
                .filter_map(|(t, n)| t.event.as_deref().map(|event| (t.source, TransitionId(n), event)))
        };
        for (source, id, event) in by_event() {
            table.open.push((source, id, event.to_owned()));
        }
        let exact = by_event()
            .map(|(_, _, event)| event)
            .flat_map(str::split_whitespace)
            .filter(|d| !d.contains('*'));
        let mut names: Vec<String> = exact.map(str::to_owned).chain(raised.iter().cloned()).collect();
        names.sort_unstable();
        names.dedup();
        table.known = names.into_iter().map(|name| (name.as_str().into(), table.find(&name))).collect();
        table
    }

    /// In order of the alphabet.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.known.keys().map(|name| &**name).collect();
        names.sort_unstable();
        names.into_iter()
    }

    /// The candidates for an event. A name that the chart does not know can still meet `*` or a prefix.
    pub(crate) fn candidates(&self, event: &str) -> Cow<'_, Candidates> {
        match self.known.get(event) {
            Some(candidates) => Cow::Borrowed(candidates),
            None => Cow::Owned(self.find(event)),
        }
    }

    /// Whether any transition could be taken on it.
    pub(crate) fn is_awaited(&self, event: &str) -> bool {
        !self.candidates(event).transitions.is_empty()
    }

    fn find(&self, event: &str) -> Candidates {
        let mut found = Candidates { states: StateSet::new(self.states), transitions: Vec::new() };
        for (source, id, descriptors) in &self.open {
            if descriptors.split_whitespace().any(|descriptor| describes(descriptor, event)) {
                found.states.insert(*source);
                found.transitions.push((*source, *id));
            }
        }
        found.transitions.sort_by_key(|(source, id)| (*source, *id));
        found
    }
}

/// SCXML 3.12.1: a descriptor fits an event when its tokens are the same as, or a prefix of, the event's
/// tokens; a trailing `.*` or `.` means nothing more, and `*` fits everything.
///
/// Two kinds of event carry a state's path, whose parts are not a family: `done.state.a` is about `a` alone,
/// not about `a.b`; and a state's own timers (`$after.a.0`) are delayed transitions, not events that an author
/// can name: `*` does not catch them, or an inner `*` would stop every outer clock.
pub(crate) fn describes(descriptor: &str, event: &str) -> bool {
    if event.starts_with('$')
        || (event.starts_with(DONE) && descriptor.starts_with(DONE) && !descriptor.ends_with('*'))
    {
        return descriptor == event;
    }
    let prefix = descriptor.strip_suffix(".*").or_else(|| descriptor.strip_suffix('.')).unwrap_or(descriptor);
    prefix == "*" || event.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What the name of every done event starts with.
const DONE: &str = "done.state.";

#[cfg(test)]
mod tests {
    use super::describes;

    #[test]
    fn a_descriptor_fits_whole_tokens_only() {
        let fits = [
            ("error", "error"),
            ("error", "error.send"),
            ("error.*", "error.send.x"),
            ("error.", "error.a"),
            ("*", "x.y"),
        ];
        let fits = [
            fits.as_slice(),
            &[("done", "done.state.a.b"), ("done.state.a.*", "done.state.a.b"), ("$after.a.0", "$after.a.0")],
        ]
        .concat();
        let not = [
            ("done.state.a", "done.state.a.b"),
            ("*", "$after.a.0"),
            ("$after.a", "$after.a.0"),
            ("error", "errors"),
            ("error.send", "error"),
            ("foo.bar", "foo.barn"),
            ("a.*", "b.a"),
        ];
        assert!(fits.iter().all(|(d, e)| describes(d, e)));
        assert!(!not.iter().any(|(d, e)| describes(d, e)));
    }
}
