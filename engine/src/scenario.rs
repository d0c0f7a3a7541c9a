//! Runs stories on the engine alone: given facts, steps of people and time, and what must have come of them.
//!
//! Nothing is stored and nobody is told; the effects of each step are only looked at. How often states,
//! transitions, guards and conditions were seen is noted for [`coverage`].

pub mod coverage;
mod expect;
pub mod observed;
mod world;

use chrono::{DateTime, Utc};

use crate::bundle::Bundle;
use crate::deadline::{Calendar, Length};
use crate::definition::scenario::{Expect, Scenario, Step};
use crate::diagnostic::{Diagnostic, Place, Sp};
use crate::effect::Effect;
use crate::facts::{Actor, Map};
use crate::simulate::Timers;
use crate::statechart::{Configuration, Statechart};
use crate::step::{self, Decision, Event, Outcome};
use coverage::Seen;
pub use observed::Observed;
use world::World;
pub use world::{begins, whole};

/// Most timers that may fire in one step.
const MAX_FIRED: usize = 10_000;

/// What came of one story.
#[derive(Debug)]
pub struct Report {
    pub scenario: String,
    pub process: String,
    /// Where the story begins.
    pub place: Place,
    /// What did not come out as written; empty: passed.
    pub found: Vec<Diagnostic>,
    pub seen: Seen,
}

impl Report {
    pub fn passed(&self) -> bool {
        self.found.is_empty()
    }
}

/// Runs all stories of a bundle.
pub fn run_all(bundle: &Bundle) -> Vec<Report> {
    bundle.scenarios.iter().map(|scenario| run(bundle, scenario)).collect()
}

/// Runs one story. It goes on after a mistake, so that all of them are told at once.
pub fn run(bundle: &Bundle, scenario: &Scenario) -> Report {
    let mut report = Report {
        scenario: scenario.scenario.value.clone(),
        process: scenario.process.value.clone(),
        place: scenario.scenario.place,
        found: Vec::new(),
        seen: Seen::default(),
    };
    let Some(chart) = bundle.chart(&scenario.process.value) else {
        report.found.push(
            Diagnostic::error(
                "AC0701",
                scenario.process.place,
                format!("unknown process `{}`", report.process),
            )
            .label("no process that can run")
            .nearest("process", &report.process, bundle.processes.keys().map(String::as_str)),
        );
        return report;
    };
    let world = match World::new(bundle, chart, &scenario.given) {
        Ok(world) => world,
        Err(wrong) => {
            report.found.push(*wrong);
            return report;
        }
    };
    let mut story = Story {
        chart,
        world,
        configuration: Configuration::default(),
        timers: Timers::default(),
        report: &mut report,
        effects: Vec::new(),
        outcome: Outcome::Ignored,
    };
    story.open(scenario);
    if matches!(story.outcome, Outcome::Refused(_)) {
        return report;
    }
    for (n, step) in (1..).zip(&scenario.steps) {
        story.step(n, step);
    }
    if let Some(then) = &scenario.then {
        story.compare("then", then, false);
    }
    report
}

/// A story while it runs.
struct Story<'b, 'r> {
    chart: &'b Statechart,
    world: World<'b>,
    configuration: Configuration,
    timers: Timers,
    report: &'r mut Report,
    /// What the present step brought.
    effects: Vec<Effect>,
    outcome: Outcome,
}

impl Story<'_, '_> {
    fn open(&mut self, scenario: &Scenario) {
        let step = scenario.open.as_ref();
        let by = step.and_then(|step| step.by.as_ref());
        let actor = self.world.actor(by);
        let data = step.map(|step| step.data.clone()).unwrap_or_default();
        self.world.prepare(actor, data);
        let decision = step::start(self.chart, &self.world.facts);
        self.accept(decision);
        let expected = step.and_then(|step| step.expect.as_ref());
        self.judge("open", step.map_or(scenario.process.place, |step| step.place), expected, true);
    }

