//! The one place that takes out of an answer what the caller's roles never see.

use std::collections::BTreeSet;

use aftercare_engine::effect::Ruling;
use aftercare_engine::facts::Value as Fact;
use aftercare_engine::step::Reason;
use serde_json::Value;

/// The list of which `line` is one item wherever rules and templates look at a single one.
const LINES: &str = "charges.lines.";

/// Removes the values at the hidden paths, wherever in the value such a path begins: a part's cost is hidden in
/// the register as in a line that names the part. A path goes through every item of a list on its way.
pub fn strip(value: &mut Value, hidden: &BTreeSet<String>) {
    for path in hidden {
        let parts: Vec<&str> = path.split('.').collect();
        anywhere(value, &parts);
        if let Some(rest) = path.strip_prefix(LINES) {
            for alone in ["line", "lines"] {
                let parts: Vec<&str> = [alone].into_iter().chain(rest.split('.')).collect();
                anywhere(value, &parts);
            }
        }
    }
}

/// The same for a part of the facts that the answer shows alone: `part` is its name there.
pub fn strip_inside(value: &mut Value, part: &str, hidden: &BTreeSet<String>) {
    let inside: BTreeSet<String> = hidden
        .iter()
        .filter_map(|path| path.strip_prefix(part)?.strip_prefix('.').map(str::to_owned))
        .collect();
    strip(value, &inside);
}

fn anywhere(value: &mut Value, path: &[&str]) {
    remove(value, path);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| anywhere(item, path)),
        Value::Object(map) => map.values_mut().for_each(|inner| anywhere(inner, path)),
        _ => {}
    }
}

fn remove(value: &mut Value, path: &[&str]) {
    match (value, path) {
        (Value::Array(items), _) => items.iter_mut().for_each(|item| remove(item, path)),
        (Value::Object(map), [last]) => {
            map.remove(*last);
        }
        (Value::Object(map), [first, rest @ ..]) => {
            if let Some(inner) = map.get_mut(*first) {
                remove(inner, rest);
            }
        }
        _ => {}
    }
}

/// What one reader does not see of one ticket: facts that the reader's roles never see, and fields of the ticket
/// that others see.
#[derive(Clone, Debug, Default)]
pub struct Veil {
    pub facts: BTreeSet<String>,
    pub fields: BTreeSet<String>,
    /// The reader stands outside the house: no file and line of ours.
    pub outside: bool,
}

impl Veil {
    /// Takes out of a form, or out of fields by name, what the reader does not see.
    pub fn strip(&self, form: &mut Value) {
        if let Some(map) = form.as_object_mut() {
            map.retain(|name, _| !self.fields.contains(name));
        }
        strip(form, &self.facts);
    }

    /// What is left of a value under its dotted name.
    pub fn value(&self, name: &str, value: &Fact) -> Option<Fact> {
        if name.split('.').next().is_some_and(|field| self.fields.contains(field)) {
            return None;
        }
        // A decision about one charge line is called by the line's number.
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let parts = name.split('.').map(|part| if is_number(part) { "lines" } else { part });
        let name = &parts.collect::<Vec<_>>().join(".");
        let plain = value.to_json();
        let mut whole = name.rsplit('.').fold(plain.clone(), |inner, key| serde_json::json!({key: inner}));
        strip(&mut whole, &self.facts);
        let left = whole.pointer(&format!("/{}", name.replace('.', "/")))?;
        Some(if *left == plain { value.clone() } else { Fact::from_json(left) })
    }

    /// A reason with those of its values that the reader sees, so that no text can be made with the others.
    pub fn reason(&self, reason: &Reason) -> Reason {
        let mut seen = reason.clone();
        seen.values = reason
            .values
            .iter()
            // What a rule says when it fails quotes the values it failed on.
            .filter(|(name, _)| self.is_thin() || name.as_ref() != "message")
            .filter_map(|(name, value)| Some((name.clone(), self.value(name, value)?)))
            .collect();
        // What it is about was worked out from the others.
        if seen.values.len() < reason.values.len() {
            seen.values.remove("about");
        }
        seen.source = reason.source.clone().filter(|_| !self.outside);
        seen
    }

    /// A decision with those of its parts that the reader sees.
    pub fn ruling(&self, ruling: &Ruling) -> Ruling {
        let mut seen = ruling.clone();
        seen.value = self.value(&ruling.into, &ruling.value).unwrap_or_default();
        for condition in &mut seen.conditions {
            let values = std::mem::take(&mut condition.values);
            condition.values = values
                .into_iter()
                .filter_map(|(name, value)| Some((name.clone(), self.value(&name, &value)?)))
                .collect();
        }
        seen
    }

    /// Whether a text with these placeholders may hold something that the reader does not see. A loop may call
    /// what it looks at anything, so the last name of a path is enough.
    pub fn covers(&self, template: &str) -> bool {
        let hidden = |word: &str| {
            self.fields.contains(word) || self.facts.iter().any(|path| path.rsplit('.').next() == Some(word))
        };
        let tags = template.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        tags.flat_map(|tag| tag.split(|c: char| !c.is_alphanumeric() && c != '_')).any(hidden)
    }

    /// Whether it hides nothing.
    pub fn is_thin(&self) -> bool {
        self.facts.is_empty() && self.fields.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_hidden_value_is_gone_from_every_line() {
        let mut answer =
            json!({"charges": {"cost": "9", "lines": [{"cost": "4", "net": "5"}, {"cost": "5"}]}});
        strip(&mut answer, &["charges.cost".to_owned(), "charges.lines.cost".to_owned()].into());
        assert_eq!(answer, json!({"charges": {"lines": [{"net": "5"}, {}]}}));
    }

    #[test]
    fn what_is_shown_alone_is_stripped_by_the_rest_of_the_path() {
        let mut part = json!({"code": "P1", "cost": "9", "price": "12"});
        strip_inside(&mut part, "part", &["part.cost".to_owned(), "charges.price".to_owned()].into());
        assert_eq!(part, json!({"code": "P1", "price": "12"}));
    }

    #[test]
    fn a_hidden_value_is_found_however_deep_it_lies() {
        let hidden = ["part.cost".to_owned(), "charges.lines.cost".to_owned()].into();
        let mut form =
            json!({"parts": [{"code": "P1", "part": {"cost": "9", "price": "12"}}], "line": {"cost": "4"}});
        strip(&mut form, &hidden);
        assert_eq!(form, json!({"parts": [{"code": "P1", "part": {"price": "12"}}], "line": {}}));
        let veil = Veil { facts: hidden, fields: ["note".to_owned()].into(), outside: false };
        let kept = |name: &str, value: Value| veil.value(name, &Fact::from_json(&value));
        assert_eq!(kept("item.part.cost", json!("9")), None);
        assert_eq!(
            kept("charges.3", json!({"cost": "9", "net": 5})),
            Some(Fact::from_json(&json!({"net": 5})))
        );
        assert_eq!(kept("note", json!("bad work")), None);
        assert_eq!(kept("part", json!({"cost": "9"})), Some(Fact::from_json(&json!({}))));
        assert_eq!(kept("part.price", json!(12)), Some(Fact::Int(12)));
    }

    #[test]
    fn a_text_that_may_hold_something_hidden_is_known_by_its_placeholders() {
        let veil = Veil { facts: ["part.cost".to_owned()].into(), ..Veil::default() };
        assert!(veil.covers("Cost: {% for one in parts %}{{ one.part.cost | money }}{% endfor %}"));
        assert!(!veil.covers("The cost is ours. {{ customer.name }}"));
    }
}
