//! How checked entries come into a register, and how entries are shown whole: with what stands in other tables.

use aftercare_engine::facts::shape;
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::check::{Asking, Checked, Entry};
use super::value::Locale;
use super::{Beside, Register};
use crate::auth::caller::Held;
use crate::store::StoreError;
use crate::store::registry::card::{self, Change};
use crate::store::registry::{self, Row, customer, session, user};

/// Writes entries with all that belongs to them. False: somebody was faster, and nothing must be kept.
pub async fn write(
    tx: &impl ConnectionTrait,
    register: &'static Register,
    asking: &Asking,
    entries: &[Checked],
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let puts: Vec<_> = entries.iter().map(|checked| checked.put.clone()).collect();
    if !registry::put(tx, register, &puts, now).await? {
        return Ok(false);
    }
    match register.beside {
        Beside::Nothing => {}
        Beside::Phones => {
            for checked in entries {
                customer::set_phones(tx, checked.key(), &checked.phones).await?;
            }
        }
        Beside::Roles => {
            for checked in entries {
                set_roles(tx, checked, now).await?;
            }
        }
        Beside::Changes => {
            let edited = entries.iter().filter(|checked| checked.present.is_some());
            let changes = edited.map(change).collect();
            card::keep(tx, changes, &asking.who, &asking.reason, now).await?;
        }
    }
    Ok(true)
}

async fn set_roles(
    tx: &impl ConnectionTrait,
    checked: &Checked,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (name, held) = (checked.key(), roles(&checked.entry));
    let before = user::roles(tx, name).await?;
    user::set_roles(tx, name, &held).await?;
    let is_active = checked.entry.get("active") != Some(&json!(false));
    if checked.present.is_some() && (!is_active || before != user::roles(tx, name).await?) {
        session::end(tx, name, None, now).await?;
    }
    Ok(())
}

/// The roles that an entry of a user says.
pub fn roles(entry: &Entry) -> Vec<Held> {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let held = |value: &Value| Some(Held { role: text(value, "role")?, branch: text(value, "branch") });
    let given = entry.get("roles").and_then(Value::as_array);
    given.into_iter().flatten().filter_map(held).collect()
}

fn change(checked: &Checked) -> Change {
    let facts = |entry: &Entry| {
        let known = shape::CARD
            .iter()
            .map(|fact| (fact.name.to_owned(), entry.get(fact.name).cloned().unwrap_or_default()));
        Value::Object(known.collect()).to_string()
    };
    Change {
        card: checked.key().to_owned(),
        before: checked.present.as_ref().map(facts),
        after: facts(&checked.entry),
        version: checked.put.seen + 1,
    }
}

/// Rows as they travel, whole.
pub async fn shown(
    db: &impl ConnectionTrait,
    register: &'static Register,
    rows: Vec<Row>,
    locale: &Locale,
) -> Result<Vec<Entry>, StoreError> {
    let keys: Vec<&str> = rows.iter().map(Row::key).collect();
    let beside: Vec<(String, Value)> = match register.beside {
        Beside::Phones => customer::numbers(db, &keys).await?,
        Beside::Roles => user::held(db, &keys).await?,
        Beside::Nothing | Beside::Changes => Vec::new(),
    };
    let outside = register.fields.iter().find(|field| field.column.is_empty());
    let mut entries: Vec<Entry> = rows.iter().map(|row| entry(register, row, locale)).collect();
    if let Some(field) = outside {
        let mut beside: std::collections::HashMap<String, Value> = beside.into_iter().collect();
        for (entry, row) in entries.iter_mut().zip(&rows) {
            let value = beside.remove(row.key()).unwrap_or_else(|| json!([]));
            entry.insert(field.name.to_owned(), value);
        }
    }
    Ok(entries)
}

/// What its own table says of an entry. What is empty is left out.
fn entry(register: &Register, row: &Row, locale: &Locale) -> Entry {
    let mut entry = Entry::new();
    for (field, cell) in register.stored().zip(&row.cells) {
        let value = field.kind.show(cell, locale);
        if !value.is_null() {
            entry.insert(field.name.to_owned(), value);
        }
    }
    entry.insert("version".to_owned(), json!(row.version));
    entry
}
