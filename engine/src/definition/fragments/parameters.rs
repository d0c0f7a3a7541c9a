//! `$parameter` and `${parameter}`: finding them in a fragment and replacing them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Node, NodeValue, Sp};
use crate::diagnostic::{Diagnostic, Place};

/// What a fragment's parameters stand for at one `use`.
#[derive(Default)]
pub(super) struct Given(BTreeMap<String, Node>);

impl Given {
    pub(super) fn set(&mut self, name: &str, value: Node) {
        self.0.insert(name.to_owned(), value);
    }

    /// The tree with all parameters replaced, as long as `left` values allow.
    pub(super) fn replace(&self, node: &Node, left: &mut usize) -> Node {
        *left = left.saturating_sub(1);
        if *left == 0 {
            return Node { place: node.place, value: NodeValue::Null };
        }
        let value = match &node.value {
            NodeValue::Text(text) => match whole(text).and_then(|name| self.0.get(name)) {
                Some(given) => {
                    *left = left.saturating_sub(count(given));
                    return given.clone();
                }
                None => NodeValue::Text(self.inside(text)),
            },
            NodeValue::List(items) => {
                let mut replaced = Vec::new();
                for item in items {
                    let is_parameter = item.as_text().is_some_and(|text| whole(text).is_some());
                    match self.replace(item, left) {
                        Node { value: NodeValue::List(several), .. } if is_parameter => {
                            replaced.extend(several)
                        }
                        one => replaced.push(one),
                    }
                }
                NodeValue::List(replaced)
            }
            NodeValue::Map(entries) => NodeValue::Map(
                entries.iter().map(|(key, value)| (self.key(key), self.replace(value, left))).collect(),
            ),
            other => other.clone(),
        };
        Node { place: node.place, value }
    }

    fn key(&self, key: &Sp<String>) -> Sp<String> {
        // Where it is given, a mistake in it can be mended.
        let given = whole(&key.value).and_then(|name| self.0.get(name));
        match given.and_then(|node| Some((node.as_text()?, node.place))) {
            Some((text, place)) => Sp::new(text.to_owned(), place),
            None => Sp::new(self.inside(&key.value), key.place),
        }
    }

    fn inside(&self, text: &str) -> String {
        let mut replaced = text.to_owned();
        for name in names(text) {
            if let Some(value) = self.0.get(name).and_then(Node::as_text) {
                replaced = replaced.replace(&format!("${{{name}}}"), value);
            }
        }
        replaced
    }
}

/// `$name` and nothing else.
fn whole(text: &str) -> Option<&str> {
    let name = text.strip_prefix('$')?;
    let first = name.chars().next()?;
    let fits = (first.is_ascii_lowercase() || first == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    fits.then_some(name)
}

/// The names in `${…}`.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

fn count(node: &Node) -> usize {
    1 + match &node.value {
        NodeValue::List(items) => items.iter().map(count).sum(),
        NodeValue::Map(entries) => entries.iter().map(|(_, value)| count(value)).sum(),
        _ => 0,
    }
}

/// Names in the fragment that are no parameters, and parameters that stand nowhere.
pub(super) fn check(declared: &[(Sp<String>, Option<Node>)], parts: [Option<&Node>; 3]) -> Vec<Diagnostic> {
    let mut written: Vec<(String, Place)> = Vec::new();
    parts.into_iter().flatten().for_each(|part| collect(part, &mut written));
    let known: BTreeSet<&str> = declared.iter().map(|(name, _)| name.value.as_str()).collect();
    let mut found: Vec<Diagnostic> = written
        .iter()
        .filter(|(name, _)| !known.contains(name.as_str()))
        .map(|(name, place)| {
            Diagnostic::error("AC0016", *place, format!("unknown parameter `{name}`"))
                .label("not under `parameters`")
                .nearest("parameter", name, known.iter().copied())
        })
        .collect();
    for (name, _) in declared.iter().filter(|(name, _)| !written.iter().any(|(used, _)| *used == name.value))
    {
        found.push(
            Diagnostic::warning(
                "AC0007",
                name.place,
                format!("the parameter `{}` is never used", name.value),
            )
            .help(format!("write `${}` where its value belongs, or remove it", name.value)),
        );
    }
    found
}

fn collect(node: &Node, into: &mut Vec<(String, Place)>) {
    let mut text = |text: &str, place: Place| match whole(text) {
        Some(name) => into.push((name.to_owned(), place)),
        None => into.extend(names(text).map(|name| (name.to_owned(), place))),
    };
    match &node.value {
        NodeValue::Text(value) => text(value, node.place),
        NodeValue::List(items) => items.iter().for_each(|item| collect(item, into)),
        NodeValue::Map(entries) => {
            for (key, value) in entries {
                collect(&Node { place: key.place, value: NodeValue::Text(key.value.clone()) }, into);
                collect(value, into);
            }
        }
        _ => {}
    }
}
