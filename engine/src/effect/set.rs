//! `set`: values into the ticket's fields, or inside `each` into the record at hand, one after the other.

use crate::compile::Binder;
use crate::definition::{Expression, Table};
use crate::effect::slot::Slot;
use crate::step::eyes::Bound;
use crate::step::run::{Refusal, Run};

#[derive(Debug)]
pub struct Action {
    values: Vec<(Slot, Bound)>,
}

impl Action {
    pub(super) fn bind(fields: &Table<Expression>, binder: &mut Binder<'_>) -> Self {
        let bound = |(name, expression)| {
            Some((binder.slot_to_set(name)?, binder.field_value(&name.value, expression)?))
        };
        Self { values: fields.iter().filter_map(bound).collect() }
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        for (slot, expression) in &self.values {
            let value = run.value_of(expression)?;
            slot.put(run, value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
