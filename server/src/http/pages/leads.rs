//! Where steps lead, read from the chart alone: to which groups of the board, and therefore what somebody will most
//! likely want to do next.

use std::collections::BTreeSet;

use aftercare_engine::definition::process::Category;
use aftercare_engine::statechart::{State, StateId, StateKind, Statechart};

use crate::entity::ticket;
use crate::http::api::tickets::steps::Step;

/// What is known of the states to which a step can lead.
#[derive(Debug, Default)]
pub struct Lead {
    /// Their groups; none: it moves nothing.
    pub groups: BTreeSet<&'static str>,
    /// The furthest of them, in percent of the way.
    progress: Option<u8>,
}

/// Where a step can lead.
pub fn lead(chart: &Statechart, states: &str, event: &str) -> Lead {
    let leaves = states.split(' ').filter_map(|path| chart.state_at(path));
    let active: BTreeSet<StateId> =
        leaves.flat_map(|id| std::iter::once(id).chain(chart.ancestors(id)).chain([StateId::ROOT])).collect();
    let transitions = active.iter().flat_map(|id| chart.state(*id).transitions());
    let taken =
        transitions.filter_map(|id| chart.transition(id)).filter(|one| one.event.as_deref() == Some(event));
    arrived(chart, taken.flat_map(|one| one.targets.clone()).collect())
}

/// The states in which one comes to rest from these, past those that nobody sees.
fn arrived(chart: &Statechart, mut open: Vec<StateId>) -> Lead {
    let (mut seen, mut lead) = (BTreeSet::new(), Lead::default());
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
                // What has a title is where people see it stand, whatever may follow at once.
                if state.title.is_none() && !onward.is_empty() {
                    open.extend(onward);
                } else {
                    lead.groups.extend(group(chart, id));
                    lead.progress = lead.progress.max(nearest(chart, id, |state| state.progress));
                }
            }
        }
    }
    lead
}

/// What a state says itself, or the nearest one above.
fn nearest<T>(chart: &Statechart, id: StateId, says: impl Fn(&State) -> Option<T>) -> Option<T> {
    std::iter::once(id).chain(chart.ancestors(id)).find_map(|id| says(chart.state(id)))
}

fn group(chart: &Statechart, id: StateId) -> Option<&'static str> {
    nearest(chart, id, |state| state.category).map(|category| match category {
        Category::Open => "open",
        Category::Waiting => "waiting",
        Category::Done => "done",
        Category::Cancelled => "cancelled",
    })
}

/// What the ticket waits for from the reader comes first. Then what leads on, of that what fewest others could do
/// instead; going back comes after it, then what moves nothing. What the definition calls rare comes after all these,
/// and giving up, which is never the way on, last.
pub fn sort(steps: &mut Vec<Step>, chart: &Statechart, row: &ticket::Model) {
    let now = row.progress.and_then(|percent| u8::try_from(percent).ok());
    let mut places: Vec<_> = Vec::new();
    for mut step in steps.drain(..) {
        let lead = lead(chart, &row.states, &step.event);
        let gives_up = lead.groups.len() == 1 && lead.groups.contains("cancelled");
        let goes_back = lead.progress < now;
        let place = (gives_up, step.rare, !step.awaited, lead.groups.is_empty(), goes_back, step.by.len());
        step.rare |= gives_up;
        places.push((place, step));
    }
    places.sort_by_key(|(place, _)| *place);
    steps.extend(places.into_iter().map(|(_, step)| step));
}
