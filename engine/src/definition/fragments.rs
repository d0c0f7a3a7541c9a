//! Fragments: parts of a statechart that several processes share, merged before a process is read.
//!
//! `use: name`, `use: {fragment: name, with: {parameter: value}}` or a list of them, in a process or in any
//! state, merges the fragment's `body` into that place: what the user writes wins, maps are merged, lists are
//! joined (the fragment's first), and its `fields` become fields of the process. `$parameter` as a whole value,
//! or `${parameter}` inside a text or key, stands for what `with` gives; a list given for an item of a list is
//! spliced in. Targets inside a body are keys of the body, or come in as parameters.
//!
//! Merging happens on the tree, so every value keeps the place where its author wrote it. What is wrong with
//! the merged whole is not judged here: `shape` and the compiler see the result.

mod merge;
mod parameters;

use std::collections::{BTreeMap, BTreeSet};

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::field::Field;
use super::node::{MAX_NODES, Node, NodeValue};
use super::process::{ProcessDeadline, State};
use super::table::ShortOr;
use super::{OneOrMany, Table, Translated, shape};
use crate::diagnostic::{Diagnostic, Place, Sp};
use parameters::Given;

/// Deepest chain of fragments that use fragments.
const MAX_CHAIN: usize = 8;

/// A fragment file. It is described here for its schema; because `$parameter` may stand anywhere, it is read
/// only as part of the processes that use it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Fragment {
    /// Name of the fragment.
    pub fragment: Sp<String>,
    pub title: Option<Translated>,
    /// Parameter to its meaning; one with a `default` may be left out.
    #[schemars(default)]
    pub parameters: Table<Parameter>,
    /// Fields that the using process gets.
    #[schemars(default)]
    pub fields: Table<Field>,
    /// Clocks that the using process gets; the states that they name come in as parameters.
    #[schemars(default)]
    pub deadlines: Table<ProcessDeadline>,
    /// The keys of a state to merge into the user; `$parameter` may stand anywhere in it.
    #[schemars(default)]
    pub body: State,
}

/// A parameter of a fragment.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Parameter {
    /// What it means, for the author who uses the fragment.
    pub about: Sp<String>,
    #[schemars(default)]
    pub default: Option<serde_json::Value>,
}

/// The long form of `use`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
#[expect(dead_code, reason = "read from the tree, so that what `with` gives keeps its place")]
struct UseBody {
    /// Name of the fragment.
    fragment: Sp<String>,
    /// Values of its parameters.
    #[serde(default)]
    with: BTreeMap<String, serde_json::Value>,
}

fn use_schema() -> Schema {
    let mut schema = schema_for!(OneOrMany<ShortOr<UseBody>>);
    schema.remove("$schema");
    schema.remove("title");
    schema.insert("description".into(), "Fragments to merge into this place.".into());
    schema
}

/// Adds the key `use`, which is gone before the typed definition is read, to a schema of states.
pub(super) fn admit_use(schema: &mut Schema) {
    if let Some(properties) = schema.get_mut("properties").and_then(serde_json::Value::as_object_mut) {
        properties.insert("use".into(), use_schema().to_value());
    }
}

/// A fragment as it was read.
#[derive(Clone, Debug)]
struct Loaded {
    name: Sp<String>,
    /// Parameters with the value that stands when nothing is given.
    parameters: Vec<(Sp<String>, Option<Node>)>,
    fields: Option<Node>,
    deadlines: Option<Node>,
    body: Node,
}

/// All fragments of a bundle.
#[derive(Clone, Debug, Default)]
pub struct Fragments {
    known: BTreeMap<String, Loaded>,
}