    fn step(&mut self, n: usize, step: &Sp<Step>) {
        let event = step.event.as_ref().map_or("time passes", |event| event.value.as_str());
        let name = format!("step {n} `{event}`");
        self.effects.clear();
        self.outcome = Outcome::Ignored;
        match moment(step, self.world.facts.now, &self.world.facts.calendar) {
            Ok(Some(until)) => self.pass_time(&name, step.place, until),
            Ok(None) => {}
            Err(wrong) => self.report.found.push(*wrong),
        }
        if let Some(event) = &step.event {
            let actor = self.world.actor(step.by.as_ref());
            self.world.prepare(actor, step.data.clone());
            let event = Event::external(&event.value);
            let decision = step::step(self.chart, &self.configuration, &event, &self.world.facts);
            self.accept(decision);
        }
        if step.event.is_some() || step.expect.is_some() {
            self.judge(&name, step.place, step.expect.as_ref(), step.event.is_some());
        }
    }

    /// Moves the clock; what came due on the way fires, each at its own moment.
    fn pass_time(&mut self, name: &str, place: Place, until: DateTime<Utc>) {
        for _ in 0..MAX_FIRED {
            let Some(due) = self.timers.pop_due(until) else { break };
            self.world.facts.now = self.world.facts.now.max(due.at);
            self.world.prepare(Actor::system(), due.data);
            let event = Event::system(&due.event);
            let decision = step::step(self.chart, &self.configuration, &event, &self.world.facts);
            if let Outcome::Refused(reasons) = &decision.outcome {
                let codes: Vec<&str> = reasons.iter().map(|reason| reason.code.as_str()).collect();
                let message =
                    format!("{name}: the timer `{}` is refused: `{}`", due.event, codes.join("`, `"));
                self.report.found.push(Diagnostic::error("AC0702", place, message));
            }
            self.accept(decision);
        }
        self.world.facts.now = until;
    }

    fn accept(&mut self, decision: Decision) {
        self.report.seen.note(self.chart, &decision);
        self.timers.apply(&decision.effects);
        self.world.apply(self.chart, &decision);
        self.configuration = decision.configuration;
        self.effects.extend(decision.effects);
        // A timer that nobody waits for any more changes nothing about what the step brought.
        if decision.outcome != Outcome::Ignored || self.outcome == Outcome::Ignored {
            self.outcome = decision.outcome;
        }
    }

    /// Without anything expected, a step must at least not be refused or ignored.
    fn judge(&mut self, name: &str, place: Place, expected: Option<&Sp<Expect>>, is_sent: bool) {
        let default = Sp::new(Expect::default(), place);
        self.compare(name, expected.unwrap_or(&default), is_sent);
    }

    fn compare(&mut self, name: &str, expected: &Sp<Expect>, is_sent: bool) {
        let world = &self.world;
        let mut seen = Observed {
            outcome: self.outcome.word(),
            reasons: self.outcome.reasons(),
            is_sent,
            leaves: self.chart.leaves(&self.configuration).into_iter().map(str::to_owned).collect(),
            fact: &|name| world.fact(name),
            rulings: Vec::new(),
            messages: Vec::new(),
            tasks: Vec::new(),
            vouchers: Vec::new(),
            timers: self.timers.iter().map(|timer| (timer.event.clone(), timer.at)).collect(),
            effects: Vec::new(),
        };
        seen.note(&self.effects);
        self.report.found.extend(seen.compare(name, expected));
    }
}

/// When a step happens: at a moment, or some time after now; nothing: now.
pub fn moment(
    step: &Step,
    now: DateTime<Utc>,
    calendar: &Calendar,
) -> Result<Option<DateTime<Utc>>, Box<Diagnostic>> {
    if let Some(at) = &step.at {
        let moment = world::moment(at)?;
        if moment < now {
            return Err(Box::new(Diagnostic::error("AC0701", at.place, format!("it is {now} already"))));
        }
        return Ok(Some(moment));
    }
    step.after.as_ref().map(|after| Ok(calendar.add(now, &Length::compile(after)?))).transpose()
}

/// A copy of a map with `over` laid over `base`, deep.
fn overlaid(base: &Map, over: &Map) -> Map {
    let mut merged = base.clone();
    for (key, value) in over {
        let value = match (merged.get(key), value) {
            (Some(crate::facts::Value::Map(below)), crate::facts::Value::Map(above)) => {
                crate::facts::Value::Map(overlaid(below, above))
            }
            _ => value.clone(),
        };
        merged.insert(key.clone(), value);
    }
    merged
}

#[cfg(test)]
mod tests;
