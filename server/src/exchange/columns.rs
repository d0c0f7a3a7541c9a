//! The columns that a register has in files: one for each field, or one for each part of it.

use std::collections::BTreeSet;

use aftercare_engine::facts::shape::{self, POLICY};
use serde_json::{Value, json};

use crate::register::attributes::{Attributes, Owner};
use crate::register::check::Entry;
use crate::register::field::LANGUAGES;
use crate::register::value::Mistake;
use crate::register::{Field, Kind, Register, cell};

/// A column of a file.
#[derive(Clone, Debug)]
pub struct Column {
    /// What stands in the first line: `serial`, `name.fa`, `terms.guarantee.months`.
    pub header: String,
    pub field: &'static Field,
    /// Where in the field's value; empty: all of it.
    inside: Vec<String>,
    form: Form,
}

/// How a cell is read.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// As the field's kind has it.
    Field,
    /// As a text.
    Text,
    /// As a term of a policy.
    Term(shape::Kind),
}

/// All columns, without those that the asker never sees.
pub fn of(register: &'static Register, attributes: &Attributes, hidden: &BTreeSet<String>) -> Vec<Column> {
    let seen = register.fields.iter().filter(|field| !register.hides(hidden, field));
    let owner = if register.field("product").is_some() { Owner::Device } else { Owner::Product };
    seen.flat_map(|field| match field.kind {
        Kind::Names | Kind::Texts => {
            LANGUAGES.iter().map(|one| part(field, vec![(*one).to_owned()], Form::Text)).collect()
        }
        Kind::Attributes => {
            attributes.names(owner).into_iter().map(|name| part(field, vec![name], Form::Text)).collect()
        }
        Kind::Terms => terms(field, POLICY, &[]),
        _ => vec![part(field, vec![], Form::Field)],
    })
    .collect()
}

fn part(field: &'static Field, inside: Vec<String>, form: Form) -> Column {
    let header = [field.name].into_iter().chain(inside.iter().map(String::as_str)).collect::<Vec<_>>();
    Column { header: header.join("."), field, inside, form }
}

fn terms(field: &'static Field, shape: &[shape::Entry], above: &[String]) -> Vec<Column> {
    let own = shape.iter().filter(|entry| !(above.is_empty() && entry.name == "code"));
    own.flat_map(|entry| {
        let inside: Vec<String> = above.iter().cloned().chain([entry.name.to_owned()]).collect();
        match entry.kind {
            shape::Kind::Map(inner) => terms(field, inner, &inside),
            kind => vec![part(field, inside, Form::Term(kind))],
        }
    })
    .collect()
}

impl Column {
    /// Puts what a cell says into an entry. An empty cell empties.
    pub fn put(&self, entry: &mut Entry, text: &str) -> Result<(), Mistake> {
        let value = if text.trim().is_empty() { Value::Null } else { self.read(text)? };
        let Some((last, above)) = self.inside.split_last() else {
            entry.insert(self.field.name.to_owned(), value);
            return Ok(());
        };
        let mut at = entry.entry(self.field.name).or_insert_with(|| json!({}));
        for name in above {
            let Some(map) = at.as_object_mut() else { return Ok(()) };
            at = map.entry(name.clone()).or_insert_with(|| json!({}));
        }
        if let Some(map) = at.as_object_mut() {
            map.insert(last.clone(), value);
        }
        Ok(())
    }

    fn read(&self, text: &str) -> Result<Value, Mistake> {
        match self.form {
            Form::Field => cell::read(self.field.kind, text),
            Form::Text => Ok(json!(text.trim())),
            Form::Term(shape::Kind::Bool) => cell::read(Kind::YesNo, text),
            Form::Term(shape::Kind::Texts) => cell::read(Kind::Phones, text),
            Form::Term(shape::Kind::Int | shape::Kind::Decimal | shape::Kind::Money) => {
                Ok(cell::number_or_text(text))
            }
            Form::Term(_) => Ok(json!(text.trim())),
        }
    }

    /// What stands in its cell.
    pub fn show(&self, entry: &Entry) -> String {
        let whole = entry.get(self.field.name);
        let value = whole.and_then(|whole| self.inside.iter().try_fold(whole, |value, name| value.get(name)));
        value.map(cell::show).unwrap_or_default()
    }

    /// Whether its cells are numbers that a sheet may add up.
    pub fn is_number(&self) -> bool {
        matches!(self.form, Form::Field)
            && matches!(self.field.kind, Kind::Whole(_) | Kind::Number | Kind::Quantity | Kind::Amount)
    }
}
