//! Where a value stands: in a field of the ticket, or in the record that the instance at hand is about.

use std::sync::Arc;

use crate::facts::Value;
use crate::step::run::Run;

/// A place for a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A field, by its position.
    Field(u16),
    /// A part of the record.
    Column(Arc<str>),
}

impl Slot {
    pub(crate) fn put(&self, run: &mut Run<'_>, value: Value) {
        match self {
            Self::Field(n) => run.set_field(*n, value),
            Self::Column(name) => run.set_column(name, value),
        }
    }

    pub(crate) fn value<'r>(&self, run: &'r Run<'_>) -> &'r Value {
        match self {
            Self::Field(n) => run.field(*n),
            Self::Column(name) => {
                let record = run.at.as_ref().map(|at| at.record(run));
                record.and_then(|record| record.get(name)).unwrap_or(&Value::Null)
            }
        }
    }
}
