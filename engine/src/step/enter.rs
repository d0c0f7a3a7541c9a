//! Entering states: which ones (SCXML's computeEntrySet), and in which order what happens.

use smallvec::SmallVec;

use crate::effect::{self, Action};
use crate::statechart::{StateId, StateKind, StateSet, TransitionId};

use super::clock;
use super::microstep::domain_of;
use super::run::{Refusal, Run};

/// What is about to be entered.
pub(crate) struct Entry<'a> {
    states: StateSet,
    /// Compound states entered by their initial transition.
    by_default: StateSet,
    /// Actions of a history state's default transition, by the parent after whose entry they run.
    history_actions: SmallVec<[(StateId, &'a [Action]); 1]>,
}

/// The states that transitions lead into.
pub(crate) fn entry_set<'a>(run: &Run<'a>, transitions: &[TransitionId]) -> Entry<'a> {
    let mut entry = Entry::new(run);
    for id in transitions {
        let Some(transition) = run.chart.transition(*id) else { continue };
        if transition.targets.is_empty() {
            continue;
        }
        for target in &transition.targets {
            entry.descend(run, *target);
        }
        let Some(domain) = domain_of(run, *id) else { continue };
        for target in effective_targets(run, &transition.targets) {
            entry.ascend(run, target, domain);
        }
    }
    entry
}

/// Targets with history states replaced by what they remember, or by their defaults.
pub(crate) fn effective_targets(run: &Run<'_>, targets: &[StateId]) -> SmallVec<[StateId; 4]> {
    let mut effective = SmallVec::new();
    for target in targets {
        match &run.chart.state(*target).kind {
            StateKind::History { default, .. } => match remembered(run, *target) {
                Some(states) => effective.extend(states.iter()),
                None => effective.extend(effective_targets(run, default)),
            },
            _ => effective.push(*target),
        }
    }
    effective
}

fn remembered<'r>(run: &'r Run<'_>, history: StateId) -> Option<&'r StateSet> {
    let values = &run.configuration.history;
    let at = values.binary_search_by_key(&history, |(key, _)| *key).ok()?;
    values.get(at).map(|(_, states)| states)
}

impl<'a> Entry<'a> {
    pub(crate) fn new(run: &Run<'a>) -> Self {
        Self {
            states: run.chart.no_states(),
            by_default: run.chart.no_states(),
            history_actions: SmallVec::new(),
        }
    }

    /// SCXML's addDescendantStatesToEnter.
    pub(crate) fn descend(&mut self, run: &Run<'a>, id: StateId) {
        let chart = run.chart;
        let state = chart.state(id);
        match &state.kind {
            StateKind::History { default, actions, .. } => {
                let parent = state.parent.unwrap_or(StateId::ROOT);
                if let Some(states) = remembered(run, id) {
                    let states: SmallVec<[StateId; 4]> = states.iter().collect();
                    states.iter().for_each(|inner| self.descend(run, *inner));
                    states.iter().for_each(|inner| self.ascend(run, *inner, parent));
                } else {
                    if !actions.is_empty() {
                        self.history_actions.push((parent, actions));
                    }
                    default.iter().for_each(|inner| self.descend(run, *inner));
                    default.iter().for_each(|inner| self.ascend(run, *inner, parent));
                }
            }
            StateKind::Compound { initial, .. } => {
                self.states.insert(id);
                self.by_default.insert(id);
                initial.iter().for_each(|inner| self.descend(run, *inner));
                initial.iter().for_each(|inner| self.ascend(run, *inner, id));
            }
            StateKind::Parallel { regions, .. } => {
                self.states.insert(id);
                self.descend_regions(run, regions);
            }
            StateKind::Atomic | StateKind::Final => self.states.insert(id),
        }
    }

    /// SCXML's addAncestorStatesToEnter.
    fn ascend(&mut self, run: &Run<'a>, id: StateId, up_to: StateId) {
        for up in run.chart.ancestors(id).take_while(|up| *up != up_to) {
            self.states.insert(up);
            if let StateKind::Parallel { regions, .. } = &run.chart.state(up).kind {
                self.descend_regions(run, regions);
            }
        }
    }

    /// Every region that nothing has led into yet starts by itself.
    fn descend_regions(&mut self, run: &Run<'a>, regions: &[StateId]) {
        for region in regions {
            let inside = self.states.between(region.0, run.chart.state(*region).end);
            if inside.is_empty() {
                self.descend(run, *region);
            }
        }
    }
}

/// SCXML's enterStates.
pub(crate) fn enter(run: &mut Run<'_>, entry: Entry<'_>) -> Result<StateSet, Refusal> {
    let chart = run.chart;
    for id in entry.states.iter() {
        let state = chart.state(id);
        run.configuration.active.insert(id);
        clock::entered(run, id);
        for action in &state.entry {
            effect::perform(run, action)?;
        }
        if entry.by_default.contains(id)
            && let StateKind::Compound { actions, .. } = &state.kind
        {
            for action in actions {
                effect::perform(run, action)?;
            }
        }
        for (_, actions) in entry.history_actions.iter().filter(|(parent, _)| *parent == id) {
            for action in *actions {
                effect::perform(run, action)?;
            }
        }
        if matches!(state.kind, StateKind::Final) {
            done(run, id);
        }
    }
    run.entered.union(&entry.states);
    Ok(entry.states)
}

/// A final state was entered: its parent is done, and with it perhaps the parallel state around.
fn done(run: &mut Run<'_>, id: StateId) {
    let chart = run.chart;
    let Some(parent) = chart.state(id).parent else { return };
    if parent == StateId::ROOT {
        run.configuration.finished = true;
        return;
    }
    run.internal.push_back(done_event(&chart.state(parent).path));
    let Some(grand) = chart.state(parent).parent else { return };
    if let StateKind::Parallel { regions, .. } = &chart.state(grand).kind
        && regions.iter().all(|region| is_done(run, *region))
    {
        if grand == StateId::ROOT {
            run.configuration.finished = true;
        } else {
            run.internal.push_back(done_event(&chart.state(grand).path));
        }
    }
}

fn done_event(path: &str) -> std::sync::Arc<str> {
    format!("done.state.{path}").into()
}

/// SCXML's isInFinalState.
fn is_done(run: &Run<'_>, id: StateId) -> bool {
    let active = &run.configuration.active;
    match &run.chart.state(id).kind {
        StateKind::Compound { children, .. } => children
            .iter()
            .any(|child| active.contains(*child) && matches!(run.chart.state(*child).kind, StateKind::Final)),
        StateKind::Parallel { regions, .. } => regions.iter().all(|region| is_done(run, *region)),
        _ => false,
    }
}
