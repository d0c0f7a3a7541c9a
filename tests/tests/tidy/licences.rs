//! Every package that is linked in has a licence of the list in deny.toml.

use std::process::Command;

use super::sources;

#[test]
fn every_dependency_has_a_licence_of_the_list() {
    let allowed = allowed();
    assert!(allowed.contains(&"MIT".to_owned()), "deny.toml names no licences: {allowed:?}");
    let answer = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(sources::root())
        .output()
        .expect("cargo runs");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&answer.stdout).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    assert!(packages.len() > 100, "only {} packages were found", packages.len());
    let found: Vec<String> = packages
        .iter()
        .map(|package| {
            (package["name"].as_str().unwrap_or("?"), package["license"].as_str().unwrap_or("none"))
        })
        .filter(|(_, licence)| !fits(licence, &allowed))
        .map(|(name, licence)| format!("{name}: {licence}"))
        .collect();
    sources::none("a dependency's licence is not on the list in deny.toml", &found);
}

/// The names in `allow = […]` of the licences.
fn allowed() -> Vec<String> {
    let text = sources::read("deny.toml");
    let list = text.split_once("\nallow = [").and_then(|(_, rest)| rest.split_once(']')).expect("a list").0;
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether an SPDX expression can be met: of alternatives one, of a conjunction all.
fn fits(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace(" / ", " OR ").replace('/', " OR ").replace("MPL-2.0+", "MPL-2.0");
    any_fits(&expression, allowed)
}

fn any_fits(expression: &str, allowed: &[String]) -> bool {
    split(expression, " OR ").iter().any(|part| {
        split(part, " AND ").iter().all(|term| {
            let term = term.trim();
            match term.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
                Some(inner) => any_fits(inner, allowed),
                None => allowed.iter().any(|licence| licence == term),
            }
        })
    })
}

/// Splits at an operator outside brackets.
fn split<'a>(text: &'a str, operator: &str) -> Vec<&'a str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && text[at..].starts_with(operator) => {
                parts.push(&text[from..at]);
                from = at + operator.len();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

#[test]
fn licence_expressions_are_read_with_their_brackets() {
    let allowed = ["MIT".to_owned(), "Unicode-3.0".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()];
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-2.0-only OR MIT", true),
        ("MIT/Apache-2.0", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(MIT OR Apache-2.0) AND GPL-3.0", false),
        ("Apache-2.0 WITH LLVM-exception OR Apache-2.0", true),
        ("MIT AND GPL-3.0", false),
    ] {
        assert_eq!(fits(expression, &allowed), expected, "{expression}");
    }
}
