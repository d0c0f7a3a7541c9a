//! Attributes that a company gives to the goods of a category: production batch, maker, body number … They are
//! defined on the category, which hands them down to the groups below it.

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::cell;
use super::value::{Cell, Mistake};

/// What an attribute is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    pub name: String,
    /// By language.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub title: Map<String, Value>,
    pub kind: Form,
    /// For a choice: what may be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub of: Owner,
}

/// What may stand in an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    Text,
    Whole,
    Number,
    Day,
    YesNo,
    Choice,
}

/// Whether each unit has its own value, or the model has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    #[default]
    Device,
    Product,
}

/// Definitions as the category's column holds them.
pub fn definitions(value: &Value) -> Result<Cell, Vec<Mistake>> {
    let Value::Array(items) = value else { return Err(vec![Mistake::new("field-list", vec![])]) };
    let (mut wrong, mut kept) = (Vec::new(), Vec::<Definition>::new());
    for (n, item) in items.iter().enumerate() {
        let mut bad = |inside: &str, code, values| {
            wrong.push(Mistake::new(code, values).inside(format!("[{n}]{inside}")));
        };
        let definition: Definition = match serde_json::from_value(item.clone()) {
            Ok(definition) => definition,
            Err(error) => {
                bad("", "field-invalid", vec![("reason", error.to_string())]);
                continue;
            }
        };
        let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if definition.name.is_empty() || !definition.name.chars().all(fits) {
            bad(".name", "field-name", vec![]);
        }
        if kept.iter().any(|known| known.name == definition.name && known.of == definition.of) {
            bad(".name", "field-taken", vec![]);
        }
        if (definition.kind == Form::Choice) == definition.choices.is_empty() {
            bad(".choices", "field-choices", vec![]);
        }
        kept.push(definition);
    }
    if wrong.is_empty() { Ok(Cell::Text(Some(json!(kept).to_string()))) } else { Err(wrong) }
}

/// Which attributes the goods of each category have.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    /// By code: the group above and the category's own definitions.
    categories: HashMap<String, (Option<String>, Vec<Definition>)>,
}

impl Attributes {
    /// From rows of categories: code, group above, definitions.
    pub fn new(rows: impl Iterator<Item = (String, Option<String>, Option<String>)>) -> Self {
        let read =
            |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Self { categories: rows.map(|(code, above, text)| (code, (above, read(text)))).collect() }
    }

    /// What goods of this category have: the definitions of the groups above first.
    pub fn of(&self, category: &str, owner: Owner) -> Vec<&Definition> {
        let (mut found, mut at) = (Vec::new(), Some(category));
        // A circle of groups ends where it began.
        for _ in 0..self.categories.len() {
            let Some((above, own)) = at.and_then(|code| self.categories.get(code)) else { break };
            found.push(own);
            at = above.as_deref();
        }
        found.into_iter().rev().flatten().filter(|definition| definition.of == owner).collect()
    }

