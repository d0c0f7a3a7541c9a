//! The compiled, immutable chart: names resolved, states in document order, guards and actions bound.
//!
//! State 0 is the process itself. Ids count in document order, so that the descendants of a state are the ids
//! from just after it to its `end`, and comparing ids is comparing document order.

pub mod configuration;
pub mod each;
pub mod event;
pub mod set;
pub mod state;
pub mod transition;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::definition::field::Field;
use crate::definition::process::{Process, Subject};
use crate::facts::Value;
use crate::facts::shape::Kind;
use crate::library::Library;
use crate::rules::Expression;

pub use configuration::Configuration;
pub use each::EachRule;
pub use event::{EventName, EventTable};
pub use set::StateSet;
pub use state::{State, StateKind};
pub use transition::Transition;

/// A state of one chart, in document order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct StateId(pub u16);

/// A transition of one chart, in document order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct TransitionId(pub u16);

impl StateId {
    /// The process itself.
    pub const ROOT: Self = Self(0);

    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A field of the ticket.
#[derive(Debug)]
pub struct ChartField {
    pub name: Arc<str>,
    pub kind: Kind,
    /// As its author wrote it; none for a field that only `simulate` knows.
    pub field: Option<Field>,
    pub default: Option<Expression>,
    /// What each record of a list of records holds.
    pub columns: Vec<ChartField>,
    /// What must hold of each record.
    pub(crate) checks: Vec<transition::Guard>,
}

impl ChartField {
    /// Reads a JSON or text value as the field's type; what does not fit stays as it is.
    pub fn decode(&self, value: Value) -> Value {
        match value {
            Value::List(records) if !self.columns.is_empty() => {
                Value::List(records.into_iter().map(|record| each::decode(&self.columns, record)).collect())
            }
            Value::Map(_) if !self.columns.is_empty() => each::decode(&self.columns, value),
            other => self.kind.decode(other),
        }
    }

    /// The value as the field has it from now on: what the rest of this step sees is what the next step reads from
    /// the store. Where no type is declared, an amount or a day is a text at once.
    pub(crate) fn hold(&self, value: Value) -> Value {
        let is_declared = self.kind != Kind::Any || self.field.is_none();
        if is_declared { self.kind.decode(value) } else { self.decode(value.kept()) }
    }
}

/// A field asked for in a form.
#[derive(Debug)]
pub struct FormEntry {
    /// Position among the chart's fields.
    pub field: u16,
    /// Position among what the records of that field hold: it is asked of the instance at hand.
    pub column: Option<u16>,
    pub required: bool,
    pub when: Option<Expression>,
    /// The states that `when` names in `in("…")`.
    pub(crate) states: Vec<StateId>,
    /// What the form begins with.
    pub(crate) from: Option<crate::step::eyes::Bound>,
    /// The parts of a row that are asked here; none: all of them.
    pub columns: Option<Vec<String>>,
}

impl FormEntry {
    /// Whether this part of a row is asked in this form.
    pub fn asks(&self, column: &str) -> bool {
        self.columns.as_ref().is_none_or(|asked| asked.iter().any(|one| one == column))
    }
}

/// A process, ready to run.
#[derive(Debug)]
pub struct Statechart {
    pub name: String,
    pub subject: Option<Subject>,
    pub opened_by: Vec<String>,
    /// What is asked when a ticket is opened.
    pub form: Vec<FormEntry>,
    /// What must hold for somebody to open one.
    pub(crate) guards: Vec<transition::Guard>,
    pub fields: Vec<ChartField>,
    pub(crate) states: Vec<State>,
    pub(crate) transitions: Vec<Transition>,
    pub(crate) events: EventTable,
    /// States without children, and those whose states inside run for each of many.
    pub(crate) atomic: StateSet,
    /// States that do something when they are entered, and when they are left.
    pub(crate) entry_acts: StateSet,
    pub(crate) exit_acts: StateSet,
    pub(crate) clocks: Vec<crate::step::clock::ClockRule>,
    /// Tickets that its states wait for.
    pub(crate) invokes: Vec<crate::step::invoke::InvokeRule>,
    /// States whose insides run once for each record of a list.
    pub(crate) eaches: Vec<EachRule>,
    /// What a finished ticket gives to the one that waits for it.
    pub(crate) output: Vec<(Arc<str>, crate::step::eyes::Bound)>,
    /// Facts of the world that something in it mentions.
    pub(crate) asks: BTreeSet<&'static str>,
    /// The company's time zone, for `today`.
    pub(crate) offset: chrono::FixedOffset,
    /// A bare chart in `simulate`: roles and unknown names are not held against it.
    pub(crate) lenient: bool,
    /// Rules, vouchers, messages and the rest of the bundle that the actions refer to.
    pub library: Arc<Library>,
    /// What the author wrote, for titles, forms and pictures.
    pub definition: Arc<Process>,
}

impl Statechart {
    /// All states in document order; the first is the process itself.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// All transitions in document order.
    pub fn transitions(&self) -> &[Transition] {
        &self.transitions
    }

