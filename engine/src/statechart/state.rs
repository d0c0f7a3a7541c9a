//! A state of the compiled chart.

use std::sync::Arc;

use crate::definition::Translated;
use crate::definition::process::Category;
use crate::diagnostic::Place;
use crate::effect::Action;

use super::{StateId, TransitionId};

/// A state.
#[derive(Debug)]
pub struct State {
    pub key: String,
    /// Dotted from the root; empty for the root.
    pub path: String,
    pub parent: Option<StateId>,
    pub kind: StateKind,
    /// One past the last descendant's id.
    pub(crate) end: u16,
    /// Transitions by event, in document order.
    pub(crate) on: Vec<TransitionId>,
    /// Eventless transitions, in document order.
    pub(crate) always: Vec<TransitionId>,
    pub(crate) entry: Vec<Action>,
    pub(crate) exit: Vec<Action>,
    /// Its done event, if any transition waits for it.
    pub(crate) done: Option<Arc<str>>,
    /// Timers armed on entry and withdrawn on exit: position among the chart's clocks.
    pub(crate) clocks: Vec<u16>,
    /// Tickets that it waits for: position among the chart's invokes.
    pub(crate) invokes: Vec<u16>,
    /// What is inside runs once for each record of a list: position among the chart's rules for that.
    pub each: Option<u16>,
    /// It lies inside a state that does so: the position of that one's rule.
    pub within: Option<u16>,
    pub title: Option<Translated>,
    pub customer_sees: Option<Translated>,
    pub progress: Option<u8>,
    pub category: Option<Category>,
    /// Roles who have to act.
    pub owner: Vec<String>,
    pub place: Place,
}

/// How a state behaves.
#[derive(Debug)]
pub enum StateKind {
    Atomic,
    Compound { initial: Vec<StateId>, actions: Vec<Action>, children: Vec<StateId>, history: Vec<StateId> },
    Parallel { regions: Vec<StateId>, history: Vec<StateId> },
    Final,
    History { deep: bool, default: Vec<StateId>, actions: Vec<Action> },
}

impl State {
    /// Children that can be active, in document order.
    pub fn children(&self) -> &[StateId] {
        match &self.kind {
            StateKind::Compound { children, .. } => children,
            StateKind::Parallel { regions, .. } => regions,
            _ => &[],
        }
    }

    /// History children.
    pub(crate) fn history(&self) -> &[StateId] {
        match &self.kind {
            StateKind::Compound { history, .. } | StateKind::Parallel { history, .. } => history,
            _ => &[],
        }
    }

    pub(crate) fn is_compound(&self) -> bool {
        matches!(self.kind, StateKind::Compound { .. })
    }

    /// Whether entering it does more than making it active.
    pub(crate) fn acts_on_entry(&self) -> bool {
        let initial_acts = matches!(&self.kind, StateKind::Compound { actions, .. } if !actions.is_empty());
        initial_acts
            || !self.entry.is_empty()
            || !self.clocks.is_empty()
            || !self.invokes.is_empty()
            || self.each.is_some()
            || matches!(self.kind, StateKind::Final)
    }

    /// Whether leaving it does more than making it inactive.
    pub(crate) fn acts_on_exit(&self) -> bool {
        !self.exit.is_empty()
            || !self.clocks.is_empty()
            || !self.invokes.is_empty()
            || self.each.is_some()
            || !self.history().is_empty()
    }

    pub fn is_atomic(&self) -> bool {
        matches!(self.kind, StateKind::Atomic | StateKind::Final)
    }

    /// Transitions of this state, those by event first.
    pub fn transitions(&self) -> impl Iterator<Item = TransitionId> + '_ {
        self.on.iter().chain(&self.always).copied()
    }
}

/// What a foreign id leads to: a state without anything.
pub(super) static NOWHERE: State = State {
    key: String::new(),
    path: String::new(),
    parent: None,
    kind: StateKind::Atomic,
    end: 0,
    on: Vec::new(),
    always: Vec::new(),
    entry: Vec::new(),
    exit: Vec::new(),
    done: None,
    clocks: Vec::new(),
    invokes: Vec::new(),
    each: None,
    within: None,
    title: None,
    customer_sees: None,
    progress: None,
    category: None,
    owner: Vec::new(),
    place: Place { source: crate::diagnostic::SourceId(0), line: 1, column: 1, start: 0, len: 0 },
};
