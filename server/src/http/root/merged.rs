//! The API's description with each path once.
//!
//! Every verb has a file of its own, and the framework writes a path for each file. Readers of JSON keep the last of
//! several members of one name, so that all but one verb would be lost to them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// What the text says, in which members of one name are one.
pub fn merged(description: &str) -> Value {
    serde_json::from_str::<Merged>(description).map(|Merged(whole)| whole).unwrap_or_default()
}

/// A value in which members of one name have come together.
struct Merged(Value);

impl<'de> Deserialize<'de> for Merged {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(Reading).map(Self)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Value;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Merged(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut whole = Map::new();
        while let Some((name, Merged(value))) = map.next_entry::<String, Merged>()? {
            match (whole.get_mut(&name), value) {
                (Some(Value::Object(there)), Value::Object(more)) => there.extend(more),
                (_, value) => drop(whole.insert(name, value)),
            }
        }
        Ok(Value::Object(whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_of_one_path_come_together() {
        let twice = r#"{"paths": {"/a": {"get": {"n": 1}}, "/b": {}, "/a": {"post": [true, null, "x"]}}}"#;
        let once = merged(twice);
        assert_eq!(once["paths"]["/a"], serde_json::json!({"get": {"n": 1}, "post": [true, null, "x"]}));
    }
}
