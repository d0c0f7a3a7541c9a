//! A state whose inside runs once for each record of a list: its rule, and how instances are named.

use std::borrow::Cow;
use std::sync::Arc;

use crate::facts::{Map, Value};
use crate::step::eyes::Bound;

use super::{ChartField, StateId};

/// What a chart knows of such a state.
#[derive(Debug)]
pub struct EachRule {
    pub state: StateId,
    /// The field with the records: its position among the chart's fields.
    pub field: u16,
    /// What the record is called inside.
    pub alias: Arc<str>,
    /// The part of a record that tells one from another.
    pub key: Arc<str>,
    pub(crate) complete_when: Option<Bound>,
    pub(crate) label: Option<Bound>,
}

/// What separates an event from the key of the instance that it is for.
pub const ADDRESS: char = '@';

/// An event, timer or id as an instance has it: `accept@A1`.
pub(crate) fn addressed(name: &str, key: Option<&str>) -> String {
    key.map_or_else(|| name.to_owned(), |key| format!("{name}{ADDRESS}{key}"))
}

/// An event's own name, and the key of the instance that it is for.
pub fn split(event: &str) -> (&str, Option<&str>) {
    event.split_once(ADDRESS).map_or((event, None), |(name, key)| (name, Some(key)))
}

/// A state's path without the keys of instances.
pub fn plain(path: &str) -> Cow<'_, str> {
    match path.split_once('[') {
        Some((before, rest)) => {
            Cow::Owned(format!("{before}{}", rest.split_once(']').map_or("", |(_, after)| after)))
        }
        None => Cow::Borrowed(path),
    }
}

/// The key of the instance that a path is about.
pub fn key_in(path: &str) -> Option<&str> {
    path.split_once('[')?.1.split_once(']').map(|(key, _)| key)
}

/// A record's key as a text; none: it has none, or one that cannot be part of an event's name.
pub(crate) fn key_of(record: &Value, key: &str) -> Option<Arc<str>> {
    let key: Arc<str> = match record.get(key)? {
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string().into(),
        _ => return None,
    };
    let fits = |sign: char| !sign.is_whitespace() && !matches!(sign, '[' | ']' | '/' | ADDRESS);
    (!key.is_empty() && key.chars().all(fits)).then_some(key)
}

/// Reads a record by its columns and adds what is absent as `()`, so that a known name never fails.
pub(super) fn decode(columns: &[ChartField], record: Value) -> Value {
    let Value::Map(mut given) = record else { return record };
    let mut read = Map::new();
    for column in columns {
        let value = given.remove(&column.name).unwrap_or_default();
        read.insert(column.name.clone(), column.decode(value));
    }
    // What does not belong there stays, so that it can be told.
    read.extend(given);
    Value::Map(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_code() {
        let key = |value: Value| key_of(&Value::Map(Map::from([("k".into(), value)])), "k");
        assert_eq!(key("A-1".into()).as_deref(), Some("A-1"));
        assert_eq!(key(Value::Int(7)).as_deref(), Some("7"));
        for no_code in ["", "a b", "a@b", "a[b", "a/b"] {
            assert_eq!(key(no_code.into()), None, "{no_code}");
        }
        assert_eq!(key(Value::Null), None);
    }

    #[test]
    fn a_path_loses_its_key_and_an_event_its_address() {
        assert_eq!(
            (&*plain("a.lines[K1].open.x"), key_in("a.lines[K1].open.x")),
            ("a.lines.open.x", Some("K1"))
        );
        assert_eq!((&*plain("a.b"), key_in("a.b")), ("a.b", None));
        assert_eq!((split("accept@A1"), split("accept")), (("accept", Some("A1")), ("accept", None)));
    }
}
