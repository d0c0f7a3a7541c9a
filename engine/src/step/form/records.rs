//! A list of records as a form brings it: every part by its own type, and keys that tell the records apart.

use std::sync::Arc;

use super::expected;
use crate::facts::Value;
use crate::statechart::each::key_of;
use crate::statechart::{ChartField, FormEntry};
use crate::step::Reason;
use crate::step::run::{Refusal, Run};
use crate::step::select::{self, located};

/// Whether its rows are given and not made by whoever fills in the form.
pub(super) fn has_fixed(field: &ChartField) -> bool {
    field.columns.iter().any(is_fixed)
}

fn is_fixed(column: &ChartField) -> bool {
    column.field.as_ref().is_some_and(|definition| definition.fixed)
}

/// The rows that the form begins with, and over them what was sent: as many rows, in the same order, with the same
/// fixed parts. These may be left out.
pub(super) fn laid_over(field: &ChartField, rows: &Value, sent: Value) -> Result<Value, Reason> {
    let Value::List(mut sent) = sent else { return Ok(sent) };
    let others = || {
        let count = i64::try_from(rows.as_list().len()).unwrap_or(i64::MAX);
        Reason::new("rows_are_given").field(&field.name).with("count", count)
    };
    if sent.len() != rows.as_list().len() {
        return Err(others());
    }
    for (row, record) in rows.as_list().iter().zip(&mut sent) {
        let Value::Map(record) = record else { continue };
        for column in field.columns.iter().filter(|column| is_fixed(column)) {
            let given = row.get(&column.name).cloned().unwrap_or_default();
            match record.get(&column.name) {
                None | Some(Value::Null) => drop(record.insert(column.name.clone(), given)),
                Some(told) if *told == given => {}
                Some(_) => return Err(others()),
            }
        }
    }
    Ok(Value::List(sent))
}

/// What is wrong with the records, each told with its row.
pub(super) fn misfits(entry: &FormEntry, field: &ChartField, value: &Value, keys: &[&str]) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for (row, record) in (1i64..).zip(value.as_list()) {
        reasons.extend(of_record(entry, field, record).into_iter().map(|reason| reason.with("row", row)));
    }
    for key in keys {
        let mut known: Vec<Arc<str>> = Vec::new();
        for (row, record) in (1i64..).zip(value.as_list()) {
            match key_of(record, key).filter(|one| !known.contains(one)) {
                Some(one) => known.push(one),
                None => {
                    let value = record.get(key).cloned().unwrap_or_default();
                    let reason = Reason::new("key_not_unique").field(&field.name).with("row", row);
                    reasons.push(reason.with("key", *key).with("value", value));
                }
            }
        }
    }
    reasons
}

/// The checks that a record does not meet, each told with its row.
pub(super) fn unmet(
    run: &Run<'_>,
    field: &ChartField,
    records: &Value,
    data: &Value,
) -> Result<Vec<Reason>, Refusal> {
    let mut reasons = Vec::new();
    for (row, record) in (1i64..).zip(records.as_list()) {
        for check in &field.checks {
            let locals = [("row", record)];
            let eyes = run.eyes(&check.states, &locals).with_data(data);
            if !check.when.holds(&eyes).map_err(|error| located(check, error))? {
                reasons.push(select::unmet(&eyes, check).field(&field.name).with("row", row));
            }
        }
    }
    Ok(reasons)
}

fn of_record(entry: &FormEntry, field: &ChartField, record: &Value) -> Vec<Reason> {
    let about = |code: &str, part: &str| {
        let reason = Reason::new(code).field(&field.name);
        reason.with("field", format!("{}.{part}", field.name).as_str())
    };
    let mut reasons = Vec::new();
    let asked = || field.columns.iter().filter(|column| entry.asks(&column.name) || is_fixed(column));
    for column in asked() {
        let Some(definition) = &column.field else { continue };
        match record.get(&column.name) {
            None | Some(Value::Null) if definition.required => {
                reasons.push(about("field_required", &column.name));
            }
            None | Some(Value::Null) => {}
            Some(value) => {
                let expected = expected(definition, value);
                let wrong = expected.map(|word| about("field_invalid", &column.name).with("expected", word));
                reasons.extend(wrong);
            }
        }
    }
    if let Value::Map(map) = record {
        // A part that is not asked for here may stand there empty.
        let is_empty = |name: &Arc<str>, value: &Value| {
            value.is_null() && field.columns.iter().any(|column| column.name == *name)
        };
        let sent = map.iter().filter(|(name, value)| !is_empty(name, value)).map(|(name, _)| name);
        let unknown = sent.filter(|name| !asked().any(|column| column.name == **name));
        reasons.extend(unknown.map(|name| about("field_unknown", name)));
    }
    reasons
}
