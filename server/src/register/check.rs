//! Whether entries may stand in a register: the same for the API, for files and for pages.
//!
//! It looks and writes nothing. Every mistake of every entry is told, each with the name of its field.

mod links;
mod people;

pub use links::not_found;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use aftercare_engine::definition::messages::{Permission, Role};
use aftercare_engine::library::Library;
use aftercare_engine::text;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::field::{Field, Kind, Need};
use super::value::{Cell, Locale, Mistake};
use super::{Register, enter};
use crate::auth::Scope;
use crate::store::StoreError;
use crate::store::registry::customer::Phone;
use crate::store::registry::{self, Put, Row};

/// The roles of the house, as [`Asking`] has them.
pub fn roles_of(library: &Library) -> BTreeMap<String, bool> {
    let keeps = |role: &Role| role.may.iter().any(|one| one.value == Permission::UsersWrite);
    library.roles.iter().map(|(name, role)| (name.value.clone(), keeps(role))).collect()
}

/// An entry on the wire, by the names of its fields.
pub type Entry = Map<String, Value>;

/// Who writes, and what that depends on.
#[derive(Clone, Debug)]
pub struct Asking {
    pub who: String,
    pub scope: Scope,
    /// Dotted names of facts that the asker never sees, and so never changes.
    pub hidden: BTreeSet<String>,
    /// All roles that there are, and whether each may change users.
    pub roles: BTreeMap<String, bool>,
    pub locale: Locale,
    /// Why, for what keeps a history.
    pub reason: String,
}

/// What somebody wants to stand in a register.
#[derive(Clone, Debug)]
pub struct Draft {
    pub entry: Entry,
    /// What stands there now, whole.
    pub present: Option<Entry>,
    /// What is left out stays as it is; otherwise it is emptied.
    pub merge: bool,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Its name, and where inside it.
    pub field: String,
    pub code: &'static str,
    pub values: Vec<(&'static str, String)>,
}

/// An entry that may be written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Checked {
    pub put: Put,
    pub entry: Entry,
    pub present: Option<Entry>,
    pub phones: Vec<Phone>,
    /// Entries of the same register that it names and that are not there yet: field and key.
    #[serde(skip)]
    pub awaited: Vec<(&'static str, String)>,
}

impl Wrong {
    pub fn new(field: impl Into<String>, code: &'static str, values: Vec<(&'static str, String)>) -> Self {
        Self { field: field.into(), code, values }
    }

    fn of(field: &Field, mistake: Mistake) -> Self {
        Self::new(format!("{}{}", field.name, mistake.inside), mistake.code, mistake.values)
    }
}

impl Checked {
    pub fn key(&self) -> &str {
        match self.put.cells.first() {
            Some(Cell::Text(Some(key))) => key,
            _ => "",
        }
    }

    /// Numbers that are one customer's only, with their fields.
    pub fn numbers(&self) -> impl Iterator<Item = (&'static str, String)> {
        let id = self.entry.get("national_id").and_then(Value::as_str);
        let phones = self.phones.iter().map(|phone| ("phones", phone.digits.clone()));
        phones.chain(id.map(|id| ("national_id", id.to_owned())))
    }

