//! From the engine's decision to the rows of one step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aftercare_engine::definition::field::FieldType;
use aftercare_engine::facts::{Map, Value};
use aftercare_engine::ledger::Currency;
use aftercare_engine::ledger::amount::decimal;
use aftercare_engine::statechart::ChartField;
use aftercare_engine::step::Decision;
use serde_json::json;

use super::{Look, place};
use crate::effects::{self, Context, json as text};
use crate::entity::{document, fact_set, ticket, ticket_asked, ticket_event};
use crate::facts::{customer_fact, strip};
use crate::store::step::{Family, Numbering, StepWrite};
use crate::store::{StoreError, chain};

/// The rows of a step that was taken.
pub(super) async fn prepare(
    look: &Look,
    event: &str,
    decision: Decision,
) -> Result<Box<StepWrite>, StoreError> {
    let facts = &look.assembled.facts;
    let mut world = facts.world.clone();
    for (name, value) in &decision.world {
        world.insert(name.clone(), Arc::new(value.clone()));
    }
    let fields = fields_after(look, &decision);
    let mut ticket = ticket_after(look, &decision, &fields)?;
    known_holder(look, &mut ticket, &mut world).await?;
    let set = text("facts", &look.assembled.set)?;
    let row = event_row(look, event, &decision, &ticket, chain::hash(&set))?;
    let context = Context {
        store: &look.store,
        version: &look.version,
        branch: &look.branch,
        assembled: &look.assembled,
        world: &world,
        fields: &fields,
        currency: look.version.currency(),
    };
    let mut step = Box::new(blank(ticket, row, set, look));
    step.asked = asked(look, &fields, &step.ticket);
    effects::carry_out(&context, &decision.effects, &mut step).await?;
    if step.ticket.finished && step.ticket.parent.is_some() {
        step.family.gives.get_or_insert_with(|| "{}".into());
    }
    step.answer = answer(&step, decision.outcome.word(), &context.currency);
    Ok(step)
}

/// A ticket about a device without an owner becomes its holder's, as soon as the card has one.
async fn known_holder(
    look: &Look,
    ticket: &mut ticket::Model,
    world: &mut BTreeMap<Arc<str>, Arc<Value>>,
) -> Result<(), StoreError> {
    let holder = world.get("card").and_then(|card| card.get("holder")?.as_text().map(str::to_owned));
    let (None, Some(holder)) = (&ticket.customer, holder) else { return Ok(()) };
    if let Some(customer) = look.store.customer(&holder).await? {
        world.insert("customer".into(), Arc::new(customer_fact(&customer)));
        ticket.customer = Some(holder);
    }
    Ok(())
}

/// The fields after the step by name, absent ones left out.
fn fields_after(look: &Look, decision: &Decision) -> Map {
    let before = look.chart.fields.iter().zip(&look.assembled.facts.fields);
    let mut fields: Map = before
        .filter(|(_, value)| !value.is_null())
        .map(|(field, value)| (field.name.clone(), value.clone()))
        .collect();
    fields.extend(decision.fields.iter().map(|(name, value)| (name.clone(), value.clone())));
    fields
}

/// Fields as they are stored: without the registers' entries in their lines.
fn stored(look: &Look, fields: &BTreeMap<Arc<str>, Value>) -> Result<String, StoreError> {
    let mut fields = fields.clone();
    for (name, value) in &mut fields {
        strip(&look.chart, name, value);
    }
    text("fields", &fields)
}

/// Agencies that stand in records which a state goes through one by one, and did not before: each is asked something,
/// and has to see what it is about.
fn asked(look: &Look, fields: &Map, ticket: &ticket::Model) -> Vec<ticket_asked::Model> {
    let mut asked = Vec::new();
    for (n, list) in look.chart.fields.iter().enumerate().filter(|(_, one)| !one.columns.is_empty()) {
        if look.chart.each_of_field(list).is_none() {
            continue;
        }
        let before = look.assembled.facts.fields.get(n).map(|before| agencies(list, before));
        let now = fields.get(&list.name).map(|now| agencies(list, now)).unwrap_or_default();
        let new = now.into_iter().filter(|code| !before.as_ref().is_some_and(|before| before.contains(code)));
        asked.extend(new.map(|agency| ticket_asked::Model {
            ticket: ticket.code.clone(),
            agency,
            at: ticket.updated_at,
        }));
    }
    asked
}

