//! One microstep: leave, act, enter; and the two that have no transition: the first entry and the last exit.

use std::sync::Arc;

use crate::effect;
use crate::statechart::{StateId, StateSet, Transition, TransitionId};

use super::enter;
use super::exit;
use super::run::{Refusal, Run};
use super::select::Chosen;
use super::trace::Microstep;

/// Takes transitions together.
pub(crate) fn microstep(run: &mut Run<'_>, event: Option<&Arc<str>>, chosen: &Chosen) -> Result<(), Refusal> {
    let chart = run.chart;
    let transitions = || chosen.transitions.iter().filter_map(|id| chart.transition(*id));
    let mut exits = chart.no_states();
    for transition in transitions() {
        exits.union(&exit_set(run, transition));
    }
    exit::leave(run, &exits)?;
    for transition in transitions() {
        for action in &transition.actions {
            effect::perform(run, action)?;
        }
    }
    let entry = enter::entry_set(run, &chosen.transitions);
    let entered = enter::enter(run, entry)?;
    run.record(Microstep {
        event: event.cloned(),
        transitions: chosen.transitions.clone(),
        passed_over: chosen.passed_over.clone(),
        exited: exits,
        entered,
    });
    Ok(())
}

/// Enters the process for the first time.
pub(crate) fn enter_initial(run: &mut Run<'_>) -> Result<(), Refusal> {
    let mut entry = enter::Entry::new(run);
    entry.descend(run, StateId::ROOT);
    let entered = enter::enter(run, entry)?;
    let exited = run.chart.no_states();
    run.record(Microstep { exited, entered, ..Microstep::default() });
    Ok(())
}

/// The process has ended: what is still active is left inner first, but stays visible as where it ended.
pub(crate) fn leave_all(run: &mut Run<'_>) -> Result<(), Refusal> {
    let active = run.configuration.active.clone();
    exit::leave(run, &active)?;
    run.configuration.active = active;
    Ok(())
}

/// The states that a transition leaves.
pub(crate) fn exit_set(run: &Run<'_>, transition: &Transition) -> StateSet {
    if transition.targets.is_empty() {
        return run.chart.no_states();
    }
    let domain = transition.domain.unwrap_or_else(|| domain(run, transition));
    run.configuration.active.between(domain.0 + 1, run.chart.state(domain).end)
}

/// SCXML's getTransitionDomain.
pub(crate) fn domain(run: &Run<'_>, transition: &Transition) -> StateId {
    let chart = run.chart;
    let targets = enter::effective_targets(run, &transition.targets);
    let stays_inside = transition.internal
        && (transition.source == StateId::ROOT || chart.state(transition.source).is_compound())
        && targets.iter().all(|target| chart.is_below(*target, transition.source));
    if stays_inside { transition.source } else { chart.common_ancestor(transition.source, &targets) }
}

/// The domain of a chosen transition, known beforehand unless history decides.
pub(crate) fn domain_of(run: &Run<'_>, id: TransitionId) -> Option<StateId> {
    let transition = run.chart.transition(id)?;
    Some(transition.domain.unwrap_or_else(|| domain(run, transition)))
}
