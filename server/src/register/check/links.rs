//! What entries have to do with others: those they name, the attributes of their category, numbers that are
//! somebody's already.

use std::collections::{HashMap, HashSet};

use sea_orm::ConnectionTrait;
use serde_json::{Map, Value};

use super::{Checked, Wrong};
use crate::register::attributes::Owner;
use crate::register::field::Kind;
use crate::register::value::Cell;
use crate::register::{Beside, Register, find};
use crate::store::StoreError;
use crate::store::registry::{self, category, customer};

/// Most levels above an entry.
const HIGHEST: usize = 32;

type All = [(Checked, Vec<Wrong>)];

/// Every entry that is named must be there; one of the same register may come later.
pub async fn references(
    db: &impl ConnectionTrait,
    register: &'static Register,
    all: &mut All,
) -> Result<(), StoreError> {
    for field in register.fields {
        let Kind::Refers(name) = field.kind else { continue };
        let Some(other) = find(name) else { continue };
        let named = |(checked, _): &(Checked, Vec<Wrong>)| text(checked, field.name).map(str::to_owned);
        let keys: HashSet<String> = all.iter().filter_map(named).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        if keys.is_empty() {
            continue;
        }
        if other.name == register.name {
            rings(db, register, field.name, all).await?;
        }
        let there = registry::existing(db, other, &keys).await?;
        for (checked, wrong) in all.iter_mut() {
            let Some(key) = text(checked, field.name).map(str::to_owned) else { continue };
            if there.contains(&key) {
                continue;
            }
            if other.name == register.name {
                checked.awaited.push((field.name, key));
            } else {
                wrong.push(not_found(field.name, other, key));
            }
        }
    }
    Ok(())
}

/// Nothing stands above itself, over however many others.
async fn rings(
    db: &impl ConnectionTrait,
    register: &'static Register,
    field: &'static str,
    all: &mut All,
) -> Result<(), StoreError> {
    let at = register.stored().position(|one| one.name == field).unwrap_or_default();
    let mut above: HashMap<String, Option<String>> =
        all.iter().map(|(one, _)| (one.key().to_owned(), text(one, field).map(str::to_owned))).collect();
    // Who stands on the way up from each entry that has somebody above it.
    let mut ways: Vec<Option<String>> =
        all.iter().map(|(one, _)| text(one, field).map(str::to_owned)).collect();
    for _ in 0..HIGHEST {
        let unknown: HashSet<&str> =
            ways.iter().flatten().map(String::as_str).filter(|key| !above.contains_key(*key)).collect();
        let unknown: Vec<&str> = unknown.into_iter().collect();
        for row in registry::some(db, register, &unknown).await? {
            let next = match row.cells.get(at) {
                Some(Cell::Text(next)) => next.clone(),
                _ => None,
            };
            above.insert(row.key().to_owned(), next);
        }
        for ((checked, wrong), way) in all.iter_mut().zip(&mut ways) {
            let Some(key) = way.take() else { continue };
            if key == checked.key() {
                wrong.push(Wrong::new(field, "field-ring", vec![("value", key)]));
            } else {
                *way = above.get(&key).cloned().flatten();
            }
        }
        if ways.iter().all(Option::is_none) {
            break;
        }
    }
    Ok(())
}

/// A field names an entry that is not there.
pub fn not_found(field: &str, other: &Register, key: String) -> Wrong {
    Wrong::new(field, "field-not-found", vec![("what", other.one.to_owned()), ("value", key)])
}

fn text<'a>(checked: &'a Checked, field: &str) -> Option<&'a str> {
    checked.entry.get(field)?.as_str()
}

/// Goods have the attributes of their category, and no others.
pub async fn attributes(
    db: &impl ConnectionTrait,
    register: &'static Register,
    all: &mut All,
) -> Result<(), StoreError> {
    let Some(at) = register.stored().position(|field| field.kind == Kind::Attributes) else { return Ok(()) };
    let known = category::attributes(db).await?;
    let is_unit = register.field("product").is_some();
    let owner = if is_unit { Owner::Device } else { Owner::Product };
    let codes: HashSet<String> =
        all.iter().filter_map(|(checked, _)| text(checked, "product").map(str::to_owned)).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let of = if is_unit { category::of_products(db, &codes).await? } else { HashMap::new() };
    for (checked, wrong) in all {
        let category = match is_unit {
            true => text(checked, "product").and_then(|product| of.get(product)).cloned(),
            false => text(checked, "category").map(str::to_owned),
        };
        let empty = Map::new();
        let given = checked.entry.get("attributes").and_then(Value::as_object).unwrap_or(&empty);
        match known.check(category.as_deref().unwrap_or_default(), owner, given) {
            Ok(values) => {
                let kept = (!values.is_empty()).then(|| Value::Object(values.clone()).to_string());
                if let Some(cell) = checked.put.cells.get_mut(at) {
                    *cell = Cell::Text(kept);
                }
                for value in values.values() {
                    let said = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    checked.put.search.push('\n');
                    checked.put.search.push_str(&aftercare_engine::text::folded(&said));
                }
                if values.is_empty() {
                    checked.entry.remove("attributes");
                } else {
                    checked.entry.insert("attributes".into(), Value::Object(values));
                }
            }
            Err(mistakes) => wrong.extend(mistakes.into_iter().map(|mistake| {
                Wrong::new(format!("attributes{}", mistake.inside), mistake.code, mistake.values)
            })),
        }
    }
    Ok(())
}

/// A telephone number or national id is one customer's only.
pub async fn numbers(
    db: &impl ConnectionTrait,
    register: &'static Register,
    all: &mut All,
) -> Result<(), StoreError> {
    if register.beside != Beside::Phones {
        return Ok(());
    }
    let digits = all.iter().flat_map(|(checked, _)| &checked.phones).map(|phone| phone.digits.clone());
    let digits: HashSet<String> = digits.collect();
    let ids: HashSet<&str> = all.iter().filter_map(|(checked, _)| text(checked, "national_id")).collect();
    let (digits, ids): (Vec<&str>, Vec<&str>) =
        (digits.iter().map(String::as_str).collect(), ids.into_iter().collect());
    let mut owners = customer::owners(db, &digits, &ids).await?;
    for (checked, wrong) in all {
        let own = checked.key().to_owned();
        for (field, number) in checked.numbers() {
            let other = owners.entry(number).or_insert_with(|| own.clone());
            if *other != own {
                wrong.push(Wrong::new(field, "field-belongs", vec![("key", other.clone())]));
            }
        }
    }
    Ok(())
}
