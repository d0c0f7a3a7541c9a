//! Holds a body against a schema of the description: the part of JSON Schema that the description uses, and no other.
//! What a schema with properties does not name may not be there.

use serde_json::{Map, Value};

/// What a schema may say; anything else is told as a lie, so that nothing is passed over.
const KNOWN: [&str; 14] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "default",
    "description",
    "enum",
    "example",
    "format",
    "items",
    "nullable",
    "properties",
    "readOnly",
    "required",
    "title",
];

/// What in a body is not as its schema says: where, and what. Nothing: all is true.
pub fn lies(description: &Value, schema: &Value, body: &Value, is_blinkered: bool) -> Vec<String> {
    let mut found = Vec::new();
    Held { description, is_blinkered, found: &mut found }.value(schema, body, "");
    found
}

struct Held<'a> {
    description: &'a Value,
    /// Whether what is always there may be hidden from the reader.
    is_blinkered: bool,
    found: &'a mut Vec<String>,
}

impl Held<'_> {
    fn lie(&mut self, at: &str, what: impl std::fmt::Display) {
        self.found.push(format!("{} {what}", if at.is_empty() { "/" } else { at }));
    }

    fn value(&mut self, schema: &Value, body: &Value, at: &str) {
        let Some(said) = schema.as_object() else { return self.lie(at, "has no schema") };
        if let Some(target) = said.get("$ref") {
            let target =
                target.as_str().and_then(|target| self.description.pointer(target.strip_prefix('#')?));
            return match target.cloned() {
                Some(target) => self.value(&target, body, at),
                None => self.lie(at, "is described by a schema that is not there"),
            };
        }
        if let Some(unknown) = said.keys().find(|key| *key != "type" && !KNOWN.contains(&key.as_str())) {
            self.lie(at, format_args!("is described by `{unknown}`, which is not looked at here"));
        }
        if body.is_null() && said.get("nullable") == Some(&Value::Bool(true)) {
            return;
        }
        for part in said.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.value(part, body, at);
        }
        if let Some(options) = said.get("enum").and_then(Value::as_array)
            && !options.contains(body)
        {
            self.lie(at, format_args!("is {body}, which is none of {options:?}"));
        }
        let kind = said.get("type").and_then(Value::as_str);
        let fits = match kind {
            Some("object") => return self.object(said, body, at),
            Some("array") => return self.array(said, body, at),
            Some("string") => body.as_str().is_some_and(|text| is_written(text, said.get("format"))),
            Some("integer") => is_whole(body, said.get("format")),
            Some("number") => body.is_number(),
            Some("boolean") => body.is_boolean(),
            Some(_) => false,
            None => true,
        };
        if !fits {
            self.lie(
                at,
                format_args!("is {body} and no {} {:?}", kind.unwrap_or_default(), said.get("format")),
            );
        }
    }

    fn array(&mut self, said: &Map<String, Value>, body: &Value, at: &str) {
        let Some(items) = body.as_array() else { return self.lie(at, format_args!("is {body} and no list")) };
        let Some(schema) = said.get("items") else { return self.lie(at, "does not say what it lists") };
        for (n, item) in items.iter().enumerate() {
            self.value(schema, item, &format!("{at}/{n}"));
        }
    }

    fn object(&mut self, said: &Map<String, Value>, body: &Value, at: &str) {
        let Some(object) = body.as_object() else {
            return self.lie(at, format_args!("is {body} and no object"));
        };
        for name in said.get("required").and_then(Value::as_array).into_iter().flatten() {
            if !self.is_blinkered && !name.as_str().is_some_and(|name| object.contains_key(name)) {
                self.lie(at, format_args!("has no {name}, which is always there"));
            }
        }
        let properties = said.get("properties").and_then(Value::as_object);
        for (name, value) in object {
            let at = format!("{at}/{name}");
            let own = properties.and_then(|properties| properties.get(name));
            match own.or(said.get("additionalProperties")) {
                Some(Value::Bool(true)) => {}
                Some(schema) if schema.is_object() => self.value(schema, value, &at),
                // Nothing is said of what it holds, which is little, but true.
                _ if properties.is_none() => {}
                _ => self.lie(&at, "is not described"),
            }
        }
    }
}

fn is_written(text: &str, format: Option<&Value>) -> bool {
    match format.and_then(Value::as_str) {
        Some("date") => text.parse::<chrono::NaiveDate>().is_ok(),
        Some("date-time") => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        Some("decimal") => text.parse::<rust_decimal::Decimal>().is_ok(),
        Some("email") => {
            text.split_once('@').is_some_and(|(name, house)| !name.is_empty() && !house.is_empty())
        }
        Some("binary") | None => true,
        Some(_) => false,
    }
}

fn is_whole(body: &Value, format: Option<&Value>) -> bool {
    match format.and_then(Value::as_str) {
        Some("int64") | None => body.is_i64(),
        Some("uint64") => body.is_u64(),
        Some("uint32") => body.as_u64().is_some_and(|number| u32::try_from(number).is_ok()),
        Some("uint16") => body.as_u64().is_some_and(|number| u16::try_from(number).is_ok()),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_that_is_not_as_its_schema_says_is_found() {
        let description = json!({"components": {"schemas": {
            "Line": {"type": "object", "required": ["net"], "properties": {
                "net": {"type": "string", "format": "decimal"}, "day": {"type": "string", "format": "date"},
                "kind": {"type": "string", "enum": ["part", "labour"]}, "note": {"type": "string", "nullable": true},
            }},
        }}});
        let schema = json!({"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Line"}]}});
        let told = |line: Value| lies(&description, &schema, &json!([line]), false);
        assert!(told(json!({"net": "1.50", "day": "2026-11-22", "kind": "part", "note": null})).is_empty());
        assert_eq!(told(json!({"day": "2026-11-22"})), ["/0 has no \"net\", which is always there"]);
        assert_eq!(told(json!({"net": "1", "gross": "1"})), ["/0/gross is not described"]);
        for wrong in [
            json!({"net": 1}),
            json!({"net": "x"}),
            json!({"net": "1", "day": "22/11"}),
            json!({"net": "1", "day": null}),
            json!({"net": "1", "kind": "tea"}),
            json!(["net"]),
        ] {
            assert_eq!(told(wrong.clone()).len(), 1, "{wrong}");
        }
        assert_eq!(lies(&description, &json!({"oneOf": []}), &json!(1), false).len(), 1);
    }
}
