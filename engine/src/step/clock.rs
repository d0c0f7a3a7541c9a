//! Timers of states: delayed transitions, deadlines with their warnings, clocks that stand while somebody
//! else is awaited.
//!
//! A plain `after` is a timer set on entry and withdrawn on exit. A deadline that can stand, or that runs over
//! several states, is a clock: what is left of it lives in the configuration.

use chrono::{DateTime, Utc};

use crate::deadline::{Budget, Length};
use crate::effect::{Effect, Timer};
use crate::facts::Map;
use crate::statechart::configuration::Clock;
use crate::statechart::each::addressed;
use crate::statechart::{StateId, StateSet};

use super::each;
use super::run::Run;

/// A timer of the chart.
#[derive(Debug)]
pub struct ClockRule {
    /// Id of the timer and name of the event it brings.
    pub timer: String,
    pub length: Length,
    /// A warning this long before: its own timer and event.
    pub warning: Option<(String, Length)>,
    pub(crate) runs: Runs,
    /// The rule of the instances of which each has its own.
    pub(crate) within: Option<u16>,
}

/// When a clock runs.
#[derive(Debug)]
pub(crate) enum Runs {
    /// From entry to exit of its state.
    WhileIn,
    /// From entry to exit of its state, but not in these.
    WhileInExcept { owner: StateId, paused_in: StateSet },
    /// Over the process: from a state (or the opening) until one of others, but not in these.
    Over { from: Option<StateId>, until: StateSet, paused_in: StateSet },
}

/// A state was entered: its plain timers start.
pub(crate) fn entered(run: &mut Run<'_>, id: StateId) {
    let chart = run.chart;
    for n in &chart.state(id).clocks {
        let Some(rule) = chart.clocks.get(usize::from(*n)) else { continue };
        if matches!(rule.runs, Runs::WhileIn) {
            let budget = Budget::start(rule.length.clone(), run.facts.now);
            set(run, rule, &budget);
        }
    }
}

/// A state is left: its plain timers are withdrawn.
pub(crate) fn left(run: &mut Run<'_>, id: StateId) {
    let chart = run.chart;
    for n in &chart.state(id).clocks {
        if let Some(rule) =
            chart.clocks.get(usize::from(*n)).filter(|rule| matches!(rule.runs, Runs::WhileIn))
        {
            withdraw(run, rule);
        }
    }
}

/// After the last microstep: starts, stops and ends the clocks that depend on more than one state.
pub(crate) fn update(run: &mut Run<'_>) {
    sweep(run, None);
    for (rule, key) in each::running(run) {
        each::within(run, rule, &key, |run| sweep(run, Some(rule)));
    }
    let groups = run.configuration.memory.held().map_or(&mut [][..], |held| &mut held.each);
    groups
        .iter_mut()
        .flat_map(|group| &mut group.instances)
        .for_each(|one| one.entered = run.chart.no_states());
}

/// The clocks of an instance that has come to its end, or whose state is left.
pub(crate) fn end_inside(run: &mut Run<'_>, within: u16) {
    let chart = run.chart;
    let is_inside =
        |n: &u16| chart.clocks.get(usize::from(*n)).is_some_and(|rule| rule.within == Some(within));
    let clocks = run.configuration.memory.clocks.iter().map(|clock| clock.rule);
    let own: Vec<u16> = clocks.filter(is_inside).collect();
    own.into_iter().for_each(|n| end(run, n));
}

fn sweep(run: &mut Run<'_>, within: Option<u16>) {
    let chart = run.chart;
    for (n, rule) in (0u16..).zip(&chart.clocks).filter(|(_, rule)| rule.within == within) {
        let active = &run.configuration.active;
        let known = run.configuration.memory.clocks.iter().position(|clock| clock.rule == n);
        let (exists, paused) = match &rule.runs {
            Runs::WhileIn => continue,
            Runs::WhileInExcept { owner, paused_in } => {
                let renewed = known.is_some() && run.entered.contains(*owner);
                if renewed {
                    end(run, n);
                }
                (active_in(run, *owner), active_any(run, paused_in))
            }
            Runs::Over { from, until, paused_in } => {
                let starts = run.entered.contains(from.unwrap_or(StateId::ROOT));
                let over = active.intersects(until) || run.entered.intersects(until);
                ((known.is_some() || starts) && !over, active_any(run, paused_in))
            }
        };
        let exists = exists && !run.configuration.finished;
        let known = run.configuration.memory.clocks.iter().any(|clock| clock.rule == n);
        match (known, exists) {
            (true, false) => end(run, n),
            (false, true) => begin(run, n, rule, paused),
            (true, true) => turn(run, n, rule, paused),
            (false, false) => {}
        }
    }
}