    /// Names of all attributes that goods of any category have.
    pub fn names(&self, owner: Owner) -> Vec<String> {
        let own = self.categories.values().flat_map(|(_, own)| own);
        let mut names: Vec<String> = own.filter(|one| one.of == owner).map(|one| one.name.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The values as they are kept, or what is wrong with them.
    pub fn check(
        &self,
        category: &str,
        owner: Owner,
        values: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Vec<Mistake>> {
        let known = self.of(category, owner);
        let (mut kept, mut wrong) = (Map::new(), Vec::new());
        for (name, value) in values.iter().filter(|(_, value)| !value.is_null()) {
            let Some(definition) = known.iter().find(|one| one.name == *name) else {
                let values = vec![("category", category.to_owned())];
                wrong.push(Mistake::new("field-attribute", values).inside(format!(".{name}")));
                continue;
            };
            match definition.read(value) {
                Ok(value) => drop(kept.insert(name.clone(), value)),
                Err(mistake) => wrong.push(mistake.inside(format!(".{name}"))),
            }
        }
        for missing in known.iter().filter(|one| one.required && !kept.contains_key(&one.name)) {
            let inside = format!(".{}", missing.name);
            if !wrong.iter().any(|mistake: &Mistake| mistake.inside == inside) {
                wrong.push(Mistake::new("field-required", vec![]).inside(inside));
            }
        }
        if wrong.is_empty() { Ok(kept) } else { Err(wrong) }
    }
}

impl Definition {
    /// A value of this form; a text from a file may stand for it.
    fn read(&self, value: &Value) -> Result<Value, Mistake> {
        let text = value.as_str().map(str::trim);
        match self.kind {
            Form::Text => {
                let is_plain = value.is_string() || value.is_number();
                let text = text.map_or_else(|| value.to_string(), str::to_owned);
                if is_plain { Ok(json!(text)) } else { Err(Mistake::new("field-text", vec![])) }
            }
            Form::Whole => text
                .map_or_else(|| value.as_i64(), |text| cell::plain_number(text).parse().ok())
                .map(|number| json!(number))
                .ok_or_else(|| Mistake::new("field-whole-number", vec![])),
            Form::Number => {
                let number = cell::plain_number(&text.map_or_else(|| value.to_string(), str::to_owned));
                Decimal::from_str_exact(&number)
                    .map(|number| json!(number.to_string()))
                    .map_err(|_| Mistake::new("field-number", vec![]))
            }
            Form::Day => text
                .and_then(cell::day)
                .map(|day| json!(day))
                .ok_or_else(|| Mistake::new("field-day", vec![])),
            Form::YesNo => value
                .as_bool()
                .or_else(|| text.and_then(cell::yes_no))
                .map(Value::Bool)
                .ok_or_else(|| Mistake::new("field-yes-no", vec![])),
            Form::Choice => {
                let chosen = self.choices.iter().find(|choice| Some(choice.as_str()) == text);
                chosen
                    .map(|choice| json!(choice))
                    .ok_or_else(|| Mistake::new("field-word", vec![("words", self.choices.join(", "))]))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes() -> Attributes {
        let own = r#"[{"name": "motor", "kind": "choice", "choices": ["a", "b"], "required": true}]"#;
        let above = r#"[{"name": "body_no", "kind": "whole"}, {"name": "litres", "kind": "number", "of": "product"}]"#;
        let rows = [
            ("COOL".to_owned(), None, Some(above.to_owned())),
            ("FRIDGE".to_owned(), Some("COOL".to_owned()), Some(own.to_owned())),
            ("CIRCLE".to_owned(), Some("CIRCLE".to_owned()), None),
        ];
        Attributes::new(rows.into_iter())
    }

    fn check(category: &str, values: Value) -> Result<Value, Vec<String>> {
        let Value::Object(values) = values else { panic!("an object") };
        let told =
            |wrong: Vec<Mistake>| wrong.iter().map(|one| format!("{} {}", one.inside, one.code)).collect();
        attributes().check(category, Owner::Device, &values).map(Value::Object).map_err(told)
    }

    #[test]
    fn a_category_has_its_own_attributes_and_those_of_the_groups_above() {
        let told = check("FRIDGE", json!({"motor": "a", "body_no": "۱۲"}));
        assert_eq!(told, Ok(json!({"motor": "a", "body_no": 12})));
        assert_eq!(check("COOL", json!({"motor": "a"})), Err(vec![".motor field-attribute".into()]));
        assert_eq!(check("CIRCLE", json!({})), Ok(json!({})));
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_name() {
        let told = check("FRIDGE", json!({"motor": "c", "body_no": "x"})).unwrap_err();
        assert_eq!(told, [".motor field-word", ".body_no field-whole-number"]);
        assert_eq!(check("FRIDGE", json!({})), Err(vec![".motor field-required".into()]));
    }

    #[test]
    fn a_definition_that_makes_no_sense_is_refused() {
        for wrong in [
            json!([{"name": "A B", "kind": "text"}]),
            json!([{"name": "a", "kind": "colour"}]),
            json!([{"name": "a", "kind": "choice"}]),
            json!([{"name": "a", "kind": "text"}, {"name": "a", "kind": "day"}]),
            json!({"a": 1}),
        ] {
            assert!(definitions(&wrong).is_err(), "{wrong}");
        }
    }
}
