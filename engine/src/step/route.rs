//! What a transition leaves and enters: SCXML's getTransitionDomain and computeEntrySet.
//!
//! Both depend on the chart alone unless a history state has a say, so most of it is found once, when the chart is
//! compiled; the algorithm is here for that and for the rest.

use smallvec::SmallVec;

use crate::statechart::{StateId, StateKind, StateSet, Statechart, Transition};

/// What history states remember, in document order.
pub(crate) type History = [(StateId, StateSet)];

/// Where a transition leads when history has no say.
#[derive(Debug)]
pub(crate) struct Route {
    /// Everything below its domain: what of it is active, leaves.
    pub(crate) below: StateSet,
    pub(crate) entry: Entry,
}

/// The route of a transition; none if it leads nowhere, or history decides.
pub(crate) fn find(chart: &Statechart, transition: &Transition) -> Option<Route> {
    if transition.targets.is_empty() {
        return None;
    }
    let mut entry = Entry::new(chart);
    let domain = entry.follow(chart, &[], transition);
    let mut below = chart.no_states();
    chart.descendants(domain).for_each(|id| below.insert(id));
    (!entry.asks_history).then_some(Route { below, entry })
}

/// SCXML's getTransitionDomain.
pub(crate) fn domain(chart: &Statechart, history: &History, transition: &Transition) -> StateId {
    let source = transition.source;
    let targets = effective_targets(chart, history, &transition.targets);
    let stays_inside = transition.internal
        && (source == StateId::ROOT || chart.state(source).is_compound())
        && targets.iter().all(|target| chart.is_below(*target, source));
    if stays_inside { source } else { chart.common_ancestor(source, &targets) }
}

/// Targets with history states replaced by what they remember, or by their defaults.
fn effective_targets(chart: &Statechart, history: &History, targets: &[StateId]) -> SmallVec<[StateId; 4]> {
    let mut effective = SmallVec::new();
    for target in targets {
        match &chart.state(*target).kind {
            StateKind::History { default, .. } => match remembered(history, *target) {
                Some(states) => effective.extend(states.iter()),
                None => effective.extend(effective_targets(chart, history, default)),
            },
            _ => effective.push(*target),
        }
    }
    effective
}

fn remembered(history: &History, id: StateId) -> Option<&StateSet> {
    let at = history.binary_search_by_key(&id, |(key, _)| *key).ok()?;
    history.get(at).map(|(_, states)| states)
}

/// What is about to be entered.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) states: StateSet,
    /// Compound states entered by their initial transition.
    pub(crate) by_default: StateSet,
    /// History states entered by their default transition, whose actions run after their parent's entry.
    pub(crate) defaults_of: SmallVec<[StateId; 4]>,
    asks_history: bool,
}

impl Entry {
    pub(crate) fn new(chart: &Statechart) -> Self {
        Self {
            states: chart.no_states(),
            by_default: chart.no_states(),
            defaults_of: SmallVec::new(),
            asks_history: false,
        }
    }

    /// Adds what another transition, in another region, leads into.
    pub(crate) fn add(&mut self, other: &Self) {
        self.states.union(&other.states);
        self.by_default.union(&other.by_default);
    }

    /// Adds what a transition leads into; gives its domain.
    pub(crate) fn follow(
        &mut self,
        chart: &Statechart,
        history: &History,
        transition: &Transition,
    ) -> StateId {
        for target in &transition.targets {
            self.descend(chart, history, *target);
        }
        let domain = domain(chart, history, transition);
        for target in effective_targets(chart, history, &transition.targets) {
            self.ascend(chart, history, target, domain);
        }
        domain
    }

    /// SCXML's addDescendantStatesToEnter.
    pub(crate) fn descend(&mut self, chart: &Statechart, history: &History, id: StateId) {
        let state = chart.state(id);
        match &state.kind {
            // What is inside begins with the records.
            _ if state.each.is_some() => self.states.insert(id),
            StateKind::History { default, actions, .. } => {
                self.asks_history = true;
                let parent = state.parent.unwrap_or(StateId::ROOT);
                if let Some(states) = remembered(history, id) {
                    self.descend_all(chart, history, states.iter(), parent);
                } else {
                    if !actions.is_empty() {
                        self.defaults_of.push(id);
                    }
                    self.descend_all(chart, history, default.iter().copied(), parent);
                }
            }
            StateKind::Compound { initial, .. } => {
                self.states.insert(id);
                self.by_default.insert(id);
                self.descend_all(chart, history, initial.iter().copied(), id);
            }
            StateKind::Parallel { regions, .. } => {
                self.states.insert(id);
                self.descend_regions(chart, history, regions);
            }
            StateKind::Atomic | StateKind::Final => self.states.insert(id),
        }
    }

    /// Adds what one instance of a state begins with.
    pub(crate) fn inside(&mut self, chart: &Statechart, history: &History, initial: &[StateId], of: StateId) {
        self.descend_all(chart, history, initial.iter().copied(), of);
    }

    fn descend_all(
        &mut self,
        chart: &Statechart,
        history: &History,
        inner: impl Iterator<Item = StateId> + Clone,
        up_to: StateId,
    ) {
        inner.clone().for_each(|id| self.descend(chart, history, id));
        inner.for_each(|id| self.ascend(chart, history, id, up_to));
    }

    /// SCXML's addAncestorStatesToEnter.
    fn ascend(&mut self, chart: &Statechart, history: &History, id: StateId, up_to: StateId) {
        for up in chart.ancestors(id).take_while(|up| *up != up_to) {
            self.states.insert(up);
            if let StateKind::Parallel { regions, .. } = &chart.state(up).kind {
                self.descend_regions(chart, history, regions);
            }
        }
    }

    /// Every region that nothing has led into yet starts by itself.
    fn descend_regions(&mut self, chart: &Statechart, history: &History, regions: &[StateId]) {
        for region in regions {
            let inside = self.states.between(region.0, chart.state(*region).end);
            if inside.is_empty() {
                self.descend(chart, history, *region);
            }
        }
    }
}
