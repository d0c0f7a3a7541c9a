//! A story while it runs: the ticket that it is about, and those that this one opens.
//!
//! Tickets tell one another what became of them between two steps, as the server's workers do.

use chrono::{DateTime, Utc};

use super::observed::Observed;
use super::world::World;
use super::{MAX_FIRED, Report, Scene, moment};
use crate::bundle::Bundle;
use crate::definition::scenario::{Expect, Scenario, Step};
use crate::diagnostic::{Diagnostic, Place, Sp};
use crate::effect::child::Opening;
use crate::effect::{Child, Effect};
use crate::facts::words::FILE_KINDS;
use crate::facts::{Actor, Map, Value};
use crate::interface::CANCEL;
use crate::simulate::{Armed, Timers};
use crate::statechart::{Configuration, Statechart};
use crate::step::{self, Decision, Event, Outcome, Reason};

/// How deep tickets may open tickets in one step.
const MAX_DEPTH: usize = 4;

/// A ticket of the story.
struct Told<'b> {
    /// What the ticket that opened it calls it; empty for the first.
    name: String,
    chart: &'b Statechart,
    world: World<'b>,
    configuration: Configuration,
    timers: Timers,
    /// What came since somebody looked.
    effects: Vec<Effect>,
    outcome: Outcome,
    looked: bool,
    /// Who waits for it.
    awaited_by: Option<usize>,
}

impl Told<'_> {
    /// What comes now has not been looked at.
    fn anew(&mut self) {
        if std::mem::take(&mut self.looked) {
            self.effects.clear();
            self.outcome = Outcome::Ignored;
        }
    }
}

/// A ticket that is about to be opened, with those that it opens itself.
struct Begun<'b> {
    chart: &'b Statechart,
    world: World<'b>,
    decision: Decision,
    children: Children<'b>,
}

type Children<'b> = Vec<(Opening, Result<Begun<'b>, Vec<Reason>>)>;

pub(super) struct Story<'b, 'r> {
    bundle: &'b Bundle,
    tickets: Vec<Told<'b>>,
    /// Somebody has been told something that has not arrived yet.
    is_told: bool,
    report: &'r mut Report,
    /// Somebody who sees every decision.
    look: &'r mut dyn FnMut(Scene<'_>),
}