/// Codes of the agencies and partners in a list of records.
fn agencies(list: &ChartField, records: &Value) -> BTreeSet<String> {
    let is_agency = |column: &&ChartField| {
        let kind = column.field.as_ref().map(|field| field.r#type.value);
        matches!(kind, Some(FieldType::Agency | FieldType::Partner))
    };
    let columns: Vec<&ChartField> = list.columns.iter().filter(is_agency).collect();
    let codes =
        records.as_list().iter().flat_map(|record| columns.iter().map(|column| record.get(&column.name)));
    codes.flatten().filter_map(Value::as_text).map(str::to_owned).collect()
}

fn ticket_after(look: &Look, decision: &Decision, fields: &Map) -> Result<ticket::Model, StoreError> {
    let (chart, configuration) = (&look.chart, &decision.configuration);
    let now = look.assembled.facts.now;
    let mut ticket = look.ticket.clone();
    ticket.revision += 1;
    ticket.configuration = text("configuration", &configuration.store(chart))?;
    ticket.fields = stored(look, fields)?;
    ticket.states = place::states(chart, configuration);
    ticket.progress = place::progress(chart, configuration);
    ticket.category = place::category(chart, configuration);
    ticket.finished = configuration.is_finished();
    ticket.closed_at = ticket.finished.then_some(now);
    ticket.updated_at = now;
    if let Some(timer) = &look.fired {
        without_timer(&mut ticket, timer)?;
    }
    Ok(ticket)
}

/// The ticket waits for a timer no longer.
pub(super) fn without_timer(ticket: &mut ticket::Model, timer: &str) -> Result<(), StoreError> {
    let mut armed = effects::timer::armed(&ticket.timers)?;
    armed.remove(timer);
    ticket.timers = text("timers", &armed)?;
    ticket.due_at = armed.values().flatten().min().copied();
    Ok(())
}

fn event_row(
    look: &Look,
    event: &str,
    decision: &Decision,
    ticket: &ticket::Model,
    facts: String,
) -> Result<ticket_event::Model, StoreError> {
    let by = &look.assembled.facts.by;
    Ok(ticket_event::Model {
        ticket: ticket.code.clone(),
        seq: ticket.revision,
        at: look.assembled.facts.now,
        actor: by.name.clone(),
        roles: text("roles", &by.roles)?,
        origin: if by.is_system() { "system" } else { "person" }.into(),
        event: event.to_owned(),
        data: text("form", &look.data)?,
        outcome: decision.outcome.word().to_owned(),
        from_states: look.ticket.states.clone(),
        to_states: ticket.states.clone(),
        fields: stored(look, &decision.fields)?,
        trace: text("trace", &decision.trace.in_names(&look.chart))?,
        effects: text("effects", &decision.effects)?,
        facts,
        bundle: ticket.bundle.clone(),
        prev_hash: look.ticket.head.clone(),
        hash: String::new(),
    })
}

fn blank(ticket: ticket::Model, event: ticket_event::Model, set: String, look: &Look) -> StepWrite {
    StepWrite {
        facts: fact_set::Model { hash: event.facts.clone(), body: set },
        timers_before: look.ticket.timers.clone(),
        ticket,
        event,
        changes: Vec::new(),
        opening: None,
        charges: Vec::new(),
        uncharged: Vec::new(),
        decisions: Vec::new(),
        payments: Vec::new(),
        documents: Vec::new(),
        vouchers: Vec::new(),
        moves: Vec::new(),
        tasks: Vec::new(),
        timers: Vec::new(),
        outbox: Vec::new(),
        incidents: Vec::new(),
        cards: Vec::new(),
        devices: Vec::new(),
        fitted: Vec::new(),
        asked: Vec::new(),
        fired: None,
        owed: None,
        family: Family::default(),
        key: None,
        answer: serde_json::Map::new(),
    }
}

/// What the caller is told; documents and cards add their numbers when they have them.
fn answer(
    step: &StepWrite,
    outcome: &str,
    currency: &Currency,
) -> serde_json::Map<String, serde_json::Value> {
    let ticket = &step.ticket;
    let states: Vec<&str> = ticket.states.split_whitespace().collect();
    let answer = json!({
        "code": ticket.code,
        "process": ticket.process,
        "outcome": outcome,
        "revision": ticket.revision,
        "states": states,
        "progress": ticket.progress,
        "category": ticket.category,
        "finished": ticket.finished,
        "due_at": ticket.due_at,
    });
    let mut answer = match answer {
        serde_json::Value::Object(map) => map,
        _ => serde_json::Map::new(),
    };
    answer.retain(|_, value| !value.is_null());
    if !step.documents.is_empty() {
        let told = |(_, row): &(Numbering, document::Model)| json!({"series": row.series, "gross": decimal(row.gross, currency).to_string()});
        answer.insert("documents".into(), step.documents.iter().map(told).collect());
    }
    answer
}
