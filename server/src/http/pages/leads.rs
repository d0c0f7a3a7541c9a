//! Where steps lead, read from the chart alone: to which groups of the board, and therefore what somebody will most
//! likely want to do next.

use std::collections::BTreeSet;

use aftercare_engine::definition::process::Category;
use aftercare_engine::statechart::{StateId, StateKind, Statechart};

use crate::http::api::tickets::steps::Step;

/// The groups that a step can lead to; empty when it moves nothing.
pub fn groups(chart: &Statechart, states: &str, event: &str) -> BTreeSet<&'static str> {
    let leaves = states.split(' ').filter_map(|path| chart.state_at(path));
    let active: BTreeSet<StateId> =
        leaves.flat_map(|id| std::iter::once(id).chain(chart.ancestors(id)).chain([StateId::ROOT])).collect();
    let transitions = active.iter().flat_map(|id| chart.state(*id).transitions());
    let taken =
        transitions.filter_map(|id| chart.transition(id)).filter(|one| one.event.as_deref() == Some(event));
    arrived(chart, taken.flat_map(|one| one.targets.clone()).collect())
}

/// The groups of the states in which one comes to rest from these, past those that nobody sees.
fn arrived(chart: &Statechart, mut open: Vec<StateId>) -> BTreeSet<&'static str> {
    let (mut seen, mut groups) = (BTreeSet::new(), BTreeSet::new());
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let state = chart.state(id);
        match &state.kind {
            StateKind::Compound { initial, .. } => open.extend(initial.iter().copied()),
            StateKind::Parallel { regions, .. } => open.extend(regions.iter().copied()),
            StateKind::History { default, .. } => open.extend(default.iter().copied()),
            StateKind::Atomic | StateKind::Final => {
                let passed = state.transitions().filter_map(|id| chart.transition(id));
                let onward: Vec<StateId> =
                    passed.filter(|one| one.event.is_none()).flat_map(|one| one.targets.clone()).collect();
                if state.title.is_some() || onward.is_empty() {
                    groups.extend(group(chart, id));
                }
                open.extend(onward);
            }
        }
    }
    groups
}

/// The group of a state: its own word or the nearest one above.
fn group(chart: &Statechart, id: StateId) -> Option<&'static str> {
    let own = std::iter::once(id).chain(chart.ancestors(id)).find_map(|id| chart.state(id).category);
    own.map(|category| match category {
        Category::Open => "open",
        Category::Waiting => "waiting",
        Category::Done => "done",
        Category::Cancelled => "cancelled",
    })
}

/// What leads on comes first, of that what fewest others could do instead; giving up comes last.
pub fn sort(steps: &mut [Step], chart: &Statechart, states: &str) {
    steps.sort_by_cached_key(|step| {
        let groups = groups(chart, states, &step.event);
        let gives_up = groups.len() == 1 && groups.contains("cancelled");
        (gives_up, groups.is_empty(), step.by.len())
    });
}
