//! The state diagram of a ticket: the states of its chart as nested boxes, with where it is, where it was and where
//! it can go from here. States without a title are passed in no time and are left out.

use std::collections::{BTreeMap, BTreeSet};

use aftercare_engine::language::Language;
use aftercare_engine::statechart::each::key_in;
use aftercare_engine::statechart::{StateId, StateKind, Statechart};
use serde_json::{Value, json};

use crate::entity::ticket;
use crate::http::api::tickets::steps::said;

struct Drawing<'a> {
    chart: &'a Statechart,
    language: Language,
    active: BTreeSet<StateId>,
    /// How many instances are in a state that each of many goes through.
    counts: BTreeMap<StateId, usize>,
    visited: BTreeSet<StateId>,
    next: BTreeSet<StateId>,
}

/// The boxes, outermost first.
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
    drawing.children(StateId::ROOT)
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
    fn children(&self, of: StateId) -> Vec<Value> {
        self.chart.state(of).children().iter().flat_map(|id| self.boxes(*id)).collect()
    }

    /// A state's box; a state without a title gives its children's instead.
    fn boxes(&self, id: StateId) -> Vec<Value> {
        let state = self.chart.state(id);
        let inside = self.children(id);
        let Some(title) = &state.title else {
            if matches!(state.kind, StateKind::Parallel { .. }) {
                let regions = state.children().iter().map(|region| json!({"inside": self.boxes(*region)}));
                return vec![json!({"inside": regions.collect::<Vec<_>>(), "beside": true})];
            }
            return inside;
        };
        let drawn = json!({
            "title": said(Some(title), self.language, &state.key),
            "active": self.active.contains(&id),
            "count": self.counts.get(&id),
            "visited": self.visited.contains(&id),
            "next": self.next.contains(&id),
            "final": matches!(state.kind, StateKind::Final),
            "inside": inside,
        });
        vec![drawn]
    }
}
