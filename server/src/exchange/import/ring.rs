//! Entries of a file that would stand above themselves, however far apart their lines are. What one piece of the file
//! shows is found when it is checked; here the whole file is known.

use std::collections::{HashMap, HashSet};

use sea_orm::ConnectionTrait;

use crate::register::Register;
use crate::register::check::Checked;
use crate::register::field::Kind;
use crate::register::value::Cell;
use crate::store::StoreError;
use crate::store::registry;

/// Who stands above whom, by the lines that were read: for each field that names an entry of its own register.
#[derive(Debug, Default)]
pub struct Ways(HashMap<&'static str, HashMap<String, Option<String>>>);

/// An entry that would stand above itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    pub field: &'static str,
    pub key: String,
    /// What its line names.
    pub above: String,
}

impl Ways {
    /// Takes note of an entry as it would be.
    pub fn note(&mut self, register: &'static Register, checked: &Checked) {
        for field in fields(register) {
            let above = checked.entry.get(field).and_then(serde_json::Value::as_str).map(str::to_owned);
            self.0.entry(field).or_default().insert(checked.key().to_owned(), above);
        }
    }

    /// All entries of the file that lie in a ring, those that are in the store already looked up on the way.
    pub async fn rings(
        self,
        db: &impl ConnectionTrait,
        register: &'static Register,
    ) -> Result<Vec<Ring>, StoreError> {
        let mut found = Vec::new();
        for (field, own) in self.0 {
            if own.values().all(Option::is_none) {
                continue;
            }
            let mut above = own.clone();
            complete(db, register, field, &mut above).await?;
            let in_ring = in_rings(&above);
            found.extend(
                own.into_iter()
                    .filter(|(key, _)| in_ring.contains(key))
                    .filter_map(|(key, named)| Some(Ring { field, key, above: named? })),
            );
        }
        Ok(found)
    }
}

/// Fields by which an entry of a register names another of the same one.
fn fields(register: &'static Register) -> impl Iterator<Item = &'static str> {
    let own = register
        .fields
        .iter()
        .filter(|field| matches!(field.kind, Kind::Refers(name) if name == register.name));
    own.map(|field| field.name)
}

/// Adds what the store says of those who are named and that no line speaks of.
async fn complete(
    db: &impl ConnectionTrait,
    register: &'static Register,
    field: &'static str,
    above: &mut HashMap<String, Option<String>>,
) -> Result<(), StoreError> {
    let at = register.stored().position(|one| one.name == field).unwrap_or_default();
    loop {
        let unknown: HashSet<String> =
            above.values().flatten().filter(|key| !above.contains_key(*key)).cloned().collect();
        if unknown.is_empty() {
            return Ok(());
        }
        // Whoever is nowhere has nobody above: each is asked for once.
        above.extend(unknown.iter().map(|key| (key.clone(), None)));
        let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
        for row in registry::some(db, register, &unknown).await? {
            if let Some(Cell::Text(next)) = row.cells.get(at) {
                above.insert(row.key().to_owned(), next.clone());
            }
        }
    }
}

/// Keys from which the way up leads back to themselves.
fn in_rings(above: &HashMap<String, Option<String>>) -> HashSet<String> {
    let (mut seen, mut found) = (HashSet::new(), HashSet::new());
    for start in above.keys() {
        let mut way: Vec<&String> = Vec::new();
        let mut next = Some(start);
        while let Some(key) = next.filter(|key| seen.insert(*key)) {
            way.push(key);
            next = above.get(key).and_then(Option::as_ref);
        }
        // Only what this way itself has come through closes a ring.
        if let Some(begins) = next.and_then(|key| way.iter().position(|one| *one == key)) {
            found.extend(way.iter().skip(begins).map(|key| (*key).clone()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_what_leads_back_to_itself_and_not_what_leads_into_it() {
        let ways = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "e"), ("f", "g"), ("h", "f")];
        let mut above: HashMap<String, Option<String>> =
            ways.into_iter().map(|(key, above)| (key.to_owned(), Some(above.to_owned()))).collect();
        above.insert("g".to_owned(), None);
        let mut found: Vec<String> = in_rings(&above).into_iter().collect();
        found.sort();
        assert_eq!(found, ["a", "b", "c", "e"]);
    }
}
