//! `set`: values into the ticket's fields, one after the other.

use crate::compile::Binder;
use crate::definition::{Expression, Table};
use crate::step::run::{Bound, Refusal, Run};

#[derive(Debug)]
pub struct Action {
    fields: Vec<(u16, Bound)>,
}

impl Action {
    pub(super) fn bind(fields: &Table<Expression>, binder: &mut Binder<'_>) -> Self {
        let bound = |(name, expression)| {
            Some((binder.field_to_set(name)?, binder.field_value(&name.value, expression)?))
        };
        Self { fields: fields.iter().filter_map(bound).collect() }
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        for (field, expression) in &self.fields {
            let value = run.value_of(expression)?;
            run.set_field(*field, value);
        }
        Ok(())
    }
}
