//! Facts from the ticket itself.

use std::sync::Arc;

use aftercare_engine::facts::{Map, Value};
use aftercare_engine::ledger::{Currency, amount};
use aftercare_engine::statechart::Statechart;

use super::FactSet;
use crate::catalog::Version;
use crate::entity;
use crate::store::StoreError;
use crate::store::read::family::Opened;

/// The fact `ticket`.
pub fn fact(
    ticket: &entity::ticket::Model,
    branch: &entity::branch::Model,
    home: &str,
    set: &FactSet,
) -> Value {
    let text = |text: &str| Value::text(text);
    let entries: [(&str, Value); 15] = [
        ("code", text(&ticket.code)),
        ("process", text(&ticket.process)),
        ("branch", text(&ticket.branch)),
        ("warehouse", branch.warehouse.as_deref().into()),
        ("channel", text(&ticket.channel)),
        ("opened_at", ticket.opened_at.into()),
        ("opened_by", text(&ticket.opened_by)),
        ("technician", ticket.technician.as_deref().into()),
        ("agency", ticket.agency.as_deref().into()),
        ("partner", ticket.partner.as_deref().into()),
        ("revision", ticket.revision.into()),
        ("link", Value::text(format!("{}/track/{}", home.trim_end_matches('/'), ticket.code))),
        ("parent", ticket.parent.as_deref().into()),
        ("opened_as", set.opened_as.as_deref().into()),
        ("van", set.van.as_deref().into()),
    ];
    Value::Map(entries.into_iter().map(|(name, value)| (Arc::from(name), value)).collect())
}

/// The fact `links`: the tickets that this one has opened.
pub fn links(opened: &[Opened]) -> Value {
    let link = |one: &Opened| {
        let entries: [(&str, Value); 4] = [
            ("ticket", Value::text(one.ticket.as_str())),
            ("process", Value::text(one.process.as_str())),
            ("name", Value::text(one.name())),
            ("finished", one.finished.into()),
        ];
        Value::Map(entries.into_iter().map(|(name, value)| (Arc::from(name), value)).collect())
    };
    Value::List(opened.iter().map(link).collect())
}

/// The fact `others`: tickets about the same device.
pub fn others(rows: &[entity::ticket::Model], version: &Version) -> Value {
    let other = |row: &entity::ticket::Model| {
        let entries: [(&str, Value); 6] = [
            ("ticket", Value::text(row.code.as_str())),
            ("process", Value::text(row.process.as_str())),
            ("agency", row.agency.as_deref().into()),
            ("opened_on", version.day(row.opened_at).into()),
            ("category", row.category.as_deref().into()),
            ("finished", row.finished.into()),
        ];
        Value::Map(entries.into_iter().map(|(name, value)| (Arc::from(name), value)).collect())
    };
    Value::List(rows.iter().map(other).collect())
}

/// The fact `files`: what was put to the ticket, by kind and name.
pub fn files(files: &[(String, String)]) -> Value {
    let file = |(kind, name): &(String, String)| {
        let entries = [("kind", Value::text(kind.as_str())), ("name", Value::text(name.as_str()))];
        Value::Map(entries.into_iter().map(|(name, value)| (Arc::from(name), value)).collect())
    };
    Value::List(files.iter().map(file).collect())
}

/// The fact `payment`.
pub fn payment(row: &entity::payment::Model, currency: &Currency) -> Value {
    let entries: [(&str, Value); 4] = [
        ("amount", Value::Decimal(amount::decimal(row.amount, currency))),
        ("direction", Value::text(row.direction.as_str())),
        ("method", Value::text(row.method.as_str())),
        ("reference", row.reference.as_deref().into()),
    ];
    Value::Map(entries.into_iter().map(|(name, value)| (Arc::from(name), value)).collect())
}

/// The ticket's fields in the order of the chart's.
pub fn fields(ticket: &entity::ticket::Model, chart: &Statechart) -> Result<Vec<Value>, StoreError> {
    let mut stored = map("fields", &ticket.fields)?;
    Ok(chart
        .fields
        .iter()
        .map(|field| stored.remove(&field.name).map(|value| field.decode(value)).unwrap_or_default())
        .collect())
}

/// Facts that rules have decided for this ticket.
pub fn decided(ticket: &entity::ticket::Model) -> Result<Map, StoreError> {
    map("decisions", &ticket.decided)
}

fn map(what: &'static str, json: &str) -> Result<Map, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::corrupt(what, error))
}