impl Fragments {
    /// Takes in a fragment file that has passed the comparison with its schema.
    pub fn add(&mut self, file: &Node) -> Vec<Diagnostic> {
        let Some(name) = file.get("fragment").and_then(text) else { return Vec::new() };
        let parameters: Vec<_> = file
            .get("parameters")
            .map_or(&[][..], Node::entries)
            .iter()
            .map(|(name, about)| (name.clone(), about.get("default").cloned()))
            .collect();
        let empty = Node { place: file.place, value: NodeValue::Map(Vec::new()) };
        let loaded = Loaded {
            name: name.clone(),
            parameters,
            fields: file.get("fields").cloned(),
            deadlines: file.get("deadlines").cloned(),
            body: file.get("body").cloned().unwrap_or(empty),
        };
        let mut found = parameters::check(
            &loaded.parameters,
            [Some(&loaded.body), loaded.fields.as_ref(), loaded.deadlines.as_ref()],
        );
        if let Some(first) = self.known.insert(name.value.clone(), loaded) {
            found.push(
                Diagnostic::error("AC0004", name.place, format!("there are two fragments `{}`", name.value))
                    .help("fragments share one space of names: rename one of them"),
            );
            self.known.insert(name.value, first);
        }
        found
    }

    /// Names of all fragments with the places of their definitions.
    pub fn names(&self) -> impl Iterator<Item = &Sp<String>> {
        self.known.values().map(|loaded| &loaded.name)
    }

    /// Replaces every `use` in a process.
    pub fn merge(&self, process: Node) -> Merged {
        let (found, used) = (Vec::new(), BTreeSet::new());
        let mut run = Run { fragments: self, found, used, fields: None, deadlines: None, left: MAX_NODES };
        let mut node = run.state(process, &mut Vec::new());
        if let NodeValue::Map(entries) = &mut node.value {
            for (key, brought) in [("fields", run.fields), ("deadlines", run.deadlines)] {
                if let Some(brought) = brought {
                    merge::under_key(entries, key, brought);
                }
            }
        }
        Merged { node, found: run.found, used: run.used }
    }
}

/// A process without `use`, and which fragments are in it.
pub struct Merged {
    pub node: Node,
    pub found: Vec<Diagnostic>,
    pub used: BTreeSet<String>,
}

struct Run<'f> {
    fragments: &'f Fragments,
    found: Vec<Diagnostic>,
    used: BTreeSet<String>,
    /// Fields and clocks that the fragments bring.
    fields: Option<Node>,
    deadlines: Option<Node>,
    /// Values that fragments may still add.
    left: usize,
}

impl<'f> Run<'f> {
    /// A state (or the process) with its fragments merged in, and the same for all states inside.
    fn state(&mut self, mut node: Node, chain: &mut Vec<&'f str>) -> Node {
        let NodeValue::Map(entries) = &mut node.value else { return node };
        let asked = entries.iter().position(|(key, _)| key.value == "use").map(|at| entries.remove(at).1);
        let mut node = match asked {
            Some(asked) => {
                let base = self.asked(&asked, chain);
                merge::nodes(base, node)
            }
            None => node,
        };
        let NodeValue::Map(entries) = &mut node.value else { return node };
        let Some((_, states)) = entries.iter_mut().find(|(key, _)| key.value == "states") else {
            return node;
        };
        if let NodeValue::Map(children) = &mut states.value {
            for (_, child) in children {
                let place = child.place;
                let taken = std::mem::replace(child, Node { place, value: NodeValue::Null });
                *child = self.state(taken, chain);
            }
        }
        node
    }

    /// What one `use` brings: one fragment or several, the later over the earlier.
    fn asked(&mut self, asked: &Node, chain: &mut Vec<&'f str>) -> Node {
        let mut base = Node { place: asked.place, value: NodeValue::Map(Vec::new()) };
        let wrong = shape::compare(asked, use_schema().as_value(), shape::Parameters::None);
        if !wrong.is_empty() {
            self.found.extend(wrong);
            return base;
        }
        let each = match &asked.value {
            NodeValue::List(items) => items.as_slice(),
            _ => std::slice::from_ref(asked),
        };
        for one in each {
            let named = text(one).or_else(|| one.get("fragment").and_then(text));
            let Some(name) = named else { continue };
            if let Some(body) = self.one(&name, one, chain) {
                base = merge::nodes(base, body);
            }
        }
        base
    }

