//! Runs stories on the engine alone: given facts, steps of people and time, and what must have come of them.
//!
//! Nothing is stored and nobody is told; the effects of each step are only looked at. How often states,
//! transitions, guards and conditions were seen is noted for [`coverage`].

pub mod coverage;
mod expect;
pub mod observed;
mod story;
mod world;

use chrono::{DateTime, Utc};

use crate::bundle::Bundle;
use crate::deadline::{Calendar, Length};
use crate::definition::scenario::{Scenario, Step};
use crate::diagnostic::{Diagnostic, Place};
use crate::effect::Effect;
use crate::facts::{Facts, Map};
use crate::simulate::Timers;
use crate::statechart::{Configuration, Statechart};
use crate::step::Decision;
use coverage::Seen;
pub use observed::Observed;
use story::Story;
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
    /// The same of the tickets that it opens, by process.
    pub beside: Vec<(String, Seen)>,
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

/// Where a ticket of a story stands after a decision, and what that brought.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'s> {
    /// 0 is the story's own ticket, then come those that it opens.
    pub ticket: usize,
    pub chart: &'s Statechart,
    pub effects: &'s [Effect],
    pub configuration: &'s Configuration,
    pub timers: &'s Timers,
    pub facts: &'s Facts,
}

/// Runs one story. It goes on after a mistake, so that all of them are told at once.
pub fn run(bundle: &Bundle, scenario: &Scenario) -> Report {
    watch(bundle, scenario, &mut |_| {})
}

/// The same, and somebody looks at every decision.
pub fn watch(bundle: &Bundle, scenario: &Scenario, look: &mut dyn FnMut(Scene<'_>)) -> Report {
    let mut report = Report {
        scenario: scenario.scenario.value.clone(),
        process: scenario.process.value.clone(),
        place: scenario.scenario.place,
        found: Vec::new(),
        seen: Seen::default(),
        beside: Vec::new(),
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
    let mut story = Story::new(bundle, chart, world, &mut report, look);
    if !story.open(scenario) {
        return report;
    }
    story.tell("open", scenario.process.place);
    for (n, step) in (1..).zip(&scenario.steps) {
        story.step(n, step);
    }
    if let Some(then) = &scenario.then {
        story.compare(0, "then", then, false);
    }
    report
}

impl Report {
    /// Looks at a decision of the story's own ticket, or of one that it has opened.
    fn note(&mut self, own: bool, chart: &Statechart, decision: &Decision) {
        if own {
            self.seen.note(chart, decision);
            return;
        }
        match self.beside.iter_mut().find(|(process, _)| *process == chart.name) {
            Some((_, seen)) => seen.note(chart, decision),
            None => {
                let mut seen = Seen::default();
                seen.note(chart, decision);
                self.beside.push((chart.name.clone(), seen));
            }
        }
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
