//! The history, taken again through the engine from the facts kept with it: it must end where the ticket stands.

use std::sync::Arc;

use aftercare_engine::effect::Effect;
use aftercare_engine::facts::{Actor, Map, Value};
use aftercare_engine::ledger::Amount;
use aftercare_engine::statechart::{Configuration, Statechart};
use aftercare_engine::step::{self as engine, Decision, Event};

use super::Report;
use crate::app::App;
use crate::catalog::Version;
use crate::entity::{branch, payment, ticket, ticket_event};
use crate::facts::{FactSet, Moment, TicketState, facts_of, stored_fields, strip};
use crate::store::StoreError;

/// A ticket while its history is taken again.
struct Replay<'a> {
    version: &'a Version,
    home: String,
    branch: &'a branch::Model,
    ticket: ticket::Model,
    configuration: Configuration,
    lines: Vec<Value>,
    payment: Option<payment::Model>,
}

pub async fn check(
    app: &App,
    report: &mut Report,
    version: &Version,
    ticket: &ticket::Model,
    history: &[ticket_event::Model],
) -> Result<(), StoreError> {
    let Some(branch) = app.store.branch(&ticket.branch).await? else {
        report.add("orphan", ticket.code.as_str(), format!("there is no branch {}", ticket.branch));
        return Ok(());
    };
    let mut replay = Replay::begin(app, version, &branch, ticket);
    for event in history {
        let set = app.store.fact_set(&event.facts).await?;
        let subject = || format!("{}/{}", ticket.code, event.seq);
        let Some(set) = set else {
            report.add("orphan", subject(), "the facts of the step are missing");
            return Ok(());
        };
        match replay.take(event, &set) {
            Ok(None) => {}
            Ok(Some(difference)) => {
                report.add("state", subject(), difference);
                return Ok(());
            }
            Err(error) => {
                report.add("state", subject(), error.to_string());
                return Ok(());
            }
        }
    }
    let stands = (&replay.ticket.states, &replay.ticket.fields, &replay.ticket.configuration);
    if stands != (&ticket.states, &ticket.fields, &ticket.configuration) {
        report.add("state", ticket.code.as_str(), "the ticket does not stand where its history leads");
    }
    Ok(())
}

/// The ticket as it was before its first step.
fn start_of(ticket: &ticket::Model) -> ticket::Model {
    let mut start = ticket.clone();
    start.revision = 0;
    start.states = String::new();
    start.configuration = String::new();
    start.fields = "{}".into();
    start.decided = "{}".into();
    (start.lines, start.gross, start.paid) = (0, 0, 0);
    (start.technician, start.partner) = (None, None);
    // An agency given at the opening is known from the first step's facts; one assigned later comes by an effect.
    start.agency = None;
    start.children = 0;
    start
}

/// What a step of a ticket decides when its history is taken again up to it; or what came out differently before.
pub async fn decision_of(
    app: &App,
    ticket: &ticket::Model,
    seq: i64,
) -> Result<Result<Decision, String>, StoreError> {
    again(app, ticket, Some(seq), |replay, event, set| {
        replay.decide(event, set).map(|(decision, ..)| decision)
    })
    .await
}

/// The charge lines that a ticket's history leads to; or what came out differently on the way.
pub async fn lines_of(app: &App, ticket: &ticket::Model) -> Result<Result<Vec<Value>, String>, StoreError> {
    again(app, ticket, None, |replay, event, set| {
        let different = replay.take(event, set)?;
        different.map_or(Ok(replay.lines.clone()), |different| Err(StoreError::corrupt("history", different)))
    })
    .await
}

