//! Names say what a thing is, and no Rust knows the name of anything a designer makes.

use std::collections::{BTreeMap, BTreeSet};

use aftercare_engine::definition::node::{Node, NodeValue};
use aftercare_engine::diagnostic::SourceId;

use super::sources;

/// Names that say nothing.
const EMPTY_NAMES: &[&str] =
    &["utils", "util", "helpers", "helper", "common", "misc", "shared", "stuff", "mod"];

/// States that share their word with something the product itself knows, and what that is.
const WORDS_OF_THE_PRODUCT: &[(&str, &str)] = &[("at_partner", "a device's status in the register")];

#[test]
fn modules_have_names_that_say_something() {
    let empty: Vec<String> = sources::files()
        .iter()
        .filter(|path| path.ends_with(".rs") || path.ends_with(".rhai"))
        .filter(|path| path.split(['/', '.']).any(|part| EMPTY_NAMES.contains(&part)))
        .cloned()
        .collect();
    sources::none("name the thing itself", &empty);
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<String> = sources::rust()
        .iter()
        .filter(|file| !file.path.ends_with("/tests.rs") && !file.text.trim_start().starts_with("//!"))
        .map(|file| file.path.clone())
        .collect();
    sources::none("a module begins with `//!`: what it is, what it must never do", &silent);
}

#[test]
fn every_file_is_part_of_a_crate() {
    let orphans: Vec<String> = sources::rust()
        .iter()
        .filter(|file| file.path.contains("/src/"))
        .filter(|file| !is_root(&file.path) && !is_declared(&file.path))
        .map(|file| file.path.clone())
        .collect();
    sources::none("no module declares this file", &orphans);
}

fn is_root(path: &str) -> bool {
    path.ends_with("src/lib.rs") || path.ends_with("src/main.rs") || path.contains("src/bin/")
}

/// Whether the module above has a `mod` line for the file.
fn is_declared(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').expect("a file in src/");
    let name = name.trim_end_matches(".rs");
    let above = if folder.ends_with("/src") {
        vec![format!("{folder}/lib.rs"), format!("{folder}/main.rs")]
    } else {
        vec![format!("{folder}.rs"), format!("{folder}/main.rs")]
    };
    above.iter().any(|parent| {
        sources::rust().iter().filter(|file| &file.path == parent).any(|file| {
            let declares = |line: &str| line.trim().trim_end_matches(';').ends_with(&format!("mod {name}"));
            file.text.lines().any(declares)
        })
    })
}

#[test]
fn no_rust_knows_the_name_of_a_process_a_state_or_a_message() {
    let names = names_of_designers();
    assert!(
        names.len() > 10 || !sources::root().join("workflows").exists(),
        "the names are not found: {names:?}"
    );
    let mut known = Vec::new();
    let mut needed = BTreeSet::new();
    for file in sources::rust() {
        for (number, line) in file.statements() {
            // A state of one plain word (`planned`, `due`) may well be a word of the product itself.
            for text in literals(line).filter(|text| text.contains('_')) {
                let Some(kind) = names.get(text) else { continue };
                needed.insert(text.to_owned());
                if !WORDS_OF_THE_PRODUCT.iter().any(|(word, _)| *word == text) {
                    known.push(format!("{}:{number} knows the {kind} `{text}`", file.path));
                }
            }
        }
    }
    known.extend(
        WORDS_OF_THE_PRODUCT
            .iter()
            .filter(|(word, _)| !needed.contains(*word))
            .map(|(word, why)| format!("`{word}` needs no exception any more ({why}): take it off the list")),
    );
    sources::none("a designer adds and renames these without any Rust", &known);
}

/// Texts in double quotes on a line.
fn literals(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}

/// Names of processes, states and messages of the shipped bundle, with what each is.
fn names_of_designers() -> BTreeMap<String, &'static str> {
    let mut names = BTreeMap::new();
    for path in
        sources::files().iter().filter(|path| path.starts_with("workflows/") && path.ends_with(".yaml"))
    {
        let tree = Node::read(SourceId(0), &sources::read(path))
            .unwrap_or_else(|problem| panic!("{path}: {}", problem.message));
        if let Some(process) = tree.get("process").and_then(Node::as_text) {
            names.insert(process.to_owned(), "process");
        }
        for (message, _) in tree.get("messages").map_or(&[][..], Node::entries) {
            names.insert(message.value.clone(), "message");
        }
        states(&tree, &mut names);
    }
    names
}

/// Keys under any `states:` in the tree.
fn states(node: &Node, names: &mut BTreeMap<String, &'static str>) {
    match &node.value {
        NodeValue::Map(entries) => {
            for (key, value) in entries {
                if key.value == "states" {
                    names.extend(value.entries().iter().map(|(state, _)| (state.value.clone(), "state")));
                }
                states(value, names);
            }
        }
        NodeValue::List(items) => items.iter().for_each(|item| states(item, names)),
        _ => {}
    }
}

#[test]
fn a_file_that_nobody_declares_is_an_orphan() {
    assert!(is_declared("engine/src/definition/node.rs"));
    assert!(!is_declared("engine/src/definition/nobody.rs"));
}

#[test]
fn literals_are_what_stands_between_quotes() {
    assert_eq!(literals(r#"a("b", 'c', "d e")"#).collect::<Vec<_>>(), ["b", "d e"]);
}