fn active_in(run: &Run<'_>, id: StateId) -> bool {
    run.configuration.active.contains(id)
}

fn active_any(run: &Run<'_>, states: &StateSet) -> bool {
    run.configuration.active.intersects(states)
}

fn begin(run: &mut Run<'_>, n: u16, rule: &ClockRule, paused: bool) {
    let mut budget = Budget::start(rule.length.clone(), run.facts.now);
    if paused {
        budget.pause(run.facts.now);
        stand(run, rule, &budget);
    } else {
        set(run, rule, &budget);
    }
    run.configuration.memory.make().clocks.push(Clock { rule: n, budget });
}

fn end(run: &mut Run<'_>, n: u16) {
    if let Some(held) = run.configuration.memory.held() {
        held.clocks.retain(|clock| clock.rule != n);
    }
    if let Some(rule) = run.chart.clocks.get(usize::from(n)) {
        withdraw(run, rule);
    }
}

/// Starts a clock that stands, or stops one that runs, if it should be otherwise.
fn turn(run: &mut Run<'_>, n: u16, rule: &ClockRule, paused: bool) {
    let now = run.facts.now;
    let clocks = run.configuration.memory.held().map_or(&mut [][..], |held| &mut held.clocks);
    let Some(clock) = clocks.iter_mut().find(|clock| clock.rule == n) else { return };
    match (clock.budget.is_paused(), paused) {
        (false, true) => {
            clock.budget.pause(now);
            let budget = clock.budget.clone();
            withdraw_warning(run, rule);
            stand(run, rule, &budget);
        }
        (true, false) => {
            clock.budget.resume(now);
            let budget = clock.budget.clone();
            set(run, rule, &budget);
        }
        _ => {}
    }
}

fn stand(run: &mut Run<'_>, rule: &ClockRule, budget: &Budget) {
    let left_ms = budget.remaining(&run.facts.calendar, run.facts.now);
    let id = named(run, rule, &rule.timer);
    run.effects.push(Effect::Timer(Timer::Pause { id, left_ms }));
}

/// Arms the timer of a running clock, and its warning if that is still to come. What has already run out has
/// already done what it does.
fn set(run: &mut Run<'_>, rule: &ClockRule, budget: &Budget) {
    let (calendar, now) = (run.facts.calendar.clone(), run.facts.now);
    let left = budget.remaining(&calendar, now);
    let Some(due) = budget.due(&calendar).filter(|_| left > 0 || budget.suspended().is_empty()) else {
        return;
    };
    arm(run, named(run, rule, &rule.timer), due, &rule.length);
    if let Some((timer, before)) = &rule.warning {
        let kind = rule.length.clock();
        let until_warning = left - calendar.measure(kind, now, calendar.add(now, before));
        if until_warning > 0 {
            let timer = named(run, rule, timer);
            arm(run, timer, calendar.advance(kind, now, until_warning), &rule.length);
        }
    }
}

/// An instance's own timers carry its key.
fn named(run: &Run<'_>, rule: &ClockRule, timer: &str) -> String {
    let key = rule.within.and(run.at.as_ref()).map(|at| &*at.key);
    addressed(timer, key)
}

fn arm(run: &mut Run<'_>, timer: String, at: DateTime<Utc>, within: &Length) {
    run.effects.push(Effect::Timer(Timer::Set {
        id: timer.clone(),
        event: timer,
        data: Map::new(),
        at,
        within: within.text().to_owned(),
    }));
}

fn withdraw(run: &mut Run<'_>, rule: &ClockRule) {
    let id = named(run, rule, &rule.timer);
    run.effects.push(Effect::Timer(Timer::Cancel { id }));
    withdraw_warning(run, rule);
}

fn withdraw_warning(run: &mut Run<'_>, rule: &ClockRule) {
    if let Some((timer, _)) = &rule.warning {
        let id = named(run, rule, timer);
        run.effects.push(Effect::Timer(Timer::Cancel { id }));
    }
}
