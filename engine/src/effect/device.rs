//! `device`: new values in the device's register entry.

use std::sync::Arc;

use crate::compile::Binder;
use crate::definition::{Expression, Table};
use crate::effect::Effect;
use crate::facts::{Map, Value, shape};
use crate::step::eyes::Bound;
use crate::step::run::{Refusal, Run};

#[derive(Debug)]
pub struct Action {
    values: Vec<(Arc<str>, Bound)>,
}

impl Action {
    pub(super) fn bind(values: &Table<Expression>, binder: &mut Binder<'_>) -> Self {
        Self { values: binder.entries(values, "device", shape::DEVICE, &[]) }
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        let mut changes = Map::new();
        for (key, expression) in &self.values {
            let value = typed(key, run.value_of(expression)?);
            run.set_world_key("device", key, value.clone());
            changes.insert(key.clone(), value);
        }
        run.effects.push(Effect::Device(changes));
        Ok(())
    }
}

/// Read by the register's own types: what a ticket has kept in a field of any shape has none.
fn typed(key: &str, value: Value) -> Value {
    let known = shape::DEVICE.iter().find(|entry| entry.name == key);
    match known {
        Some(entry) => entry.kind.decode(value),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_fitted_parts_are_days_although_a_field_has_kept_them_as_texts() {
        let part = Map::from([("code".into(), "FAN".into()), ("fitted_on".into(), "2026-11-23".into())]);
        let read = typed("fitted", Value::List(vec![Value::Map(part)]));
        let day = read.as_list().first().and_then(|part| part.get("fitted_on")?.as_date());
        assert_eq!(day.map(|day| day.to_string()).as_deref(), Some("2026-11-23"));
        assert_eq!(typed("status", "sold".into()), Value::text("sold"));
    }
}
