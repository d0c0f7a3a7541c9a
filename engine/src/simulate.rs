//! A statechart alone, without a store: events and the clock in, configurations out.
//!
//! Time moves only by what is put in. Moving it fires the timers that came due, oldest first, each at its own
//! moment.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::effect::{Effect, Timer};
use crate::facts::{Actor, Facts, Map};
use crate::statechart::{Configuration, Statechart};
use crate::step::{self, Decision, Event, Reason};

/// Most timers that one input may fire.
const MAX_FIRED: usize = 100_000;

/// One line of input. Without an event only the clock moves.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    pub event: Option<String>,
    #[serde(default)]
    pub data: Map,
    /// Role of the sender; without it nobody is asked for a role.
    pub by: Option<String>,
    pub at: Option<DateTime<Utc>>,
}

/// One line of output.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Output {
    /// Active atomic and final states, dotted from the root, sorted.
    pub configuration: Vec<String>,
    /// `moved`, `ignored`, `refused` or `finished`.
    pub outcome: &'static str,
    pub reasons: Vec<Reason>,
    pub effects: Vec<Effect>,
}

/// An armed timer.
#[derive(Clone, Debug, PartialEq)]
pub struct Armed {
    pub id: String,
    pub event: String,
    pub data: Map,
    pub at: DateTime<Utc>,
}

/// Armed timers, in the order in which they were armed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timers(Vec<Armed>);

