//! `device`: new values in the device's register entry.

use std::sync::Arc;

use crate::compile::Binder;
use crate::definition::{Expression, Table};
use crate::effect::Effect;
use crate::facts::{Map, shape};
use crate::step::run::{Bound, Refusal, Run};

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
            let value = run.value_of(expression)?;
            run.set_world_key("device", key, value.clone());
            changes.insert(key.clone(), value);
        }
        run.effects.push(Effect::Device(changes));
        Ok(())
    }
}