/// Takes a history again up to a step, or to its end, and asks something at the last one.
async fn again<T>(
    app: &App,
    ticket: &ticket::Model,
    up_to: Option<i64>,
    ask: impl Fn(&mut Replay<'_>, &ticket_event::Model, &str) -> Result<T, StoreError>,
) -> Result<Result<T, String>, StoreError> {
    let version = app.catalog.version(&ticket.bundle).await?;
    let branch = app.store.branch(&ticket.branch).await?;
    let branch = branch.ok_or_else(|| StoreError::corrupt("branch", &ticket.branch))?;
    let mut replay = Replay::begin(app, &version, &branch, ticket);
    let history = app.store.history(&ticket.code).await?;
    let last = up_to.or_else(|| history.last().map(|event| event.seq));
    for event in &history {
        let set = app.store.fact_set(&event.facts).await?;
        let Some(set) = set else { return Ok(Err(format!("the facts of step {} are missing", event.seq))) };
        if Some(event.seq) == last {
            return match ask(&mut replay, event, &set) {
                Err(StoreError::Corrupt { what, message }) => Ok(Err(format!("{what}: {message}"))),
                other => other.map(Ok),
            };
        }
        if let Some(different) = replay.take(event, &set)? {
            return Ok(Err(format!("step {}: {different}", event.seq)));
        }
    }
    Ok(Err("the history has no such step".to_owned()))
}

impl<'a> Replay<'a> {
    fn begin(app: &App, version: &'a Version, branch: &'a branch::Model, ticket: &ticket::Model) -> Self {
        Self {
            version,
            home: app.config.home(),
            branch,
            ticket: start_of(ticket),
            configuration: Configuration::default(),
            lines: Vec::new(),
            payment: None,
        }
    }
}

impl Replay<'_> {
    /// Takes one step again; says what came out differently.
    fn take(&mut self, event: &ticket_event::Model, set: &str) -> Result<Option<String>, StoreError> {
        let (decision, chart, before) = self.decide(event, set)?;
        self.follow(event, &chart, decision, &before)
    }

    /// What the engine decides, by which chart, and the fields before it.
    fn decide(
        &mut self,
        event: &ticket_event::Model,
        set: &str,
    ) -> Result<(Decision, Arc<Statechart>, Vec<Value>), StoreError> {
        let bad = |what| move |error: serde_json::Error| StoreError::corrupt(what, error);
        let set = FactSet::read(set)?;
        if event.seq == 1 {
            self.ticket.agency.clone_from(&set.opened_for);
        }
        let data: Map = serde_json::from_str(&event.data).map_err(bad("form"))?;
        let roles = serde_json::from_str(&event.roles).map_err(bad("roles"))?;
        let chart = self.version.chart(&self.ticket.process).cloned();
        let chart = chart.ok_or_else(|| StoreError::corrupt("process", &self.ticket.process))?;
        let currency = self.version.currency();
        let moment = Moment {
            now: event.at,
            by: Actor { name: event.actor.clone(), roles, agency: set.by_agency.clone() },
            data,
            version: self.version,
            chart: &chart,
            ticket: &self.ticket,
            branch: self.branch,
            home: &self.home,
            opened_as: None,
        };
        let state = TicketState {
            fields: stored_fields(&self.ticket, &chart)?,
            lines: self.lines.clone(),
            payment: self.payment.clone(),
            branch: self.branch,
        };
        let facts = facts_of(&moment, &set, state, &currency)?;
        let decision = if event.seq == 1 {
            engine::start(&chart, &facts)
        } else {
            let sent = match event.origin.as_str() {
                "system" => Event::system(&event.event),
                _ => Event::external(&event.event),
            };
            engine::step(&chart, &self.configuration, &sent, &facts)
        };
        Ok((decision, chart, facts.fields))
    }

    fn follow(
        &mut self,
        event: &ticket_event::Model,
        chart: &Statechart,
        decision: Decision,
        before: &[Value],
    ) -> Result<Option<String>, StoreError> {
        if decision.outcome.word() != event.outcome {
            return Ok(Some(format!("it was {}, now it is {}", event.outcome, decision.outcome.word())));
        }
        let states = chart.leaves(&decision.configuration).join(" ");
        if states != event.to_states {
            return Ok(Some(format!("it led to `{}`, now to `{states}`", event.to_states)));
        }
        let effects = serde_json::to_string(&decision.effects).unwrap_or_default();
        if effects != event.effects {
            return Ok(Some("its effects are not the same".into()));
        }
        let mut fields: Map = chart
            .fields
            .iter()
            .zip(before)
            .filter(|(_, value)| !value.is_null())
            .map(|(field, value)| (field.name.clone(), value.clone()))
            .collect();
        fields.extend(decision.fields);
        for (name, value) in &mut fields {
            strip(chart, name, value);
        }
        self.ticket.fields = serde_json::to_string(&fields).unwrap_or_default();
        self.ticket.configuration =
            serde_json::to_string(&decision.configuration.store(chart)).unwrap_or_default();
        self.ticket.states = states;
        self.ticket.revision = event.seq;
        self.ticket.updated_at = event.at;
        if let Some(lines) = decision.world.get("charges").and_then(|charges| charges.get("lines")) {
            self.lines = lines.as_list().to_vec();
        }
        for effect in &decision.effects {
            self.apply(effect, event)?;
        }
        self.configuration = decision.configuration;
        Ok(None)
    }

    /// What effects change in the ticket that later steps see.
    fn apply(&mut self, effect: &Effect, event: &ticket_event::Model) -> Result<(), StoreError> {
        match effect {
            Effect::Assign(assign) => crate::effects::assign::carry_out(assign, &mut self.ticket),
            Effect::Decision(ruling) if !ruling.into.contains('.') => {
                let mut decided = crate::facts::decided(&self.ticket)?;
                decided.insert(ruling.into.as_str().into(), ruling.value.clone());
                self.ticket.decided = serde_json::to_string(&decided).unwrap_or_default();
            }
            Effect::Payment(paid) => {
                let minor = Amount::half_up(paid.amount, &self.version.currency()).map_or(0, |a| a.minor());
                let is_in = paid.direction == aftercare_engine::definition::action::PaymentDirection::In;
                self.ticket.paid += if is_in { minor } else { -minor };
                self.payment = Some(payment::Model {
                    source: String::new(),
                    ticket: self.ticket.code.clone(),
                    seq: event.seq,
                    direction: if is_in { "in" } else { "out" }.into(),
                    amount: minor,
                    method: paid.method.clone(),
                    reference: paid.reference.clone(),
                    actor: event.actor.clone(),
                    at: event.at,
                });
            }
            _ => {}
        }
        Ok(())
    }
}
