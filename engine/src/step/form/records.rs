//! A list of records as a form brings it: every part by its own type, and keys that tell the records apart.

use std::sync::Arc;

use super::expected;
use crate::facts::Value;
use crate::statechart::ChartField;
use crate::statechart::each::key_of;
use crate::step::Reason;

/// What is wrong with the records, each told with its row.
pub(super) fn misfits(field: &ChartField, value: &Value, keys: &[&str]) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for (row, record) in (1i64..).zip(value.as_list()) {
        reasons.extend(of_record(field, record).into_iter().map(|reason| reason.with("row", row)));
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

fn of_record(field: &ChartField, record: &Value) -> Vec<Reason> {
    let about = |code: &str, part: &str| {
        let reason = Reason::new(code).field(&field.name);
        reason.with("field", format!("{}.{part}", field.name).as_str())
    };
    let mut reasons = Vec::new();
    for column in &field.columns {
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
        let unknown = map.keys().filter(|name| !field.columns.iter().any(|column| column.name == **name));
        reasons.extend(unknown.map(|name| about("field_unknown", name)));
    }
    reasons
}