impl<'b, 'r> Story<'b, 'r> {
    pub(super) fn new(
        bundle: &'b Bundle,
        chart: &'b Statechart,
        world: World<'b>,
        report: &'r mut Report,
        look: &'r mut dyn FnMut(Scene<'_>),
    ) -> Self {
        let mut story = Self { bundle, tickets: Vec::new(), is_told: false, report, look };
        story.add(String::new(), chart, world, None);
        story
    }

    fn add(&mut self, name: String, chart: &'b Statechart, world: World<'b>, awaited_by: Option<usize>) {
        self.tickets.push(Told {
            name,
            chart,
            world,
            configuration: Configuration::default(),
            timers: Timers::default(),
            effects: Vec::new(),
            outcome: Outcome::Ignored,
            looked: false,
            awaited_by,
        });
    }

    /// Opens the ticket; false: it was refused.
    pub(super) fn open(&mut self, scenario: &Scenario) -> bool {
        let step = scenario.open.as_ref();
        let by = step.and_then(|step| step.by.as_ref());
        let data = step.map(|step| step.data.clone()).unwrap_or_default();
        let Some(ticket) = self.tickets.first_mut() else { return false };
        let actor = ticket.world.actor(by);
        ticket.world.prepare(actor, data);
        let mut decision = step::start(ticket.chart, &ticket.world.facts);
        let unknown = ticket.world.unknown();
        if decision.outcome.reasons().is_empty() && !unknown.is_empty() {
            decision = Decision::refused(Configuration::default(), unknown);
        }
        self.accept(0, decision);
        let expected = step.and_then(|step| step.expect.as_ref());
        self.judge(0, "open", step.map_or(scenario.process.place, |step| step.place), expected, true);
        self.look_away(0);
        !self.tickets.first().is_some_and(|ticket| matches!(ticket.outcome, Outcome::Refused(_)))
    }

    pub(super) fn step(&mut self, n: usize, step: &Sp<Step>) {
        let event = step.event.as_ref().map_or("time passes", |event| event.value.as_str());
        let name = format!("step {n} `{event}`");
        let Some(at) = self.addressed(step) else { return };
        let Some(ticket) = self.tickets.get_mut(at) else { return };
        ticket.anew();
        match moment(step, ticket.world.facts.now, &ticket.world.facts.calendar) {
            Ok(Some(until)) => self.pass_time(&name, step.place, until),
            Ok(None) => {}
            Err(wrong) => self.report.found.push(*wrong),
        }
        for kind in &step.files {
            self.attach(at, kind);
        }
        if let Some(event) = &step.event {
            let Some(ticket) = self.tickets.get_mut(at) else { return };
            let actor = ticket.world.actor(step.by.as_ref());
            // The outcome is that of the event, not of a timer that fired on the way to it.
            ticket.outcome = Outcome::Ignored;
            self.send(at, actor, step.data.clone(), &Event::external(&event.value));
        }
        if step.event.is_some() || step.expect.is_some() {
            self.judge(at, &name, step.place, step.expect.as_ref(), step.event.is_some());
        }
        self.look_away(at);
        self.tell(&name, step.place);
    }

    /// Puts a file to a ticket.
    fn attach(&mut self, at: usize, kind: &Sp<String>) {
        if !FILE_KINDS.contains(&kind.value.as_str()) {
            let message = format!("there is no kind of file `{}`", kind.value);
            let wrong = Diagnostic::error("AC0701", kind.place, message).label("no such kind");
            self.report.found.push(wrong.nearest("kind", &kind.value, FILE_KINDS.iter().copied()));
        } else if let Some(ticket) = self.tickets.get_mut(at) {
            ticket.world.attach(&kind.value);
        }
    }

    /// The ticket that a step is about: the last one of that name.
    fn addressed(&mut self, step: &Sp<Step>) -> Option<usize> {
        let Some(on) = &step.on else { return Some(0) };
        let at = self.tickets.iter().rposition(|ticket| ticket.name == on.value);
        if at.is_none() {
            let message = format!("no ticket `{}` has been opened so far", on.value);
            let names =
                self.tickets.iter().map(|ticket| ticket.name.as_str()).filter(|name| !name.is_empty());
            let wrong = Diagnostic::error("AC0701", on.place, message).label("no such ticket");
            self.report.found.push(wrong.nearest("ticket", &on.value, names));
        }
        at
    }

    fn look_away(&mut self, at: usize) {
        if let Some(ticket) = self.tickets.get_mut(at) {
            ticket.looked = true;
        }
    }

    /// What tickets have told one another arrives.
    pub(super) fn tell(&mut self, name: &str, place: Place) {
        let now = self.tickets.first().map(|ticket| ticket.world.facts.now);
        if let Some(now) = now.filter(|_| self.is_told) {
            self.pass_time(name, place, now);
        }
        self.is_told = false;
    }

    /// Moves the clock; what came due on the way fires, each at its own moment.
    fn pass_time(&mut self, name: &str, place: Place, until: DateTime<Utc>) {
        for _ in 0..MAX_FIRED {
            let due = self.tickets.iter().enumerate().filter_map(|(n, one)| Some((one.timers.next()?, n)));
            let Some((_, at)) = due.filter(|(due, _)| *due <= until).min() else { break };
            let Some(due) = self.tickets.get_mut(at).and_then(|one| one.timers.pop_due(until)) else { break };
            self.tickets.iter_mut().for_each(|one| one.world.facts.now = one.world.facts.now.max(due.at));
            self.send(at, Actor::system(), due.data, &Event::system(&due.event));
            let Some(ticket) = self.tickets.get(at) else { break };
            if let Outcome::Refused(reasons) = &ticket.outcome {
                let codes: Vec<&str> = reasons.iter().map(|reason| reason.code.as_str()).collect();
                let message =
                    format!("{name}: the timer `{}` is refused: `{}`", due.event, codes.join("`, `"));
                self.report.found.push(Diagnostic::error("AC0702", place, message));
            }
        }
        self.tickets.iter_mut().for_each(|one| one.world.facts.now = until);
    }

    fn send(&mut self, at: usize, actor: Actor, data: Map, event: &Event) {
        let links = self.links(at);
        let Some(ticket) = self.tickets.get_mut(at) else { return };
        ticket.world.link(links);
        ticket.world.prepare(actor, data);
        let mut decision = step::step(ticket.chart, &ticket.configuration, event, &ticket.world.facts);
        let unknown = ticket.world.unknown();
        if decision.outcome.reasons().is_empty()
            && decision.outcome != Outcome::Ignored
            && !unknown.is_empty()
        {
            decision = Decision::refused(ticket.configuration.clone(), unknown);
        }
        self.accept(at, decision);
    }

    /// The tickets that one has opened, as it sees them.
    fn links(&self, at: usize) -> Value {
        let Some(ticket) = self.tickets.get(at) else { return Value::Null };
        let code = ticket.world.fact("ticket.code");
        let opened = self.tickets.iter().filter(|one| one.world.fact("ticket.parent") == code);
        Value::List(
            opened
                .map(|one| {
                    let entries: [(&str, Value); 4] = [
                        ("ticket", one.world.fact("ticket.code")),
                        ("process", Value::text(one.chart.name.as_str())),
                        ("name", Value::text(one.name.as_str())),
                        ("finished", one.configuration.is_finished().into()),
                    ];
                    Value::Map(entries.into_iter().map(|(name, value)| (name.into(), value)).collect())
                })
                .collect(),
        )
    }

    /// Takes a decision over, and opens the tickets that it asks for; if one of them cannot be opened and nobody
    /// waits for it, the step is refused as a whole.
    fn accept(&mut self, at: usize, mut decision: Decision) {
        let Some(ticket) = self.tickets.get(at) else { return };
        let mut after = ticket.world.clone();
        after.apply(ticket.chart, &decision);
        let children = match children(self.bundle, &after, &decision.effects, 0) {
            Ok(children) => children,
            Err(reasons) => {
                let configuration = ticket.configuration.clone();
                decision = Decision::refused(configuration, reasons);
                after = ticket.world.clone();
                Vec::new()
            }
        };
        self.take_over(at, after, decision, children);
    }

    fn take_over(&mut self, at: usize, after: World<'b>, decision: Decision, children: Children<'b>) {
        for (_, other) in self.tickets.iter_mut().enumerate().filter(|(n, _)| *n != at) {
            other.world.follow(&after, &decision);
        }
        let Some(ticket) = self.tickets.get_mut(at) else { return };
        self.report.note(at == 0, ticket.chart, &decision);
        ticket.anew();
        ticket.world = after;
        ticket.timers.apply(&decision.effects);
        ticket.configuration = decision.configuration;
        (self.look)(Scene {
            ticket: at,
            chart: ticket.chart,
            effects: &decision.effects,
            configuration: &ticket.configuration,
            timers: &ticket.timers,
            facts: &ticket.world.facts,
        });
        // A timer that nobody waits for any more changes nothing about what the step brought.
        let finished = decision.outcome == Outcome::Finished;
        if decision.outcome != Outcome::Ignored || ticket.outcome == Outcome::Ignored {
            ticket.outcome = decision.outcome;
        }
        let waiting = ticket.awaited_by.filter(|_| finished);
        for (opening, begun) in children {
            self.adopt(at, &opening, begun);
        }
        for effect in &decision.effects {
            if let Effect::Child(Child::Cancel { invoke }) = effect {
                self.call_off(at, invoke);
            }
        }
        if let Some(waiting) = waiting {
            self.done(at, waiting, &decision.effects);
        }
        if let Some(ticket) = self.tickets.get_mut(at) {
            ticket.effects.extend(decision.effects);
        }
    }

    fn adopt(&mut self, parent: usize, opening: &Opening, begun: Result<Begun<'b>, Vec<Reason>>) {
        match begun {
            Ok(Begun { chart, mut world, decision, children }) => {
                let code = format!("T-{}", self.tickets.len() + 1);
                world.name(&code);
                let waiting = opening.invoke.is_some().then_some(parent);
                self.add(opening.name().to_owned(), chart, world.clone(), waiting);
                let at = self.tickets.len() - 1;
                world.apply(chart, &decision);
                self.take_over(at, world, decision, children);
            }
            Err(reasons) => {
                let codes = reasons.iter().map(|reason| Value::text(reason.code.as_str())).collect();
                let data = Map::from([
                    ("process".into(), Value::text(opening.process.as_str())),
                    ("reasons".into(), Value::List(codes)),
                ]);
                self.bring(parent, opening.name(), "error.invoke", data);
            }
        }
    }

    /// An awaited ticket has ended.
    fn done(&mut self, at: usize, parent: usize, effects: &[Effect]) {
        let output = effects.iter().rev().find_map(|effect| match effect {
            Effect::Output(output) => Some(output.clone()),
            _ => None,
        });
        let Some(ticket) = self.tickets.get_mut(at) else { return };
        ticket.awaited_by = None;
        let name = ticket.name.clone();
        self.bring(parent, &name, "done.invoke", output.unwrap_or_default());
    }

    /// Leaves an answer for the ticket that waits.
    fn bring(&mut self, parent: usize, invoke: &str, kind: &str, data: Map) {
        let Some(ticket) = self.tickets.get_mut(parent) else { return };
        let at = ticket.world.facts.now;
        let (id, event) = (format!("$invoke.{invoke}"), format!("{kind}.{invoke}"));
        ticket.timers.arm(Armed { id, event, data, at });
        self.is_told = true;
    }

    /// Nobody waits any more: the ticket learns it, unless its answer is already on the way.
    fn call_off(&mut self, parent: usize, invoke: &str) {
        let child =
            self.tickets.iter_mut().rfind(|one| one.name == *invoke && one.awaited_by == Some(parent));
        if let Some(child) = child {
            child.awaited_by = None;
            let at = child.world.facts.now;
            child.timers.arm(Armed { id: CANCEL.into(), event: CANCEL.into(), data: Map::new(), at });
            self.is_told = true;
        } else if let Some(ticket) = self.tickets.get_mut(parent) {
            ticket.timers.disarm(&format!("$invoke.{invoke}"));
        }
    }

    /// Without anything expected, a step must at least not be refused or ignored.
    fn judge(&mut self, at: usize, name: &str, place: Place, expected: Option<&Sp<Expect>>, is_sent: bool) {
        let default = Sp::new(Expect::default(), place);
        self.compare(at, name, expected.unwrap_or(&default), is_sent);
    }

    pub(super) fn compare(&mut self, at: usize, name: &str, expected: &Sp<Expect>, is_sent: bool) {
        let links = self.links(at);
        let Some(ticket) = self.tickets.get(at) else { return };
        let mut world = ticket.world.clone();
        world.link(links);
        let mut seen = Observed {
            outcome: ticket.outcome.word(),
            reasons: ticket.outcome.reasons(),
            is_sent,
            leaves: ticket.chart.leaves(&ticket.configuration).into_iter().map(Into::into).collect(),
            fact: &|name| world.fact(name),
            rulings: Vec::new(),
            messages: Vec::new(),
            tasks: Vec::new(),
            vouchers: Vec::new(),
            timers: ticket.timers.iter().map(|timer| (timer.event.clone(), timer.at)).collect(),
            effects: Vec::new(),
        };
        seen.note(&ticket.effects);
        let differences = seen.compare(name, expected);
        self.report.found.extend(differences);
    }
}

