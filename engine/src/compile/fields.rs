//! The ticket's fields, in the order in which the chart keeps them.

use std::sync::Arc;

use crate::definition::{Action, Process, walk};
use crate::diagnostic::Diagnostic;
use crate::facts::shape::{self, Kind};
use crate::statechart::ChartField;

use super::{Binder, eaches};

/// Names and types of all fields. A bare chart's fields are those that its `set` actions name.
pub(super) fn collect(process: &Process, lenient: bool) -> Vec<(Arc<str>, Kind)> {
    let mut fields: Vec<(Arc<str>, Kind)> = process
        .fields
        .iter()
        .map(|(name, field)| (Arc::from(name.value.as_str()), shape::field_kind(field)))
        .collect();
    if lenient {
        let eaches = walk::states(process).into_iter().filter_map(|at| at.state.each.as_ref());
        for list in eaches.map(|each| each.over.value.as_str()) {
            if !fields.iter().any(|(known, _)| **known == *list) {
                fields.push((list.into(), Kind::Any));
            }
        }
        for action in walk::actions(process) {
            let Action::Set(values) = action else { continue };
            // A dotted name is a part of a record.
            for name in values.keys().filter(|name| !name.contains('.')) {
                if !fields.iter().any(|(known, _)| &**known == name) {
                    fields.push((name.into(), Kind::Any));
                }
            }
        }
    }
    fields
}

/// The fields with their defaults bound.
pub(super) fn bind(
    process: &Process,
    fields: Vec<(Arc<str>, Kind)>,
    binder: &mut Binder<'_>,
) -> Vec<ChartField> {
    let mut bound = Vec::new();
    for (name, kind) in fields {
        let field = process.fields.get(&name).cloned();
        for role in field.iter().flat_map(|field| field.role.iter().chain(&field.seen_by)) {
            binder.role(role);
        }
        let default = field.as_ref().and_then(|field| field.default.as_ref());
        let default =
            default.and_then(|default| binder.field_value(&name, default)).map(|bound| bound.expression);
        let columns = field.iter().flat_map(|field| field.of.iter());
        let columns = columns
            .map(|(name, column)| ChartField {
                name: name.value.as_str().into(),
                kind: shape::field_kind(column),
                field: Some(column.clone()),
                default: None,
                columns: Vec::new(),
                checks: Vec::new(),
            })
            .collect();
        let checks = binder.row_checks(&name);
        bound.push(ChartField { name, kind, field, default, columns, checks });
    }
    for (name, field) in process.fields.iter() {
        eaches::records(name, field, binder);
        let is_handed_over = ["item", "line"].contains(&&*name.value);
        if is_handed_over || shape::WORLD.iter().any(|entry| entry.name == name.value) {
            binder.push(
                Diagnostic::error(
                    "AC0112",
                    name.place,
                    format!("the field `{}` has the name of a fact", name.value),
                )
                .help("give it another name: rules and guards would not know which is meant"),
            );
        }
    }
    bound
}

/// The form that opens a ticket asks for no picture: there is no ticket yet whose file it could be.
pub(super) fn opening(process: &Process, binder: &mut Binder<'_>) {
    for asked in &process.form {
        let field = process.fields.get(&asked.field.value);
        if field.is_some_and(|field| field.r#type.value.is_picture()) {
            let message = format!("`{}` cannot be asked for before there is a ticket", asked.field.value);
            binder.push(
                Diagnostic::error("AC0114", asked.field.place, message)
                    .label("a picture")
                    .help("ask for it in the form of a step"),
            );
        }
    }
}
