//! What the stories have seen of the charts and rules, and what they have not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Report;
use crate::bundle::Bundle;
use crate::effect::Effect;
use crate::rules::tests::CaseResult;
use crate::statechart::{StateKind, Statechart, Transition};
use crate::step::{Decision, Outcome};

/// What one story has seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// Paths of states entered.
    states: BTreeSet<String>,
    /// Transitions taken, by their place in the chart.
    transitions: BTreeSet<u16>,
    /// Guards by transition and number, and what they were.
    guards: BTreeSet<(u16, usize, bool)>,
    /// Condition and what it was. By name alone: a rule's condition is the same when another rule calls it.
    conditions: BTreeSet<(String, bool)>,
}

impl Seen {
    /// Looks at a decision.
    pub(super) fn note(&mut self, chart: &Statechart, decision: &Decision) {
        for microstep in &decision.trace.microsteps {
            self.states.extend(microstep.entered.iter().map(|id| chart.state(id).path.clone()));
            for id in &microstep.transitions {
                let Some(transition) = chart.transition(*id) else { continue };
                self.transitions.insert(id.0);
                self.guards.extend((0..transition.guards.len()).map(|n| (id.0, n, true)));
                self.passed_by(chart, id.0, transition);
            }
        }
        self.at_rest(chart, decision);
        if let Outcome::Refused(reasons) = &decision.outcome {
            // Several guards may stand on one line: their words tell them apart.
            let asked: BTreeSet<(&str, &str)> = reasons
                .iter()
                .filter_map(|reason| {
                    Some((reason.source.as_deref()?, reason.values.get("condition")?.as_text()?))
                })
                .collect();
            for (n, transition) in (0u16..).zip(chart.transitions()) {
                for (at, guard) in transition.guards.iter().enumerate() {
                    if asked.contains(&(&*guard.source, guard.when.text())) {
                        self.guards.insert((n, at, false));
                    }
                }
            }
        }
        for effect in &decision.effects {
            if let Effect::Decision(ruling) = effect {
                let asked = ruling.conditions.iter();
                self.conditions.extend(asked.map(|one| (one.name.to_string(), one.holds)));
            }
        }
    }

    /// A ticket rests where no eventless transition is enabled.
    fn at_rest(&mut self, chart: &Statechart, decision: &Decision) {
        if decision.outcome != Outcome::Moved {
            return;
        }
        let active: Vec<_> = decision.configuration.all_active().iter().collect();
        for (n, transition) in (0u16..).zip(chart.transitions()) {
            if transition.event.is_none()
                && transition.guards.len() == 1
                && active.contains(&transition.source)
            {
                self.guards.insert((n, 0, false));
            }
        }
    }

    /// Transitions of the same state for the same event that stand before the one taken, and that whoever took it
    /// could have taken: their guard did not hold.
    fn passed_by(&mut self, chart: &Statechart, taken: u16, transition: &Transition) {
        for (n, other) in (0u16..taken).zip(chart.transitions()) {
            let rival = other.source == transition.source
                && other.event == transition.event
                && transition.by.iter().all(|role| other.by.contains(role));
            if rival && other.guards.len() == 1 {
                self.guards.insert((n, 0, false));
            }
        }
    }
}

/// How much of something was seen.
#[derive(Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Part {
    pub seen: usize,
    pub total: usize,
    /// What was not, in words.
    pub missing: Vec<String>,
}

impl Part {
    fn count(&mut self, seen: bool, what: impl FnOnce() -> String) {
        self.total += 1;
        if seen {
            self.seen += 1;
        } else {
            self.missing.push(what());
        }
    }

    /// Whole percent, rounded down.
    pub fn percent(&self) -> usize {
        (self.seen * 100).checked_div(self.total).unwrap_or(100)
    }
}

/// Coverage of one process by its stories.
#[derive(Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ProcessCoverage {
    pub states: Part,
    pub transitions: Part,
    /// Each guard counts twice: once true, once false.
    pub guards: Part,
}

/// Coverage of a bundle.
#[derive(Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Coverage {
    pub processes: BTreeMap<String, ProcessCoverage>,
    /// Conditions of rules, each twice.
    pub conditions: Part,
}

/// What all stories together have seen; the tables beside the rules show their conditions, too.
pub fn of(bundle: &Bundle, reports: &[Report], cases: &[CaseResult]) -> Coverage {
    let mut coverage = Coverage::default();
    for (name, process) in &bundle.processes {
        let Some(chart) = &process.chart else { continue };
        let own = reports.iter().filter(|one| one.process == *name).map(|one| &one.seen);
        let beside = reports.iter().flat_map(|one| &one.beside).filter(|(process, _)| process == name);
        let seen: Vec<&Seen> = own.chain(beside.map(|(_, seen)| seen)).collect();
        coverage.processes.insert(name.clone(), of_process(chart, &seen));
    }
    for rule in bundle.library.rules.names() {
        for condition in bundle.library.rules.conditions(rule) {
            for holds in [true, false] {
                let key = (condition.to_string(), holds);
                let beside =
                    |report: &Report| report.beside.iter().any(|(_, seen)| seen.conditions.contains(&key));
                let told = reports.iter().any(|one| one.seen.conditions.contains(&key) || beside(one));
                let tried = cases.iter().flat_map(|case| &case.conditions);
                let seen = told || tried.into_iter().any(|one| one.name == condition && one.holds == holds);
                coverage.conditions.count(seen, || format!("{rule}: {condition} is never {holds}"));
            }
        }
    }
    coverage
}

fn of_process(chart: &Statechart, seen: &[&Seen]) -> ProcessCoverage {
    let mut coverage = ProcessCoverage::default();
    for state in
        chart.states().iter().skip(1).filter(|state| !matches!(state.kind, StateKind::History { .. }))
    {
        let entered = seen.iter().any(|seen| seen.states.contains(&state.path));
        coverage.states.count(entered, || state.path.clone());
    }
    for (n, transition) in (0u16..).zip(chart.transitions()) {
        let source = &chart.state(transition.source).path;
        let name = || {
            let event = transition.event.as_deref().unwrap_or("always");
            let targets: Vec<&str> =
                transition.targets.iter().map(|id| chart.state(*id).path.as_str()).collect();
            format!("{source} --{event}--> {}", targets.join(", "))
        };
        coverage.transitions.count(seen.iter().any(|seen| seen.transitions.contains(&n)), name);
        for (at, guard) in transition.guards.iter().enumerate() {
            for holds in [true, false] {
                let was = seen.iter().any(|seen| seen.guards.contains(&(n, at, holds)));
                coverage
                    .guards
                    .count(was, || format!("{}: `{}` is never {holds}", name(), guard.when.text()));
            }
        }
    }
    coverage
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |what: &str, part: &Part| {
            writeln!(f, "{what:<40} {:>3} %  {} of {}", part.percent(), part.seen, part.total)
        };
        for (name, process) in &self.processes {
            line(&format!("{name}: states"), &process.states)?;
            line(&format!("{name}: transitions"), &process.transitions)?;
            line(&format!("{name}: guards both ways"), &process.guards)?;
        }
        line("rules: conditions both ways", &self.conditions)
    }
}
