//! Diagnostics as SARIF 2.1.0, for code hosts and editors that show findings beside the lines.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::{Diagnostic, Severity, Sources, codes};

/// One run with all diagnostics.
pub fn log(found: &[Diagnostic], sources: &Sources) -> Json {
    let used: BTreeSet<&str> = found.iter().map(|one| one.code).collect();
    let rules: Vec<Json> = used.iter().filter_map(|code| codes::find(code)).map(rule).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "aftercare", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": found.iter().map(|one| result(one, sources)).collect::<Vec<_>>(),
        }],
    })
}

fn rule(code: &codes::Code) -> Json {
    json!({
        "id": code.code,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.about},
    })
}

fn result(one: &Diagnostic, sources: &Sources) -> Json {
    let level = match one.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let text = match &one.help {
        Some(help) => format!("{}; {help}", one.message),
        None => one.message.clone(),
    };
    let locations: Vec<Json> = one
        .place
        .iter()
        .map(|place| {
            json!({"physicalLocation": {
                "artifactLocation": {"uri": sources.path(place.source)},
                "region": {
                    "startLine": place.line,
                    "startColumn": place.column,
                    "byteOffset": place.start,
                    "byteLength": place.len,
                },
            }})
        })
        .collect();
    json!({"ruleId": one.code, "level": level, "message": {"text": text}, "locations": locations})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Place;

    #[test]
    fn a_log_names_the_rule_and_the_region() {
        let mut sources = Sources::default();
        let source = sources.add("workflows/a.yaml", "x: yy\n");
        let place = Place { source, line: 1, column: 4, start: 3, len: 2 };
        let log = log(&[Diagnostic::error("AC0011", place, "unknown key `yy`").help("so")], &sources);
        let run = &log["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "AC0011");
        assert_eq!(run["results"][0]["message"]["text"], "unknown key `yy`; so");
        let location = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], "workflows/a.yaml");
        assert_eq!(location["region"]["startColumn"], 4);
    }
}
