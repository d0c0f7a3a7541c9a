//! What a process asks of whoever opens its tickets, and what they give back: known of every process before any
//! of them is compiled, so that each can be held against the others.

use std::sync::Arc;

use crate::definition::field::Field;
use crate::definition::process::Subject;
use crate::definition::{Process, walk};
use crate::facts::shape::{self, Kind};
use crate::rules::{Expression, Scope};
use crate::statechart::event::describes;

/// The event by which a ticket learns that nobody waits for it any more.
pub const CANCEL: &str = "cancel.invoke";

/// A process seen from outside.
#[derive(Clone, Debug, Default)]
pub struct Interface {
    pub subject: Option<Subject>,
    /// The opening form.
    pub asked: Vec<Asked>,
    /// What a finished ticket gives: name and type.
    pub gives: Vec<(Arc<str>, Kind)>,
    /// Whether any transition answers [`CANCEL`].
    pub can_be_called_off: bool,
}

/// A field that the opening asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub name: String,
    pub field: Field,
    /// It has to be there in any case.
    pub required: bool,
}

impl Interface {
    pub fn of(process: &Process) -> Self {
        let fields: Vec<(Arc<str>, Kind)> = process
            .fields
            .iter()
            .map(|(name, field)| (Arc::from(name.value.as_str()), shape::field_kind(field)))
            .collect();
        let asked = process.form.iter().filter_map(|asked| {
            let field = process.fields.get(&asked.field.value)?.clone();
            let required = asked.required.unwrap_or(field.required) && asked.when.is_none();
            Some(Asked { name: asked.field.value.clone(), field, required })
        });
        let scope = Scope { fields: &fields, ..Scope::default() };
        let gives = process.output.iter().map(|(name, text)| {
            let kind = Expression::compile(text, &scope).ok().and_then(|expression| expression.kind());
            (Arc::from(name.value.as_str()), kind.unwrap_or(Kind::Any))
        });
        let heeds = |descriptors: &str| descriptors.split_whitespace().any(|one| describes(one, CANCEL));
        Self {
            subject: process.subject.as_ref().map(|subject| subject.value),
            asked: asked.collect(),
            gives: gives.collect(),
            can_be_called_off: walk::transitions(process)
                .iter()
                .any(|at| matches!(at.trigger, walk::Trigger::Event(event) if heeds(&event.value))),
        }
    }
}
