//! Which transitions an event can take, found once for every name that the chart knows.

use std::borrow::Cow;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::{StateId, StateSet, Transition, TransitionId};

/// An event that a chart knows by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventId(u16);

/// The name of an event that came, without its letters where the chart has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventName {
    Known(EventId),
    /// One that only `*` or a prefix can meet.
    Other(Arc<str>),
}

/// Transitions by event name.
#[derive(Debug, Default)]
pub struct EventTable {
    /// In order of the alphabet; the id of an event is its position.
    known: Vec<(Box<str>, Candidates)>,
    /// The hash is the same in every run.
    ids: HashMap<Box<str>, EventId, FixedState>,
    /// Every transition by an event, with its descriptors.
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
        self.transitions.iter().filter(move |(source, _)| *source == state).map(|(_, id)| *id)
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
        for (name, n) in names.iter().zip(0u16..) {
            table.known.push((name.as_str().into(), table.find(name)));
            table.ids.insert(name.as_str().into(), EventId(n));
        }
        table
    }

    /// In order of the alphabet.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(|(name, _)| &**name)
    }

    /// The event's name as the trace keeps it, and its candidates. A name that the chart does not know can still
    /// meet `*` or a prefix.
    pub(crate) fn look_up(&self, event: &Arc<str>) -> (EventName, Cow<'_, Candidates>) {
        let id = self.ids.get(&**event).copied();
        match id.and_then(|id| Some((id, self.known.get(usize::from(id.0))?))) {
            Some((id, (_, candidates))) => (EventName::Known(id), Cow::Borrowed(candidates)),
            None => (EventName::Other(event.clone()), Cow::Owned(self.find(event))),
        }
    }

    /// The letters of a name.
    pub(crate) fn text<'t>(&'t self, name: &'t EventName) -> &'t str {
        match name {
            EventName::Known(id) => self.known.get(usize::from(id.0)).map_or("", |(name, _)| name),
            EventName::Other(text) => text,
        }
    }

    /// Whether any transition could be taken on it.
    pub(crate) fn is_awaited(&self, event: &str) -> bool {
        self.open.iter().any(|(_, _, descriptors)| fits(descriptors, event))
    }

    fn find(&self, event: &str) -> Candidates {
        let mut found = Candidates { states: StateSet::new(self.states), transitions: Vec::new() };
        for (source, id, descriptors) in &self.open {
            if fits(descriptors, event) {
                found.states.insert(*source);
                found.transitions.push((*source, *id));
            }
        }
        found.transitions.sort_by_key(|(source, id)| (*source, *id));
        found
    }
}

fn fits(descriptors: &str, event: &str) -> bool {
    descriptors.split_whitespace().any(|descriptor| describes(descriptor, event))
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
