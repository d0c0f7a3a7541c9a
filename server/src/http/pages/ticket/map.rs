//! The state diagram of a ticket: the states of its chart with the ways between them, where it is, where it was and
//! where it can go from here. States without a title are passed in no time and are left out; what goes on side by
//! side is drawn side by side.

mod layout;

use std::collections::{BTreeMap, BTreeSet};

use aftercare_engine::language::{self, Language};
use aftercare_engine::statechart::each::key_in;
use aftercare_engine::statechart::{StateId, StateKind, Statechart, Transition};
use serde_json::{Value, json};

use crate::entity::ticket;
use crate::http::api::tickets::steps::said;

use layout::{Node, Way};

struct Drawing<'a> {
    chart: &'a Statechart,
    language: Language,
    active: BTreeSet<StateId>,
    /// How many instances are in a state that each of many goes through.
    counts: BTreeMap<StateId, usize>,
    visited: BTreeSet<StateId>,
    next: BTreeSet<StateId>,
}

/// The drawings: the whole first, then each region of what goes on side by side.
pub fn of(chart: &Statechart, row: &ticket::Model, story: &[Value], language: Language) -> Vec<Value> {
    let with_parents = |path: &str| -> Vec<StateId> {
        let found = chart.state_at(path);
        found.into_iter().flat_map(|id| std::iter::once(id).chain(chart.ancestors(id))).collect()
    };
    let active: BTreeSet<StateId> =
        row.states.split(' ').filter(|path| !path.is_empty()).flat_map(with_parents).collect();
    let mut counts = BTreeMap::new();
    for path in row.states.split(' ').filter(|path| key_in(path).is_some()) {
        with_parents(path).into_iter().for_each(|id| *counts.entry(id).or_default() += 1);
    }
    counts.retain(|id, _| chart.state(*id).within.is_some());
    let paths = story.iter().filter_map(|step| step["to"].as_array()).flatten().filter_map(Value::as_str);
    let visited = paths.flat_map(with_parents).collect();
    let next = if row.finished { BTreeSet::new() } else { reachable(chart, &active) };
    let drawing = Drawing { chart, language, active, counts, visited, next };
    let mut scopes = vec![StateId::ROOT];
    scopes.extend(drawing.regions(StateId::ROOT));
    scopes.into_iter().filter_map(|scope| drawing.drawn(scope)).collect()
}

/// Where the active states' steps lead, past states that nobody sees.
fn reachable(chart: &Statechart, active: &BTreeSet<StateId>) -> BTreeSet<StateId> {
    let leads = |id: &StateId, steps_only: bool| -> Vec<StateId> {
        let transitions = chart.state(*id).transitions().filter_map(|id| chart.transition(id));
        transitions.filter(|one| !steps_only || one.is_step()).flat_map(|one| one.targets.clone()).collect()
    };
    let mut found: BTreeSet<StateId> = BTreeSet::new();
    let mut open: Vec<StateId> = active.iter().flat_map(|id| leads(id, true)).collect();
    while let Some(id) = open.pop() {
        if !found.insert(id) {
            continue;
        }
        if chart.state(id).title.is_none() {
            open.extend(leads(&id, false));
        }
    }
    found
}