    /// One fragment with its parameters replaced and its own fragments merged.
    fn one(&mut self, name: &Sp<String>, asked: &Node, chain: &mut Vec<&'f str>) -> Option<Node> {
        let fragments = self.fragments;
        let Some(fragment) = fragments.known.get(&name.value) else {
            self.found.push(
                Diagnostic::error("AC0015", name.place, format!("unknown fragment `{}`", name.value))
                    .label("no such fragment")
                    .nearest("fragment", &name.value, fragments.known.keys().map(String::as_str)),
            );
            return None;
        };
        self.used.insert(name.value.clone());
        if let Some(at) = chain.iter().position(|above| *above == name.value) {
            let mut circle: Vec<&str> = chain.get(at..).unwrap_or_default().to_vec();
            circle.push(&name.value);
            self.found.push(
                Diagnostic::error("AC0018", name.place, format!("fragment `{}` uses itself", name.value))
                    .help(format!("the circle is `{}`", circle.join("` → `"))),
            );
            return None;
        }
        if chain.len() >= MAX_CHAIN {
            self.found.push(Diagnostic::error(
                "AC0019",
                name.place,
                format!("more than {MAX_CHAIN} fragments use each other in a chain"),
            ));
            return None;
        }
        let given = self.given(fragment, asked, name.place);
        let fields = fragment.fields.as_ref().map(|fields| given.replace(fields, &mut self.left));
        let deadlines = fragment.deadlines.as_ref().map(|clocks| given.replace(clocks, &mut self.left));
        let body = given.replace(&fragment.body, &mut self.left);
        if self.left == 0 {
            self.found.push(
                Diagnostic::error("AC0019", name.place, "the fragments used here make the process too large")
                    .help(format!("all fragments of a process together may bring {MAX_NODES} values")),
            );
            return None;
        }
        for (brought, so_far) in [(fields, &mut self.fields), (deadlines, &mut self.deadlines)] {
            if let Some(brought) = brought {
                *so_far = Some(match so_far.take() {
                    Some(before) => merge::nodes(before, brought),
                    None => brought,
                });
            }
        }
        chain.push(&fragment.name.value);
        let body = self.state(body, chain);
        chain.pop();
        Some(body)
    }

    /// The value of each parameter: what `with` gives, else the default.
    fn given(&mut self, fragment: &'f Loaded, asked: &Node, place: Place) -> Given {
        let with = asked.get("with").map_or(&[][..], Node::entries);
        let known = || fragment.parameters.iter().map(|(name, _)| name.value.as_str());
        for (key, _) in with.iter().filter(|(key, _)| !known().any(|name| name == key.value)) {
            let message = format!("fragment `{}` has no parameter `{}`", fragment.name.value, key.value);
            self.found.push(
                Diagnostic::error("AC0016", key.place, message).label("no such parameter").nearest(
                    "parameter",
                    &key.value,
                    known(),
                ),
            );
        }
        let mut given = Given::default();
        for (name, default) in &fragment.parameters {
            let value = with.iter().find(|(key, _)| key.value == name.value).map(|(_, value)| value);
            match value.or(default.as_ref()) {
                Some(value) => given.set(&name.value, value.clone()),
                None => self.found.push(
                    Diagnostic::error(
                        "AC0017",
                        place,
                        format!("fragment `{}` needs the parameter `{}`", fragment.name.value, name.value),
                    )
                    .help(format!(
                        "write `use: {{fragment: {}, with: {{{}: …}}}}`",
                        fragment.name.value, name.value
                    )),
                ),
            }
        }
        given
    }
}

fn text(node: &Node) -> Option<Sp<String>> {
    node.as_text().map(|text| Sp::new(text.to_owned(), node.place))
}

#[cfg(test)]
mod tests;
