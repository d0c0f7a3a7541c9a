//! States whose inside runs once for each record of a list: the list, the name of a record, and what may not be.

use std::sync::Arc;

use crate::definition::each::Each;
use crate::definition::field::{Field, FieldType};
use crate::definition::process::StateType;
use crate::definition::{Process, Table};
use crate::diagnostic::{Diagnostic, Sp};
use crate::facts::shape::{self, Kind};
use crate::statechart::EachRule;

use super::Binder;
use super::tree::{Flat, Tree, name_of};

/// What is known inside such a state.
pub(crate) struct Inside<'a> {
    pub(super) alias: Arc<str>,
    /// The field with the records, if it is there: its position and what it holds.
    pub(super) field: Option<u16>,
    pub(super) columns: Vec<(Arc<str>, Kind)>,
    pub(super) written: Option<&'a Table<Field>>,
}

impl<'a> Inside<'a> {
    /// In the order of the file, which is that of the rules.
    pub(super) fn of(tree: &Tree<'a>, fields: &[(Arc<str>, Kind)]) -> Vec<Self> {
        tree.eaches().map(|(_, each)| Self::one(each, tree.fields(), fields)).collect()
    }

    fn one(each: &Each, process: &'a Table<Field>, fields: &[(Arc<str>, Kind)]) -> Self {
        let field = fields.iter().position(|(name, _)| **name == *each.over.value);
        let written = process.get(&each.over.value).map(|field| &field.of);
        let columns = written.into_iter().flat_map(Table::iter);
        let columns = columns
            .map(|(name, column)| (Arc::from(name.value.as_str()), shape::field_kind(column)))
            .collect();
        let field = field.and_then(|n| u16::try_from(n).ok());
        Self { alias: each.r#as.value.as_str().into(), field, columns, written }
    }

    /// The part of a record that a dotted name is about.
    pub(super) fn part<'n>(&self, name: &'n str) -> Option<&'n str> {
        name.strip_prefix(&*self.alias)?.strip_prefix('.')
    }

    /// How the author has described a part of the record.
    pub(super) fn described(&self, part: &str) -> Option<&'a Field> {
        self.written.and_then(|written| written.get(part))
    }
}

/// All rules of a process.
pub(super) fn bind(process: &Process, tree: &Tree<'_>, binder: &mut Binder<'_>) -> Vec<EachRule> {
    let mut rules = Vec::new();
    for (rule, (flat, each)) in (0u16..).zip(tree.eaches()) {
        fits(flat, each, binder);
        list(process, each, binder);
        let complete_when = binder.condition(each.complete_when.as_ref()).flatten();
        binder.at = Some(rule);
        let label = each.label.as_ref().and_then(|label| binder.value(label, Kind::Text));
        binder.at = None;
        rules.push(EachRule {
            state: flat.id,
            field: binder.field(&each.over.value).unwrap_or_default(),
            alias: each.r#as.value.as_str().into(),
            key: each.key.value.as_str().into(),
            complete_when,
            label,
        });
    }
    rules
}

/// Whether the state can have instances at all.
fn fits(flat: &Flat<'_>, each: &Each, binder: &mut Binder<'_>) {
    let place = each.over.place;
    let kind = flat.body.kind.map(|kind| kind.value);
    if flat.children.is_empty() || kind.is_some_and(|kind| kind != StateType::Compound) {
        let message = format!("`{}` cannot run for each of many", name_of(flat));
        binder.push(
            Diagnostic::error("AC0823", place, message)
                .label("no states inside to run")
                .help("give it `states` and `initial`, without `type`; a parallel state stands inside it"),
        );
    } else if !flat.has_end && each.complete_when.is_none() {
        let message = format!("no instance of `{}` ever comes to an end", name_of(flat));
        binder.push(
            Diagnostic::error("AC0826", place, message)
                .label("never done")
                .help("give it a state with `type: final`, or say `complete_when`"),
        );
    }
}

