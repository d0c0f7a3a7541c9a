//! A ticket's way in the customer's words: where it has been, where it is, and what must still come whatever happens.
//!
//! What must come is found in the chart: a state without which no good end can be reached from here. What may come,
//! or may not, is not promised.

use std::collections::BTreeSet;

use aftercare_engine::definition::process::Category;
use aftercare_engine::language::Language;
use aftercare_engine::ledger::Currency;
use aftercare_engine::statechart::{StateId, StateKind, Statechart};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::entity::{ticket, ticket_event};
use crate::http::api::tickets::summary::{Telling, titles};

/// The milestones in order: `done` with the day, `now`, `next`.
pub fn of(
    chart: &Statechart,
    row: &ticket::Model,
    past: &[ticket_event::Model],
    language: Language,
) -> Vec<Value> {
    let label = |id: StateId| label(chart, id, language);
    let labels = |paths: &str| -> Vec<String> {
        let ids = paths.split(' ').filter_map(|path| chart.state_at(path));
        ids.filter_map(label).collect()
    };
    let now = titles(
        &row.states.split(' ').filter(|path| !path.is_empty()).map(str::to_owned).collect::<Vec<_>>(),
        &Telling {
            chart: Some(chart),
            language,
            currency: &Currency::new("XXX", 0),
            outside: true,
            party: &BTreeSet::new(),
            asking: &[],
        },
    );
    let mut shown: Vec<(String, DateTime<Utc>)> = Vec::new();
    for event in past {
        for text in labels(&event.to_states) {
            if !now.contains(&text) && !shown.iter().any(|(known, _)| *known == text) {
                shown.push((text, event.at));
            }
        }
    }
    let mut all: Vec<Value> =
        shown.iter().map(|(text, at)| json!({"text": text, "at": at, "when": "done"})).collect();
    let here = if row.finished { "done" } else { "now" };
    let mut seen: BTreeSet<String> = shown.into_iter().map(|(text, _)| text).collect();
    for text in now {
        if seen.insert(text.clone()) {
            all.push(json!({"text": text, "at": row.updated_at, "when": here}));
        }
    }
    if !row.finished {
        let ahead = ahead(chart, row).into_iter().filter_map(label);
        all.extend(
            ahead.filter(|text| seen.insert(text.clone())).map(|text| json!({"text": text, "when": "next"})),
        );
    }
    all
}

/// What customers are told of a state: its own text, or that of the nearest state around it.
fn label(chart: &Statechart, id: StateId, language: Language) -> Option<String> {
    let around = std::iter::once(id).chain(chart.ancestors(id));
    let text = around.filter_map(|id| chart.state(id).customer_sees.as_ref()).next()?;
    Some(text.best(language).to_owned()).filter(|text| !text.is_empty())
}

/// States with a text of their own that lie on every way from here to a good end, by their progress.
fn ahead(chart: &Statechart, row: &ticket::Model) -> Vec<StateId> {
    let ways = Ways::of(chart);
    let starts: Vec<StateId> = row.states.split(' ').filter_map(|path| chart.state_at(path)).collect();
    let around: BTreeSet<StateId> = starts.iter().flat_map(|id| chart.ancestors(*id)).collect();
    let ids = (0_u16..).zip(chart.states()).map(|(n, state)| (StateId(n), state));
    let told = ids
        .filter(|(id, state)| state.customer_sees.is_some() && !starts.contains(id) && !around.contains(id));
    let mut ahead: Vec<StateId> =
        told.map(|(id, _)| id).filter(|id| !ways.lead_on(&starts, Some(*id))).collect();
    if !ways.lead_on(&starts, None) {
        return Vec::new();
    }
    ahead.sort_by_key(|id| (progress(chart, *id), *id));
    ahead
}

fn progress(chart: &Statechart, id: StateId) -> u8 {
    let around = std::iter::once(id).chain(chart.ancestors(id));
    around.filter_map(|id| chart.state(id).progress).next().unwrap_or(u8::MAX)
}

/// Where states lead, read for reaching an end: events happen, guards hold, a parallel state is done when all of its
/// regions are.
struct Ways<'c> {
    chart: &'c Statechart,
    /// Per state: what is entered with it or reached from it, but not by its being done.
    onward: Vec<Vec<StateId>>,
    /// Per state: what its being done leads to.
    when_done: Vec<Vec<StateId>>,
}

impl<'c> Ways<'c> {
    fn of(chart: &'c Statechart) -> Self {
        let count = chart.states().len();
        let mut ways = Self { chart, onward: vec![Vec::new(); count], when_done: vec![Vec::new(); count] };
        for transition in chart.transitions() {
            let done = transition.event.as_deref().and_then(|event| event.strip_prefix("done.state."));
            let (from, list) = match done.and_then(|path| chart.state_at(path)) {
                Some(done) => (done, &mut ways.when_done),
                None => (transition.source, &mut ways.onward),
            };
            if let Some(targets) = list.get_mut(usize::from(from.0)) {
                targets.extend(&transition.targets);
            }
        }
        for (state, onward) in chart.states().iter().zip(&mut ways.onward) {
            match &state.kind {
                StateKind::Compound { initial, .. } => onward.extend(initial),
                StateKind::Parallel { regions, .. } => onward.extend(regions),
                StateKind::History { default, .. } => onward.extend(default),
                StateKind::Atomic | StateKind::Final => {}
            }
        }
        ways
    }

    /// Whether a good end can be reached, with one state out of the way.
    fn lead_on(&self, starts: &[StateId], without: Option<StateId>) -> bool {
        let (mut open, mut reached) = (starts.to_vec(), BTreeSet::new());
        let mut done: BTreeSet<StateId> = BTreeSet::new();
        while let Some(id) = open.pop() {
            // Whoever may not come into a state may not come into anything inside it.
            let is_barred = |id: StateId| Some(id) == without;
            if is_barred(id) || self.chart.ancestors(id).any(is_barred) || !reached.insert(id) {
                continue;
            }
            let state = self.chart.state(id);
            if self.is_good_end(id) {
                return true;
            }
            open.extend(self.onward.get(usize::from(id.0)).into_iter().flatten());
            for up in self.chart.ancestors(id) {
                // Whoever comes into one region comes into all of them.
                if let StateKind::Parallel { regions, .. } = &self.chart.state(up).kind
                    && !starts.contains(&id)
                {
                    open.extend(regions);
                }
                let steps = self.onward.get(usize::from(up.0)).into_iter().flatten();
                let inside = self.chart.state(up).children();
                open.extend(steps.filter(|to| !inside.contains(to)));
            }
            if matches!(state.kind, StateKind::Final)
                && let Some(parent) = state.parent
            {
                self.be_done(parent, &mut done, &mut open);
            }
        }
        false
    }

    fn be_done(&self, id: StateId, done: &mut BTreeSet<StateId>, open: &mut Vec<StateId>) {
        if !done.insert(id) {
            return;
        }
        open.extend(self.when_done.get(usize::from(id.0)).into_iter().flatten());
        let Some(parent) = self.chart.state(id).parent else { return };
        if let StateKind::Parallel { regions, .. } = &self.chart.state(parent).kind
            && regions.iter().all(|region| done.contains(region))
        {
            self.be_done(parent, done, open);
        }
    }

    fn is_good_end(&self, id: StateId) -> bool {
        let state = self.chart.state(id);
        matches!(state.kind, StateKind::Final)
            && state.parent == Some(StateId::ROOT)
            && state.category != Some(Category::Cancelled)
    }
}