impl Drawing<'_> {
    /// The regions of every parallel state, outermost first.
    fn regions(&self, of: StateId) -> Vec<StateId> {
        let mut all = Vec::new();
        for id in self.chart.descendants(of) {
            if let StateKind::Parallel { regions, .. } = &self.chart.state(id).kind {
                all.extend(regions.iter().copied());
            }
        }
        all
    }

    /// One scope: its states and the ways between them. Nothing if there is nothing to see.
    fn drawn(&self, scope: StateId) -> Option<Value> {
        let mut items = Vec::new();
        self.items(scope, &mut items);
        if items.is_empty() || (scope != StateId::ROOT && items.len() < 2) {
            return None;
        }
        let places: BTreeMap<StateId, usize> = items.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let begin = self.arrivals(scope, scope, &places, &mut BTreeSet::new());
        let mut ways: BTreeSet<Way> = BTreeSet::new();
        for (from, id) in items.iter().enumerate() {
            for one in self.leaving(*id) {
                for target in &one.targets {
                    let to = self.arrivals(*target, scope, &places, &mut BTreeSet::new());
                    ways.extend(to.into_iter().filter(|to| *to != from).map(|to| Way { from, to }));
                }
            }
        }
        let nodes: Vec<Node> = items.iter().map(|id| self.node(*id)).collect();
        let title = self.chart.state(scope).title.as_ref().map(|title| said(Some(title), self.language, ""));
        let mut drawn = layout::drawn(&nodes, &ways, &begin);
        drawn["title"] = json!(title);
        Some(drawn)
    }

    /// What a scope shows: states with a title that hold no others with one, and each parallel state as a whole.
    fn items(&self, of: StateId, items: &mut Vec<StateId>) {
        for id in self.chart.state(of).children() {
            let state = self.chart.state(*id);
            let before = items.len();
            if !matches!(state.kind, StateKind::Parallel { .. }) {
                self.items(*id, items);
            }
            let is_whole = matches!(state.kind, StateKind::Parallel { .. });
            if items.len() == before && (is_whole || state.title.is_some()) {
                items.push(*id);
            }
        }
    }

    fn node(&self, id: StateId) -> Node {
        let state = self.chart.state(id);
        let own = std::iter::once(id)
            .chain(self.chart.ancestors(id))
            .find_map(|id| self.chart.state(id).title.as_ref());
        let inside = |set: &BTreeSet<StateId>| {
            set.contains(&id) || self.chart.descendants(id).any(|id| set.contains(&id))
        };
        let mut title =
            own.map_or_else(|| "· · ·".to_owned(), |title| said(Some(title), self.language, &state.key));
        if let Some(count) = self.counts.get(&id) {
            title = language::digits(&format!("{title} × {count}"), self.language);
        }
        Node {
            title,
            active: self.active.contains(&id),
            visited: self.visited.contains(&id),
            next: inside(&self.next),
            is_end: matches!(state.kind, StateKind::Final),
        }
    }

    /// The transitions by which one leaves a state on its own account: those of states further up are everybody's
    /// and would only darken the picture, save those that wait for its end.
    fn leaving(&self, id: StateId) -> Vec<&Transition> {
        let own = std::iter::once(id).chain(self.chart.descendants(id));
        let above = self.chart.ancestors(id).filter(|up| *up != StateId::ROOT);
        let transitions =
            |id: StateId| self.chart.state(id).transitions().filter_map(|one| self.chart.transition(one));
        let from_above = above.flat_map(transitions).filter(|one| !one.is_step());
        own.flat_map(transitions).chain(from_above).collect()
    }

    /// The items in which one comes to rest from a state.
    fn arrivals(
        &self,
        id: StateId,
        scope: StateId,
        places: &BTreeMap<StateId, usize>,
        seen: &mut BTreeSet<StateId>,
    ) -> BTreeSet<usize> {
        if !seen.insert(id) {
            return BTreeSet::new();
        }
        let mut above = std::iter::once(id).chain(self.chart.ancestors(id)).take_while(|up| *up != scope);
        if let Some(at) = above.find_map(|up| places.get(&up)) {
            return BTreeSet::from([*at]);
        }
        let state = self.chart.state(id);
        let onward: Vec<StateId> = match &state.kind {
            StateKind::Compound { initial, .. } => initial.clone(),
            StateKind::Parallel { regions, .. } => regions.clone(),
            StateKind::History { default, .. } => default.clone(),
            StateKind::Atomic | StateKind::Final => {
                let passed = state.transitions().filter_map(|one| self.chart.transition(one));
                passed.flat_map(|one| one.targets.clone()).collect()
            }
        };
        onward.into_iter().flat_map(|id| self.arrivals(id, scope, places, seen)).collect()
    }
}
