//! One microstep: leave, act, enter; and the two that have no transition: the first entry and the last exit.

use crate::effect;
use crate::statechart::{EventName, StateId, StateSet, Transition};

use super::route::{self, Entry};
use super::run::{Refusal, Run};
use super::select::Chosen;
use super::trace::Microstep;
use super::{enter, exit, form};

/// Takes transitions together.
pub(crate) fn microstep(run: &mut Run<'_>, event: Option<EventName>, chosen: Chosen) -> Result<(), Refusal> {
    let chart = run.chart;
    let Chosen { transitions, passed_over, given } = chosen;
    if let Some(data) = given {
        form::accept(run, &transitions, data);
    }
    let taken = || transitions.iter().filter_map(|id| chart.transition(*id));
    let mut exited = taken().next().map_or_else(|| chart.no_states(), |first| exit_set(run, first));
    taken().skip(1).for_each(|transition| exited.union(&exit_set(run, transition)));
    exit::leave(run, &exited)?;
    for transition in taken() {
        run.speak(transition.source);
        for action in &transition.actions {
            effect::perform(run, action)?;
        }
    }
    let entered = enter::follow(run, &transitions)?;
    run.note(Microstep { event, key: None, transitions, passed_over, exited, entered });
    Ok(())
}

/// Enters the process for the first time.
pub(crate) fn enter_initial(run: &mut Run<'_>) -> Result<(), Refusal> {
    let mut entry = Entry::new(run.chart);
    entry.descend(run.chart, &[], StateId::ROOT);
    enter::enter(run, &entry)?;
    let exited = run.chart.no_states();
    run.note(Microstep { exited, entered: entry.states, ..Microstep::default() });
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
    let (chart, active) = (run.chart, &run.configuration.active);
    match &transition.route {
        Some(route) => active.intersection(&route.below),
        None if transition.targets.is_empty() => chart.no_states(),
        None => {
            let domain = route::domain(chart, &run.configuration.memory.history, transition);
            active.between(domain.0 + 1, chart.state(domain).end)
        }
    }
}
