//! Compares a file with the JSON Schema of its kind and tells all differences at once, in the author's words.
//!
//! It never changes the tree. What passes here can be read as the typed definition; where a schema offers
//! several forms, the kind of the value written (text, list, map) picks the one that is meant.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::node::{Node, NodeValue};
use crate::diagnostic::{Diagnostic, Place};

/// Where `$parameter` may stand for any value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameters {
    /// In a fragment, before it is used.
    Open,
    /// Everywhere else.
    None,
}

/// All differences between a file and the schema of its kind.
pub fn compare(node: &Node, schema: &Json, parameters: Parameters) -> Vec<Diagnostic> {
    let mut shape = Shape { root: schema, parameters, found: Vec::new() };
    shape.value(node, &Named::new(schema, "the file"));
    shape.found
}

struct Shape<'s> {
    root: &'s Json,
    parameters: Parameters,
    found: Vec<Diagnostic>,
}

/// A schema and what the value is called in messages.
struct Named<'s> {
    schema: &'s Json,
    name: String,
}

impl<'s> Named<'s> {
    fn new(schema: &'s Json, name: impl Into<String>) -> Self {
        Self { schema, name: name.into() }
    }
}

/// One form that a value may take, with the name of its definition.
#[derive(Clone, Copy)]
struct Form<'s> {
    schema: &'s Json,
    definition: &'s str,
}

impl<'s> Form<'s> {
    fn words(self, key: &str) -> impl Iterator<Item = &'s str> {
        let value = self.schema.get(key);
        let one = value.and_then(Json::as_str);
        let many = value.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
        one.into_iter().chain(many)
    }

    fn is(self, kind: &str) -> bool {
        self.words("type").any(|word| word == kind)
    }

    /// The fixed words that it allows, if it is a list of choices.
    fn choices(self) -> impl Iterator<Item = &'s str> {
        self.words("const").chain(self.words("enum"))
    }

    fn has_choices(self) -> bool {
        self.schema.get("const").is_some() || self.schema.get("enum").is_some()
    }

    /// Whether anything is right.
    fn is_open(self) -> bool {
        self.schema.as_bool() == Some(true)
            || self.schema.as_object().is_some_and(|object| {
                ["type", "const", "enum", "properties", "$ref", "anyOf", "oneOf"]
                    .iter()
                    .all(|key| !object.contains_key(*key))
            })
    }

    /// The key of a map that is one of several alternatives, told apart by that key.
    fn tag(self) -> Option<(&'s str, &'s Json)> {
        let properties = self.schema.get("properties")?.as_object()?;
        let mut required = self.words("required");
        let tag = required.next()?;
        (properties.len() == 1 && required.next().is_none()).then_some(())?;
        properties
            .iter()
            .next()
            .map(|(name, schema)| (name.as_str(), schema))
            .filter(|(name, _)| *name == tag)
    }
}