/// Starts the tickets that a step opens; in vain when one of them that nobody waits for cannot be opened.
fn children<'b>(
    bundle: &'b Bundle,
    opener: &World<'b>,
    effects: &[Effect],
    depth: usize,
) -> Result<Children<'b>, Vec<Reason>> {
    let mut children = Vec::new();
    for effect in effects {
        let Effect::Child(Child::Open(opening)) = effect else { continue };
        let begun = begin(bundle, opener, opening, depth);
        if let (Err(reasons), None) = (&begun, &opening.invoke) {
            return Err(reasons.clone());
        }
        children.push((opening.clone(), begun));
    }
    Ok(children)
}

fn begin<'b>(
    bundle: &'b Bundle,
    opener: &World<'b>,
    opening: &Opening,
    depth: usize,
) -> Result<Begun<'b>, Vec<Reason>> {
    if depth >= MAX_DEPTH {
        return Err(vec![Reason::new("endless").with("limit", i64::try_from(MAX_DEPTH).unwrap_or(0))]);
    }
    let chart = bundle.chart(&opening.process);
    let chart = chart.ok_or_else(|| vec![Reason::new("unknown_process").field("process")])?;
    let mut world = opener.of_child(chart, opening).map_err(|reason| vec![reason])?;
    world.prepare(Actor::system(), opening.input.clone());
    let decision = step::start(chart, &world.facts);
    if let Outcome::Refused(reasons) = decision.outcome {
        return Err(reasons);
    }
    let mut after = world.clone();
    after.apply(chart, &decision);
    let children = children(bundle, &after, &decision.effects, depth + 1)?;
    Ok(Begun { chart, world, decision, children })
}