    /// Whether it says something else than what stands there.
    pub fn is_new_or_changed(&self) -> bool {
        let plain = |entry: &Entry| -> Entry {
            let told = entry.iter().filter(|(name, value)| *name != "version" && !value.is_null());
            told.map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        self.present.as_ref().is_none_or(|present| plain(present) != plain(&self.entry))
    }
}

/// What was found about each draft, in their order.
pub type Found = Vec<Result<Checked, Vec<Wrong>>>;

/// Checks drafts together: what they refer to is asked once for all of them.
pub async fn check(
    db: &impl ConnectionTrait,
    register: &'static Register,
    asking: &Asking,
    drafts: Vec<Draft>,
) -> Result<Found, StoreError> {
    let mut all: Vec<(Checked, Vec<Wrong>)> =
        drafts.into_iter().map(|draft| alone(register, asking, draft)).collect();
    links::references(db, register, &mut all).await?;
    links::attributes(db, register, &mut all).await?;
    links::numbers(db, register, &mut all).await?;
    people::places(db, register, &mut all).await?;
    people::keeper(db, register, asking, &mut all).await?;
    Ok(all
        .into_iter()
        .map(|(checked, wrong)| if wrong.is_empty() { Ok(checked) } else { Err(wrong) })
        .collect())
}

/// Asks again whether what checked entries name is there still; what is wrong with each now.
pub async fn again(
    db: &impl ConnectionTrait,
    register: &'static Register,
    entries: &mut [Checked],
) -> Result<Vec<Vec<Wrong>>, StoreError> {
    let mut all: Vec<(Checked, Vec<Wrong>)> =
        entries.iter().map(|checked| (checked.clone(), Vec::new())).collect();
    links::references(db, register, &mut all).await?;
    links::attributes(db, register, &mut all).await?;
    links::numbers(db, register, &mut all).await?;
    let (checked, wrong): (Vec<Checked>, Vec<Vec<Wrong>>) = all.into_iter().unzip();
    for (entry, checked) in entries.iter_mut().zip(checked) {
        entry.awaited = checked.awaited;
    }
    Ok(wrong)
}

/// What can be said of an entry by itself.
fn alone(register: &'static Register, asking: &Asking, draft: Draft) -> (Checked, Vec<Wrong>) {
    let mut wrong = Vec::new();
    for name in draft.entry.keys().filter(|name| *name != "version") {
        if register.field(name).is_none() {
            wrong.push(Wrong::new(name, "field-unknown", vec![]));
        }
    }
    let mut entry = Entry::new();
    let mut cells = Vec::with_capacity(register.fields.len());
    for field in register.fields {
        let value = wanted(register, asking, field, &draft).and_then(pruned);
        let read = match need(field, value, &mut wrong) {
            Some(value) => {
                let read = field.kind.read(&value, &asking.locale);
                entry.insert(field.name.to_owned(), value);
                read
            }
            None => Ok(field.kind.nothing()),
        };
        match read {
            Ok(cell) if field.column.is_empty() => drop(cell),
            Ok(cell) => {
                // What is kept is what was understood: an amount of `5.0` is `5`.
                if !matches!(field.kind, Kind::Attributes) {
                    entry.insert(field.name.to_owned(), field.kind.show(&cell, &asking.locale));
                }
                cells.push(cell);
            }
            Err(mistakes) => {
                wrong.extend(mistakes.into_iter().map(|mistake| Wrong::of(field, mistake)));
                if !field.column.is_empty() {
                    cells.push(field.kind.nothing());
                }
            }
        }
    }
    let phones = phones(register, asking, &entry, &mut wrong);
    roles(register, asking, &entry, &mut wrong);
    branch(register, asking, &entry, draft.present.as_ref(), &mut wrong);
    let seen = draft.present.as_ref().and_then(|present| present.get("version")).and_then(Value::as_i64);
    let search = register.search_key(&entry, &asking.locale);
    let put = Put { cells, search, seen: seen.unwrap_or_default() };
    (Checked { put, entry, present: draft.present, phones, awaited: Vec::new() }, wrong)
}

/// What shall stand in a field: what was given, or what stays.
fn wanted(register: &Register, asking: &Asking, field: &Field, draft: &Draft) -> Option<Value> {
    let present = draft.present.as_ref().and_then(|present| present.get(field.name));
    if field.read_only || register.hides(&asking.hidden, field) {
        return present.cloned();
    }
    match (draft.entry.get(field.name), present) {
        (None, present) if draft.merge => present.cloned(),
        (Some(Value::Object(given)), Some(Value::Object(present))) if draft.merge => {
            let mut whole = present.clone();
            merge(&mut whole, given);
            Some(Value::Object(whole))
        }
        (given, _) => given.cloned(),
    }
}

/// What says nothing inside a value is left out; none: nothing of it says anything.
fn pruned(value: Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Object(map) => {
            let kept: Entry =
                map.into_iter().filter_map(|(name, value)| Some((name, pruned(value)?))).collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        other => Some(other),
    }
}

/// Puts what is given into what is there; null empties.
fn merge(whole: &mut Map<String, Value>, given: &Map<String, Value>) {
    for (name, value) in given {
        match (whole.get_mut(name), value) {
            (_, Value::Null) => drop(whole.remove(name)),
            (Some(Value::Object(inner)), Value::Object(given)) => merge(inner, given),
            _ => drop(whole.insert(name.clone(), value.clone())),
        }
    }
}

/// A value that says something, or the default; notes when there must be one.
fn need(field: &Field, value: Option<Value>, wrong: &mut Vec<Wrong>) -> Option<Value> {
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    };
    let value = value.filter(says).map(|value| match value {
        Value::String(text) if text.trim().len() < text.len() => Value::String(text.trim().to_owned()),
        other => other,
    });
    match (value, field.need) {
        (Some(value), _) => Some(value),
        (None, Need::Required) => {
            wrong.push(Wrong::new(field.name, "field-required", vec![]));
            None
        }
        (None, Need::Optional) => None,
        (None, Need::Default(json)) => serde_json::from_str(json).ok(),
    }
}