impl Timers {
    /// Follows the timer effects of a decision.
    pub fn apply(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Timer(Timer::Set { id, event, data, at, .. }) => {
                    self.arm(Armed { id: id.clone(), event: event.clone(), data: data.clone(), at: *at });
                }
                Effect::Timer(Timer::Cancel { id } | Timer::Pause { id, .. }) => {
                    self.disarm(id);
                }
                _ => {}
            }
        }
    }

    /// Takes out the timer that came due first, up to a moment; of two with the same moment the one armed first.
    pub fn pop_due(&mut self, until: DateTime<Utc>) -> Option<Armed> {
        let due = self.0.iter().enumerate().filter(|(_, armed)| armed.at <= until);
        let (at, _) = due.min_by_key(|(n, armed)| (armed.at, *n))?;
        Some(self.0.remove(at))
    }

    /// Arms a timer, instead of one of the same id.
    pub fn arm(&mut self, timer: Armed) {
        self.disarm(&timer.id);
        self.0.push(timer);
    }

    /// Withdraws a timer.
    pub fn disarm(&mut self, id: &str) {
        self.0.retain(|armed| armed.id != *id);
    }

    /// When the next one is due.
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.0.iter().map(|armed| armed.at).min()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Armed> {
        self.0.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A running simulation.
#[derive(Debug)]
pub struct Simulation {
    chart: Arc<Statechart>,
    configuration: Configuration,
    facts: Facts,
    timers: Timers,
}

impl Simulation {
    /// Enters the initial states. `given` holds fields and facts by their names.
    pub fn start(chart: Arc<Statechart>, given: Map, at: DateTime<Utc>) -> (Self, Output) {
        let mut facts = Facts::new(at, Actor::system());
        facts.give(&chart, given);
        let decision = step::start(&chart, &facts);
        let configuration = Configuration::default();
        let mut simulation = Self { chart, configuration, facts, timers: Timers::default() };
        let mut effects = Vec::new();
        let (outcome, reasons) = simulation.accept(decision, &mut effects);
        let output = simulation.output(outcome, reasons, effects);
        (simulation, output)
    }

    /// The chart it runs.
    pub fn chart(&self) -> &Statechart {
        &self.chart
    }

    /// Where it is.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// What the next input will find: time, fields, the world.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Moves the clock, then sends the event.
    pub fn input(&mut self, input: Input) -> Output {
        let mut effects = Vec::new();
        let mut answer = ("ignored", Vec::new());
        if let Some(at) = input.at {
            if at < self.facts.now {
                let reason = Reason::new("time_backwards").with("now", self.facts.now).with("at", at);
                return self.output("refused", vec![reason], effects);
            }
            answer = self.move_clock(at, &mut effects);
        }
        if let Some(event) = &input.event {
            self.facts.by = input.by.as_deref().map_or_else(Actor::system, Actor::role);
            self.facts.data = input.data;
            answer = self.send(&Event::external(event), &mut effects);
        }
        self.output(answer.0, answer.1, effects)
    }

    fn move_clock(&mut self, until: DateTime<Utc>, effects: &mut Vec<Effect>) -> (&'static str, Vec<Reason>) {
        let mut answer = ("ignored", Vec::new());
        for _ in 0..MAX_FIRED {
            let Some(due) = self.timers.pop_due(until) else { break };
            self.facts.now = self.facts.now.max(due.at);
            self.facts.by = Actor::system();
            self.facts.data = due.data;
            let (outcome, reasons) = self.send(&Event::system(&due.event), effects);
            if outcome != "ignored" {
                answer = (outcome, reasons);
            }
        }
        self.facts.now = until;
        answer
    }

    fn send(&mut self, event: &Event, effects: &mut Vec<Effect>) -> (&'static str, Vec<Reason>) {
        let decision = step::step(&self.chart, &self.configuration, event, &self.facts);
        self.accept(decision, effects)
    }

    fn accept(&mut self, decision: Decision, effects: &mut Vec<Effect>) -> (&'static str, Vec<Reason>) {
        let reasons = decision.outcome.reasons().to_vec();
        self.timers.apply(&decision.effects);
        self.facts.apply(&self.chart, &decision);
        effects.extend(decision.effects);
        self.configuration = decision.configuration;
        (decision.outcome.word(), reasons)
    }

    fn output(&self, outcome: &'static str, reasons: Vec<Reason>, effects: Vec<Effect>) -> Output {
        let configuration = self.chart.leaves(&self.configuration).into_iter().map(Into::into).collect();
        Output { configuration, outcome, reasons, effects }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::compile;
    use crate::definition::node::Node;
    use crate::diagnostic::Sources;

    fn start(text: &str) -> (Simulation, Output) {
        let mut sources = Sources::default();
        let id = sources.add("chart.yaml", text);
        let process = Arc::new(Node::read(id, text).unwrap().to().unwrap());
        let (chart, found) = compile(&process, &Arc::default(), &sources, true);
        assert!(found.is_empty(), "{found:#?}");
        Simulation::start(Arc::new(chart.unwrap()), Map::new(), DateTime::UNIX_EPOCH)
    }

    fn send(simulation: &mut Simulation, event: &str) -> Output {
        simulation.input(Input { event: Some(event.into()), ..Input::default() })
    }

    #[test]
    fn regions_run_side_by_side_and_their_end_is_an_event() {
        let (mut it, first) = start(
            "
initial: work
states:
  work:
    type: parallel
    states:
      a: {initial: one, states: {one: {on: {go: two}}, two: {type: final}}}
      b: {initial: one, states: {one: {on: {stop: two}}, two: {type: final}}}
    on_done: {target: over}
  over: {type: final}
",
        );
        assert_eq!(first.configuration, ["work.a.one", "work.b.one"]);
        assert_eq!(send(&mut it, "go").configuration, ["work.a.two", "work.b.one"]);
        assert_eq!(send(&mut it, "nothing").outcome, "ignored");
        let last = send(&mut it, "stop");
        assert_eq!((last.configuration, last.outcome), (vec!["over".to_owned()], "finished"));
    }

    #[test]
    fn a_timer_fires_when_the_clock_passes_it_and_is_withdrawn_on_exit() {
        let (mut it, _) = start(
            "initial: a\nstates:\n  a: {after: {90 s: b}, on: {go: c}}\n  b: {}\n  c: {on: {back: a}}\n",
        );
        let at = |s: i64| DateTime::from_timestamp(s, 0);
        assert_eq!(it.input(Input { at: at(89), ..Input::default() }).configuration, ["a"]);
        send(&mut it, "go");
        assert_eq!(it.input(Input { at: at(200), ..Input::default() }).configuration, ["c"]);
        send(&mut it, "back");
        assert_eq!(it.input(Input { at: at(289), ..Input::default() }).configuration, ["a"]);
        assert_eq!(it.input(Input { at: at(290), ..Input::default() }).configuration, ["b"]);
    }

    #[test]
    fn history_remembers_deep_and_shallow() {
        let chart = |depth: &str| {
            format!(
                "
initial: m
states:
  m:
    initial: x
    on: {{leave: away}}
    states:
      h: {{type: history, history: {depth}}}
      x: {{initial: x1, states: {{x1: {{on: {{next: x2}}}}, x2: {{}}}}}}
  away: {{on: {{back: m.h}}}}
"
            )
        };
        for (depth, expected) in [("deep", "m.x.x2"), ("shallow", "m.x.x1")] {
            let (mut it, _) = start(&chart(depth));
            for event in ["next", "leave"] {
                send(&mut it, event);
            }
            assert_eq!(send(&mut it, "back").configuration, [expected]);
        }
    }
}