/// The list, the key and the name of a record.
fn list(process: &Process, each: &Each, binder: &mut Binder<'_>) {
    let alias = &each.r#as;
    let is_known = shape::WORLD.iter().any(|entry| entry.name == alias.value);
    if is_known || binder.field(&alias.value).is_some() || alias.value.contains(['.', ' ']) {
        let message = format!("a record cannot be called `{}`", alias.value);
        binder.push(
            Diagnostic::error("AC0822", alias.place, message)
                .label("the name of a field or fact")
                .help("give it a name of its own: rules and guards would not know which is meant"),
        );
    }
    if binder.is_lenient() && process.fields.get(&each.over.value).is_none() {
        return;
    }
    let Some(field) = process.fields.get(&each.over.value) else {
        let lists = process.fields.iter().filter(|(_, field)| field.r#type.value == FieldType::Records);
        let message = format!("unknown field `{}`", each.over.value);
        let wrong = Diagnostic::error("AC0820", each.over.place, message).label("no such list");
        binder.push(wrong.nearest("list", &each.over.value, lists.map(|(name, _)| name.value.as_str())));
        return;
    };
    if field.r#type.value != FieldType::Records {
        let message = format!("`{}` is not a list of records", each.over.value);
        let wrong = Diagnostic::error("AC0820", each.over.place, message).label("no list of records");
        binder.push(wrong.help("give the field `type: records` and say with `of` what each record holds"));
        return;
    }
    key(&each.key, &field.of, binder);
}

fn key(key: &Sp<String>, columns: &Table<Field>, binder: &mut Binder<'_>) {
    let Some(column) = columns.get(&key.value) else {
        let message = format!("the records have no `{}`", key.value);
        let wrong = Diagnostic::error("AC0821", key.place, message).label("no such part");
        binder.push(wrong.nearest("part", &key.value, columns.keys()));
        return;
    };
    let tells_apart = matches!(
        column.r#type.value,
        FieldType::Text
            | FieldType::Integer
            | FieldType::Choice
            | FieldType::User
            | FieldType::Agency
            | FieldType::Partner
            | FieldType::Customer
            | FieldType::Device
    );
    if !tells_apart || !column.required {
        let message = format!("`{}` does not tell one record from another", key.value);
        let wrong = Diagnostic::error("AC0821", key.place, message).label("cannot be the key");
        binder.push(wrong.help("a key is a code or a whole number, with `required: true`"));
    }
}

/// What a field of type `records` may and may not say.
pub(super) fn records(name: &Sp<String>, field: &Field, binder: &mut Binder<'_>) {
    let is_list = field.r#type.value == FieldType::Records;
    if is_list && field.of.is_empty() {
        let message = format!("`{}` does not say what each record holds", name.value);
        let wrong = Diagnostic::error("AC0827", name.place, message);
        binder.push(wrong.help("`type: records` and `of` belong together"));
    }
    if !is_list && field.r#type.value != FieldType::Record && !field.of.is_empty() {
        let message = format!("`{}` is no record and no list of records", name.value);
        let wrong = Diagnostic::error("AC0827", name.place, message);
        binder.push(wrong.help("`of` belongs to `type: record` and `type: records`"));
    }
    if let Some(column) =
        field.columns.iter().flatten().next().filter(|_| field.r#type.value != FieldType::Parts)
    {
        let message = format!("`{}` has no part lines", name.value);
        binder.push(
            Diagnostic::error("AC0827", column.place, message).help("`columns` belongs to `type: parts`"),
        );
    }
    if !field.check.is_empty() && !is_list {
        let message = format!("`{}` has no records to check", name.value);
        binder.push(
            Diagnostic::error("AC0827", name.place, message).help("`check` belongs to `type: records`"),
        );
    }
    if field.fixed {
        let message = format!("`{}` is fixed, but is no part of a record", name.value);
        binder.push(Diagnostic::error("AC0828", name.place, message).help("remove `fixed`"));
    }
    for (part, column) in field.of.iter() {
        let is_plain = !matches!(
            column.r#type.value,
            FieldType::Parts
                | FieldType::Services
                | FieldType::Checklist
                | FieldType::List
                | FieldType::Record
                | FieldType::Records
                | FieldType::Signature
                | FieldType::Photo
                | FieldType::ServicePlan
        );
        let is_bare = column.default.is_none()
            && column.seen_by.is_empty()
            && column.of.is_empty()
            && column.check.is_empty();
        // Several words of a closed list can be shown in a row, but not asked.
        let is_shown = column.fixed && column.r#type.value == FieldType::Checklist;
        if !(is_plain || is_shown) || !is_bare {
            let message = format!("`{}` cannot be part of a record", part.value);
            let wrong = Diagnostic::error("AC0827", part.place, message);
            binder.push(wrong.help(
                "a part of a record is one plain value; `default` and `seen_by` are for the whole list",
            ));
        }
        if let Some(role) = &column.role {
            binder.role(role);
        }
    }
}

#[cfg(test)]
mod tests;
