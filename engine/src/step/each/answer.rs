//! What an event enables in instances and around them, taken together as regions take it: inner first, and of two
//! that cannot go together the inner one, else the one that stands first.

use std::sync::Arc;

use crate::statechart::configuration::Instance;
use crate::statechart::event::Candidates;
use crate::statechart::{EventName, StateId, StateSet};

use super::super::run::{Refusal, Run};
use super::super::select::{self, Chosen};
use super::super::{Origin, Reason, microstep};
use super::within;

/// What one instance would do.
struct Pick {
    rule: u16,
    state: StateId,
    key: Arc<str>,
    chosen: Chosen,
    /// What it would leave.
    exits: StateSet,
}

/// Takes what an event enables, or what is enabled without one; false: nothing. With a key only the instances of that
/// key hear of it, and the states around them.
pub(crate) fn answer(
    run: &mut Run<'_>,
    event: Option<EventName>,
    candidates: &Candidates,
    key: Option<&str>,
    origin: Option<Origin>,
    reasons: &mut Vec<Reason>,
) -> Result<bool, Refusal> {
    let mut picks = Vec::new();
    let mut silent = Vec::new();
    for (rule, state, one, asks) in instances(run, candidates, key) {
        let picked = if asks { pick(run, rule, state, &one, candidates, origin, reasons)? } else { None };
        match picked {
            Some(pick) => picks.push(pick),
            None => silent.push(state),
        }
    }
    let mut around = select::select(run, candidates, origin, reasons)?;
    around.transitions.retain(|id| {
        run.chart.transition(*id).is_none_or(|transition| {
            let exits = microstep::exit_set(run, transition);
            let source = transition.source;
            !picks.iter().any(|pick| gives_way(run, source, &exits, pick, &silent))
        })
    });
    // An outer transition that stays in spite of an inner one stands before it: then the instance gives way.
    let leaves: Vec<StateSet> = around
        .transitions
        .iter()
        .filter_map(|id| run.chart.transition(*id))
        .map(|transition| microstep::exit_set(run, transition))
        .collect();
    picks.retain(|pick| pick.exits.is_empty() || !leaves.iter().any(|exits| exits.contains(pick.state)));
    let moved = !picks.is_empty() || !around.is_empty();
    reasons.dedup();
    for pick in picks {
        within(run, pick.rule, &pick.key, |run| match stands(run, &pick.chosen) {
            true => microstep::microstep(run, event.clone(), pick.chosen),
            false => Ok(()),
        })
        .transpose()?;
    }
    if !around.is_empty() && stands(run, &around) {
        microstep::microstep(run, event, around)?;
    }
    Ok(moved)
}

/// The instances that hear of it, and whether they may have an answer.
fn instances(
    run: &Run<'_>,
    candidates: &Candidates,
    key: Option<&str>,
) -> Vec<(u16, StateId, Arc<str>, bool)> {
    let mut found = Vec::new();
    for group in &run.configuration.memory.each {
        let Some(rule) = run.chart.eaches.get(usize::from(group.rule)) else { continue };
        let hears = |one: &&Instance| !one.active.is_empty() && key.is_none_or(|key| *one.key == *key);
        for one in group.instances.iter().filter(hears) {
            let asks = one.active.intersects(&candidates.states);
            found.push((group.rule, rule.state, one.key.clone(), asks));
        }
    }
    found
}

fn pick(
    run: &mut Run<'_>,
    rule: u16,
    state: StateId,
    key: &Arc<str>,
    candidates: &Candidates,
    origin: Option<Origin>,
    reasons: &mut Vec<Reason>,
) -> Result<Option<Pick>, Refusal> {
    let end = run.chart.state(state).end;
    let picked = within(run, rule, key, |run| {
        let inside = run.configuration.active.between(state.0 + 1, end);
        let chosen = select::select_in(run, candidates, &inside, origin, reasons)?;
        let mut exits = run.chart.no_states();
        for transition in chosen.transitions.iter().filter_map(|id| run.chart.transition(*id)) {
            exits.union(&microstep::exit_set(run, transition));
        }
        Ok::<_, Refusal>((chosen, exits))
    });
    let picked = picked.transpose()?.filter(|(chosen, _)| !chosen.is_empty());
    Ok(picked.map(|(chosen, exits)| Pick { rule, state, key: key.clone(), chosen, exits }))
}

/// Whether a transition of the states around gives way to what an instance would do.
fn gives_way(run: &Run<'_>, source: StateId, exits: &StateSet, pick: &Pick, silent: &[StateId]) -> bool {
    let chart = run.chart;
    let is_around = source == pick.state || chart.is_below(pick.state, source);
    let leaves_both = !pick.exits.is_empty() && (exits.contains(pick.state) || exits.intersects(&pick.exits));
    if leaves_both {
        return is_around || pick.state < source;
    }
    // The inner state was asked first, and nobody else is left who would ask the outer one.
    let active = run.configuration.active.between(source.0, chart.state(source).end);
    let alone = active.intersection(&chart.atomic).only() == Some(pick.state);
    is_around && alone && !silent.contains(&pick.state)
}

/// Whether the states are still active whose transitions were chosen: another one may have left them.
fn stands(run: &Run<'_>, chosen: &Chosen) -> bool {
    let mut taken = chosen.transitions.iter().filter_map(|id| run.chart.transition(*id));
    taken.all(|transition| run.configuration.active.contains(transition.source))
}