    /// The tickets that a state waits for.
    pub fn invokes(&self, state: &State) -> impl Iterator<Item = &crate::step::invoke::InvokeRule> {
        state.invokes.iter().filter_map(|n| self.invokes.get(usize::from(*n)))
    }

    /// Whether anything in it may look at this fact of the world. What nobody asks for need not be looked up.
    pub fn asks(&self, fact: &str) -> bool {
        self.asks.contains(fact)
    }

    /// The rule of a state whose inside runs for each record of a list.
    pub fn each(&self, state: &State) -> Option<&EachRule> {
        self.eaches.get(usize::from(state.each?))
    }

    /// The rule by which the records of a field have instances.
    pub fn each_of_field(&self, field: &ChartField) -> Option<&EachRule> {
        let at = self.field(&field.name)?;
        self.eaches.iter().find(|rule| rule.field == at)
    }

    /// Ids of the tickets that are awaited; those of an instance with its key, as in `repair@W1`.
    pub fn awaited(&self, configuration: &Configuration) -> Vec<Cow<'_, str>> {
        let ids = |invoked: &[u16]| {
            let rules = invoked.iter().filter_map(|n| self.invokes.get(usize::from(*n)));
            rules.map(|rule| rule.id.as_str()).collect::<Vec<_>>()
        };
        let own = ids(&configuration.memory.invoked).into_iter().map(Cow::Borrowed);
        let instances = configuration.memory.each.iter().flat_map(|group| &group.instances);
        let theirs = instances.flat_map(|one| {
            ids(&one.invoked).into_iter().map(|id| Cow::Owned(each::addressed(id, Some(&one.key))))
        });
        own.chain(theirs).collect()
    }

    /// What a form's entry asks for: a field of the ticket, or of the record at hand.
    pub fn asked(&self, entry: &FormEntry) -> Option<&ChartField> {
        let field = self.fields.get(usize::from(entry.field))?;
        entry.column.map_or(Some(field), |n| field.columns.get(usize::from(n)))
    }

    /// Every event that some transition names exactly, timers and done events included.
    pub fn event_names(&self) -> impl Iterator<Item = &str> {
        self.events.names()
    }

    /// Whether a person who signed in some time ago shows once more who they are, before they send this event.
    pub fn reauthenticates(&self, event: &str) -> bool {
        let name = each::split(event).0;
        let of_it = |transition: &&Transition| transition.event.as_deref() == Some(name);
        self.transitions.iter().filter(of_it).any(|transition| transition.reauthenticate)
    }

    /// The state with this id.
    #[inline]
    pub fn state(&self, id: StateId) -> &State {
        // Ids are made by the compiler for this very chart; the root stands in for a foreign one.
        self.states.get(id.index()).unwrap_or(&state::NOWHERE)
    }

    /// The roles that have to act in a state: its own, or those of the nearest one around it that names any.
    pub fn owner(&self, id: StateId) -> &[String] {
        let mut up = std::iter::once(id).chain(self.ancestors(id)).map(|id| self.state(id).owner.as_slice());
        up.find(|owner| !owner.is_empty()).unwrap_or_default()
    }

