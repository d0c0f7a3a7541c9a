//! The protocol of `simulate`: one object a line in, one a line out, the initial one first.

use serde_json::{Value, json};

use crate::{folder, run, run_with, text};

const LAMP: &str = "
initial: off
states:
  off:
    on: {press: lit}
  lit:
    after: {90 s: off}
    on: {smash: broken}
  broken:
    type: final
";

fn lamp(arguments: &[&str], input: &str) -> (i32, Vec<Value>) {
    let folder = folder(&[("lamp.yaml".into(), LAMP.into())]);
    let file = folder.path().join("lamp.yaml");
    let all = [&["simulate", text(&file), "--format", "json"], arguments].concat();
    let ended = run_with(&all, input);
    let lines = ended.out.lines().map(|line| serde_json::from_str(line).expect("a JSON object"));
    (ended.code, lines.collect())
}

fn seen(lines: &[Value]) -> Vec<(Value, &str)> {
    lines
        .iter()
        .map(|line| (line["configuration"].clone(), line["outcome"].as_str().expect("a text")))
        .collect()
}

#[test]
fn the_initial_configuration_comes_before_any_input() {
    let (code, lines) = lamp(&[], "");
    assert_eq!((code, seen(&lines)), (0, vec![(json!(["off"]), "moved")]));
    assert_eq!((&lines[0]["reasons"], &lines[0]["effects"]), (&json!([]), &json!([])));
}

#[test]
fn each_input_has_one_line_and_blank_lines_have_none() {
    let (code, lines) =
        lamp(&[], "{\"event\": \"press\"}\n\n{\"event\": \"press\"}\n{\"event\": \"smash\"}\n");
    let expected = vec![
        (json!(["off"]), "moved"),
        (json!(["lit"]), "moved"),
        (json!(["lit"]), "ignored"),
        (json!(["broken"]), "finished"),
    ];
    assert_eq!((code, seen(&lines)), (0, expected));
}

#[test]
fn a_line_without_an_event_only_moves_the_clock_and_fires_what_came_due() {
    let input =
        "{\"event\": \"press\"}\n{\"at\": \"2026-03-01T00:01:29Z\"}\n{\"at\": \"2026-03-01T00:01:30Z\"}\n";
    let (code, lines) = lamp(&["--at", "2026-03-01T00:00:00Z"], input);
    let states: Vec<&Value> = lines.iter().map(|line| &line["configuration"][0]).collect();
    assert_eq!((code, states), (0, vec![&json!("off"), &json!("lit"), &json!("lit"), &json!("off")]));
}

#[test]
fn a_malformed_line_is_answered_changes_nothing_and_makes_the_code_1() {
    let (code, lines) =
        lamp(&[], "{\"event\": \"press\"}\n{\"event\": 7}\nnonsense\n{\"event\": \"smash\"}\n");
    let expected = vec![
        (json!(["off"]), "moved"),
        (json!(["lit"]), "moved"),
        (json!(["lit"]), "error"),
        (json!(["lit"]), "error"),
        (json!(["broken"]), "finished"),
    ];
    assert_eq!((code, seen(&lines)), (1, expected));
}

#[test]
fn a_file_with_a_mistake_ends_with_1_and_a_missing_one_with_3() {
    let folder = folder(&[("lamp.yaml".into(), LAMP.replace("lit}", "lid}"))]);
    let ended = run(&["simulate", text(&folder.path().join("lamp.yaml"))]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    assert!(ended.problems.contains("AC0102"), "{}", ended.problems);
    assert_eq!(run(&["simulate", text(&folder.path().join("none.yaml"))]).code, 3);
}