impl<'s> Shape<'s> {
    /// Follows references and opens alternatives.
    fn forms(&self, schema: &'s Json, definition: &'s str, into: &mut Vec<Form<'s>>) {
        if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
            let name = reference.rsplit('/').next().unwrap_or("");
            if let Some(target) = self.root.get("$defs").and_then(|defs| defs.get(name)) {
                self.forms(target, target_name(target, name), into);
            }
            return;
        }
        let alternatives = ["anyOf", "oneOf"].iter().find_map(|key| schema.get(*key)?.as_array());
        match alternatives {
            Some(list) => list.iter().for_each(|one| self.forms(one, definition, into)),
            None => into.push(Form { schema, definition }),
        }
    }

    fn value(&mut self, node: &Node, what: &Named<'s>) {
        if self.parameters == Parameters::Open && node.as_text().is_some_and(|text| text.starts_with('$')) {
            return;
        }
        let mut forms = Vec::new();
        self.forms(what.schema, "", &mut forms);
        if forms.iter().any(|form| form.is_open()) {
            return;
        }
        match &node.value {
            NodeValue::Null if forms.iter().any(|form| form.is("null")) => {}
            NodeValue::Null => self.wrong(node, what, &forms),
            NodeValue::List(items) => match forms.iter().find(|form| form.is("array")) {
                Some(form) => {
                    let item = Named::new(form.schema.get("items").unwrap_or(&Json::Null), &what.name);
                    items.iter().for_each(|node| self.value(node, &item));
                }
                None => self.wrong(node, what, &forms),
            },
            NodeValue::Map(_) => {
                let maps: Vec<Form<'s>> = forms.iter().copied().filter(|form| form.is("object")).collect();
                match maps.as_slice() {
                    [] => self.wrong(node, what, &forms),
                    [one] => self.map(node, *one),
                    several => self.tagged(node, several),
                }
            }
            NodeValue::Text(text) => self.scalar(node, text, what, &forms),
            NodeValue::Number(text) => self.scalar(node, text, what, &forms),
            NodeValue::Bool(value) => self.scalar(node, if *value { "true" } else { "false" }, what, &forms),
        }
    }

    /// A map with the keys of one definition, or with keys of the author's own.
    fn map(&mut self, node: &Node, form: Form<'s>) {
        let none = serde_json::Map::new();
        let properties = form.schema.get("properties").and_then(Json::as_object);
        let others = form.schema.get("additionalProperties");
        for (key, value) in node.entries() {
            match (properties.and_then(|known| known.get(&key.value)), others) {
                (Some(schema), _) => self.value(value, &Named::new(schema, format!("`{}`", key.value))),
                (None, Some(Json::Bool(false))) => {
                    let known = properties.unwrap_or(&none).keys().map(String::as_str);
                    self.unknown("key", &key.value, key.place, known);
                }
                (None, Some(schema)) => {
                    self.value(value, &Named::new(schema, format!("`{}`", key.value)));
                }
                (None, None) => {}
            }
        }
        for missing in form.words("required").filter(|key| node.get(key).is_none()) {
            self.found.push(
                Diagnostic::error("AC0012", head(node), format!("the key `{missing}` is missing"))
                    .label(format!("needs `{missing}`")),
            );
        }
    }

    /// A map with one key that says what it is, such as an action.
    fn tagged(&mut self, node: &Node, forms: &[Form<'s>]) {
        let known: Vec<(&str, &'s Json)> = forms.iter().filter_map(|form| form.tag()).collect();
        if known.len() < forms.len() {
            // Several plain maps: the one with most of the keys written is meant.
            let fit = |form: &&Form<'s>| {
                let keys = form.schema.get("properties").and_then(Json::as_object);
                node.entries()
                    .iter()
                    .filter(|(key, _)| keys.is_some_and(|k| k.contains_key(&key.value)))
                    .count()
            };
            if let Some(best) = forms.iter().rev().max_by_key(fit) {
                self.map(node, *best);
            }
            return;
        }
        let what = noun(forms.first().map_or("", |form| form.definition));
        match node.entries() {
            [(key, value)] => match known.iter().find(|(name, _)| *name == key.value) {
                Some((name, schema)) => self.value(value, &Named::new(schema, format!("`{name}`"))),
                None => self.unknown(&what, &key.value, key.place, known.iter().map(|(name, _)| *name)),
            },
            [] => self.found.push(
                Diagnostic::error("AC0013", node.place, format!("an empty map is no {what}")).nearest(
                    &what,
                    "",
                    known.iter().map(|(name, _)| *name),
                ),
            ),
            [_, (second, _), ..] => self.found.push(
                Diagnostic::error(
                    "AC0013",
                    second.place,
                    format!("`{}` is one key too many here", second.value),
                )
                .label("a second key")
                .help(format!("one map holds one {what}: write a list, each with its own `-`")),
            ),
        }
    }

    fn scalar(&mut self, node: &Node, text: &str, what: &Named<'s>, forms: &[Form<'s>]) {
        let is_text = matches!(node.value, NodeValue::Text(_));
        let free = |form: &Form<'s>| !form.has_choices();
        let fits = forms.iter().filter(|form| free(form)).any(|form| {
            form.is("string")
                || (form.is("integer") && !is_text && text.parse::<i64>().is_ok())
                || (form.is("number") && matches!(node.value, NodeValue::Number(_)))
                || (form.is("boolean") && matches!(node.value, NodeValue::Bool(_)))
        });
        if fits {
            self.bounds(node, text, what, forms);
            return;
        }
        let choices: BTreeSet<&str> = forms.iter().flat_map(|form| form.choices()).collect();
        if choices.contains(text) && is_text {
            return;
        }
        if choices.is_empty() || !is_text {
            self.wrong(node, what, forms);
            return;
        }
        let words = choices.iter().copied();
        self.found.push(
            Diagnostic::error("AC0014", node.place, format!("`{text}` is not a value of {}", what.name))
                .label("not one of its values")
                .nearest("value", text, words),
        );
    }

    fn bounds(&mut self, node: &Node, text: &str, what: &Named<'s>, forms: &[Form<'s>]) {
        let Ok(number) = text.parse::<i64>() else { return };
        let Some(form) = forms.iter().find(|form| form.is("integer")) else { return };
        let bound = |key: &str| form.schema.get(key).and_then(Json::as_i64);
        let (least, most) = (bound("minimum"), bound("maximum"));
        if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
            let range = match (least, most) {
                (Some(least), Some(most)) => format!("from {least} to {most}"),
                (Some(least), None) => format!("{least} or more"),
                (None, Some(most)) => format!("{most} or less"),
                (None, None) => return,
            };
            self.found.push(
                Diagnostic::error(
                    "AC0013",
                    node.place,
                    format!("`{text}` is out of range for {}", what.name),
                )
                .label(format!("must be {range}")),
            );
        }
    }

    fn unknown<'a>(&mut self, what: &str, name: &str, place: Place, known: impl Iterator<Item = &'a str>) {
        self.found.push(
            Diagnostic::error("AC0011", place, format!("unknown {what} `{name}`"))
                .label(format!("no such {what}"))
                .nearest(what, name, known),
        );
    }

    fn wrong(&mut self, node: &Node, what: &Named<'s>, forms: &[Form<'s>]) {
        let mut expected: Vec<&str> = Vec::new();
        for form in forms {
            for (kind, words) in [
                ("string", "a text"),
                ("integer", "a whole number"),
                ("number", "a number"),
                ("boolean", "true or false"),
                ("object", "a map"),
                ("array", "a list"),
            ] {
                // A text covers numbers and yes/no written bare: naming them would only confuse.
                let covered = matches!(kind, "number" | "boolean") && form.is("string");
                if form.is(kind) && !covered && !expected.contains(&words) {
                    expected.push(words);
                }
            }
            if form.has_choices() && !form.is("string") && !expected.contains(&"a text") {
                expected.push("a text");
            }
        }
        let expected = expected.join(" or ");
        self.found.push(
            Diagnostic::error(
                "AC0013",
                head(node),
                format!("{} must be {expected}, found {}", what.name, node.kind()),
            )
            .label(format!("expected {expected}")),
        );
    }
}

