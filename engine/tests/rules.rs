//! The rules that we ship keep what their tests say.

#![expect(clippy::expect_used, reason = "a test stops at what is not there")]
#![expect(clippy::disallowed_methods, reason = "a test reads the files it is about")]

use aftercare_engine::definition::node::Node;
use aftercare_engine::definition::rule_tests::RuleTests;
use aftercare_engine::diagnostic::Sources;
use aftercare_engine::rules::{Rules, tests};

fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules")
}

fn files(ending: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder()).expect("the folder of rules");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
        .into_iter()
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (format!("rules/{name}"), std::fs::read_to_string(path).expect("a text"))
        })
        .collect()
}

fn rules() -> Rules {
    let mut sources = Sources::default();
    let texts = files(".rhai");
    let listed: Vec<_> =
        texts.iter().map(|(path, text)| (sources.add(path.as_str(), text.as_str()), text.as_str())).collect();
    let (rules, found) = Rules::compile(&listed, &sources);
    assert_eq!(found, [], "the rules have mistakes");
    rules
}

#[test]
fn every_case_of_every_rule_test_passes_and_every_tested_condition_is_met_both_ways() {
    let rules = rules();
    let mut sources = Sources::default();
    let (mut cases, mut problems) = (0, Vec::new());
    for (path, text) in files(".test.yaml") {
        let node = Node::read(sources.add(path.as_str(), text.as_str()), &text).expect(&path);
        let tests: RuleTests = node.to().unwrap_or_else(|found| panic!("{path}: {found:?}"));
        let results = tests::run(&tests, &rules);
        cases += results.len();
        for result in results.iter().filter(|result| !result.passed()) {
            problems.push(format!("{path}: {}: {}", result.name, result.problems.join("; ")));
        }
        for name in rules.conditions(&tests.rule_tests) {
            for holds in [true, false] {
                let met = results.iter().flat_map(|result| &result.conditions);
                if !met.into_iter().any(|condition| condition.name == name && condition.holds == holds) {
                    problems.push(format!("{path}: no case in which `{name}` is {holds}"));
                }
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    assert!(cases >= 60, "{cases} cases");
}

#[test]
fn the_reference_beside_the_rules_is_what_the_host_offers() {
    let path = folder().join("README.md");
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let expected = aftercare_engine::rules::reference();
    if written != expected {
        let fresh = std::env::temp_dir().join("aftercare-rules-README.md");
        std::fs::write(&fresh, &expected).expect("the fresh text");
        panic!("rules/README.md is out of date; the present one is in {}", fresh.display());
    }
}