fn phones(register: &Register, asking: &Asking, entry: &Entry, wrong: &mut Vec<Wrong>) -> Vec<Phone> {
    let mut found: Vec<Phone> = Vec::new();
    let Some(field) = register.fields.iter().find(|field| field.kind == Kind::Phones) else { return found };
    let Some(value) = entry.get(field.name) else { return found };
    let Value::Array(numbers) = value else {
        wrong.push(Wrong::new(field.name, "field-list", vec![]));
        return found;
    };
    for (n, number) in numbers.iter().enumerate() {
        let number = number.as_str().unwrap_or_default();
        match text::phone(number, &asking.locale.country) {
            Some(digits) => {
                let digits = digits.trim_start_matches('+').to_owned();
                if found.iter().all(|known| known.digits != digits) {
                    found.push(Phone { number: number.to_owned(), digits });
                }
            }
            None => wrong.push(Wrong::new(format!("{}[{n}]", field.name), "field-phone", vec![])),
        }
    }
    found
}

fn roles(register: &Register, asking: &Asking, entry: &Entry, wrong: &mut Vec<Wrong>) {
    let Some(field) = register.fields.iter().find(|field| field.kind == Kind::Roles) else { return };
    let held = enter::roles(entry);
    let given = entry.get(field.name).and_then(Value::as_array).map_or(0, Vec::len);
    if held.len() < given || entry.get(field.name).is_some_and(|value| !value.is_array()) {
        wrong.push(Wrong::new(field.name, "field-roles", vec![]));
    }
    for (n, role) in held.iter().enumerate() {
        if role.role.is_empty() {
            wrong.push(Wrong::new(format!("{}[{n}].role", field.name), "field-required", vec![]));
        } else if !asking.roles.contains_key(&role.role) {
            let values = vec![("what", "role".to_owned()), ("value", role.role.clone())];
            wrong.push(Wrong::new(format!("{}[{n}].role", field.name), "field-not-found", values));
        }
    }
}

/// Whoever is bound to a branch changes only what belongs to it, and gives nothing away.
fn branch(
    register: &Register,
    asking: &Asking,
    entry: &Entry,
    present: Option<&Entry>,
    wrong: &mut Vec<Wrong>,
) {
    let Some(name) = register.branch else { return };
    let of = |entry: &Entry| entry.get(name).and_then(Value::as_str).map(str::to_owned);
    let mine = |entry: &Entry| match of(entry) {
        Some(branch) => asking.scope.has_branch(Some(&branch)),
        None => true,
    };
    if !mine(entry) || !present.is_none_or(mine) {
        wrong.push(Wrong::new(name, "field-branch", vec![]));
    }
}

/// Drafts of entries from a file: what is left out stays.
pub fn merging(entries: Vec<Entry>, present: Vec<Entry>, register: &Register) -> Vec<Draft> {
    let key = register.key().name;
    let mut present: std::collections::HashMap<String, Entry> =
        present.into_iter().filter_map(|entry| Some((entry.get(key)?.as_str()?.to_owned(), entry))).collect();
    let mut seen = HashSet::new();
    entries
        .into_iter()
        .map(|entry| {
            let key = entry.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let present = if seen.insert(key.clone()) { present.remove(&key) } else { None };
            Draft { entry, present, merge: true }
        })
        .collect()
}

/// What stands in the register under these keys now, whole.
pub async fn present(
    db: &impl ConnectionTrait,
    register: &'static Register,
    locale: &Locale,
    keys: &[&str],
) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<Row> = registry::some(db, register, keys).await?;
    enter::shown(db, register, rows, locale).await
}