    /// The transition with this id, if it is of this chart.
    #[inline]
    pub fn transition(&self, id: TransitionId) -> Option<&Transition> {
        self.transitions.get(usize::from(id.0))
    }

    /// The state at a dotted path from the root, also of one instance: `lines[A1].open` is `lines.open`.
    pub fn state_at(&self, path: &str) -> Option<StateId> {
        let path = each::plain(path);
        let at = self.states.iter().position(|state| state.path == path)?;
        u16::try_from(at).ok().map(StateId)
    }

    /// Position of a field by its name.
    pub fn field(&self, name: &str) -> Option<u16> {
        let at = self.fields.iter().position(|field| &*field.name == name)?;
        u16::try_from(at).ok()
    }

    /// Whether `inner` lies below `outer`.
    #[inline]
    pub(crate) fn is_below(&self, inner: StateId, outer: StateId) -> bool {
        inner > outer && inner.0 < self.state(outer).end
    }

    /// The state's proper ancestors, nearest first.
    #[inline]
    pub fn ancestors(&self, id: StateId) -> impl Iterator<Item = StateId> {
        std::iter::successors(self.state(id).parent, |up| self.state(*up).parent)
    }

    /// Everything below a state, in document order.
    pub fn descendants(&self, id: StateId) -> impl Iterator<Item = StateId> {
        (id.0 + 1..self.state(id).end).map(StateId)
    }

    /// Least common compound ancestor: the nearest compound proper ancestor of the first that holds them all.
    pub(crate) fn common_ancestor(&self, first: StateId, others: &[StateId]) -> StateId {
        self.ancestors(first)
            .find(|up| {
                (*up == StateId::ROOT || matches!(self.state(*up).kind, StateKind::Compound { .. }))
                    && others.iter().all(|other| self.is_below(*other, *up))
            })
            .unwrap_or(StateId::ROOT)
    }

    /// An empty set that fits this chart.
    #[inline]
    pub(crate) fn no_states(&self) -> StateSet {
        StateSet::new(self.states.len())
    }

    /// Active atomic and final states as dotted paths, sorted: what people call "where it is". Those of instances
    /// carry the key: `lines[A1].open`; a state without instances stands for itself.
    pub fn leaves(&self, configuration: &Configuration) -> Vec<Cow<'_, str>> {
        let mut paths: Vec<Cow<'_, str>> = Vec::new();
        for id in configuration.active().iter().filter(|id| self.atomic.contains(*id)) {
            let before = paths.len();
            for (key, active) in configuration.instances_of(self, id) {
                let leaves = active.iter().filter(|id| self.atomic.contains(*id));
                paths.extend(leaves.map(|leaf| Cow::Owned(self.path_of(leaf, Some(key)))));
            }
            if paths.len() == before {
                paths.push(Cow::Borrowed(&self.state(id).path));
            }
        }
        paths.sort_unstable();
        paths
    }

    /// A state's path, in one instance if it lies in such: `lines[A1].open`.
    pub fn path_of(&self, id: StateId, key: Option<&str>) -> String {
        let state = self.state(id);
        let rule = state.within.and_then(|n| self.eaches.get(usize::from(n)));
        let Some((rule, key)) = rule.zip(key) else { return state.path.clone() };
        let outer = &self.state(rule.state).path;
        let inner = state.path.strip_prefix(outer.as_str()).unwrap_or_default();
        format!("{outer}[{key}]{inner}")
    }

    /// How often each state is active in instances: what a picture of all of them shows.
    pub fn counts(&self, configuration: &Configuration) -> std::collections::BTreeMap<StateId, usize> {
        let mut counts = std::collections::BTreeMap::new();
        let instances = configuration.memory.each.iter().flat_map(|group| &group.instances);
        for id in instances.flat_map(|instance| instance.active.iter()) {
            *counts.entry(id).or_default() += 1;
        }
        counts
    }
}