/// The place to point at: a map's or list's first line, not all of it.
fn head(node: &Node) -> Place {
    match &node.value {
        NodeValue::Map(entries) => entries.first().map_or(node.place, |(key, _)| key.place),
        _ => node.place,
    }
}

/// The name that authors know a definition by: a title of its own, or the type's.
fn target_name<'s>(schema: &'s Json, name: &'s str) -> &'s str {
    schema.get("title").and_then(Json::as_str).unwrap_or(name)
}

/// `ChargeAdd` → `charge add`; the internal `…Body` is left out.
fn noun(definition: &str) -> String {
    let mut words = String::new();
    for letter in definition.trim_end_matches("Body").chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    if words.is_empty() { "key".into() } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Sources, render};
    use crate::schema;

    fn check(text: &str, expected: &str) {
        let mut sources = Sources::default();
        let source = sources.add("p.yaml", text);
        let node = Node::read(source, text).unwrap();
        let schema = schema::kind_of(&node).unwrap().schema();
        assert_eq!(render::short(&compare(&node, &schema, Parameters::None), &sources), expected);
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        check(
            "
process: p
titel: {en: x}
states:
  a:
    type: finall
    progress: much
    on: [x]
    entry: [{notfy: {to: customer}}, {notify: {to: customer}, voucher: x}]
",
            "p.yaml:3:1: error[AC0011]: unknown key `titel`; a key with a similar name exists: `title`\n\
             p.yaml:6:11: error[AC0014]: `finall` is not a value of `type`; a value with a similar name exists: `final`\n\
             p.yaml:7:15: error[AC0013]: `progress` must be a whole number, found a text\n\
             p.yaml:8:9: error[AC0013]: `on` must be a map, found a list\n\
             p.yaml:9:14: error[AC0011]: unknown action `notfy`; an action with a similar name exists: `notify`\n\
             p.yaml:9:63: error[AC0013]: `voucher` is one key too many here; one map holds one action: write a list, each with its own `-`\n",
        );
    }

    #[test]
    fn the_kind_of_value_picks_the_form_that_is_meant() {
        check(
            "
process: p
states:
  a:
    on:
      one: b
      two: {target: [b, c], gard: x}
      three: [{target: b}, c, {guard: {wen: x}}]
    entry: {notify: {to: {rolle: x}}}
",
            "p.yaml:7:29: error[AC0011]: unknown key `gard`; a key with a similar name exists: `guard`\n\
             p.yaml:8:40: error[AC0011]: unknown key `wen`; a key with a similar name exists: `when`\n\
             p.yaml:8:40: error[AC0012]: the key `when` is missing\n\
             p.yaml:9:27: error[AC0011]: unknown recipient `rolle`; a recipient with a similar name exists: `role`\n\
             p.yaml:9:22: error[AC0012]: the key `message` is missing\n",
        );
    }

    #[test]
    fn what_passes_can_be_read() {
        let text = "
process: p
fields: {n: {type: integer, min: 1, default: 12.50}, ok: {type: flag, required: true}}
states:
  a: {progress: 20, always: [{guard: true, target: b}], after: {3 days: b}, entry: [{set: {n: 3}}]}
  b: {type: final}
";
        check(text, "");
        let node = Node::read(crate::diagnostic::SourceId(0), text).unwrap();
        assert!(node.to::<crate::definition::Process>().is_ok());
        check(
            "process: p\nstates: {a: {progress: 300}}\n",
            "p.yaml:2:24: error[AC0013]: `300` is out of range for `progress`\n",
        );
    }
}
