//! A warranty decision of ten conditions over twenty facts: Aftercare with its explanation against zen-engine
//! without one. Both must give the same answer on all sets of facts.

mod facts;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use aftercare_engine::diagnostic::Sources;
use aftercare_engine::facts::{Map, Value};
use aftercare_engine::rules::Rules;

const SETS: usize = 10_000;
const ROUNDS: usize = 7;
/// As many at once as zen-engine gets in one call. On both sides the quickest of the batches counts: what else the
/// machine does only adds.
const BATCH: usize = 100;

fn main() {
    let mut random = facts::Random::new(20_260_321);
    let sets: Vec<serde_json::Value> = (0..SETS).map(|_| facts::facts(&mut random)).collect();
    let ours: Vec<Map> = sets.iter().map(read).collect();
    let sets = serde_json::Value::from(sets);
    let rules = rules();
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        let our = ours.chunks(BATCH).map(|sets| time(&rules, sets)).fold(f64::INFINITY, f64::min);
        let theirs = zen(&sets);
        if round == 0 {
            compare(&rules, &ours, &theirs);
        }
        let number = |key: &str| theirs[key].as_f64().expect("a number");
        rounds.push([our, number("whole"), number("whole") - number("handing")]);
    }
    let median = |of: &dyn Fn(&[f64; 3]) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[ROUNDS / 2]
    };
    println!("A   aftercare, with explanation      {:>9.0} ns a decision", median(&|round| round[0]));
    println!("B   zen-engine, handing over and all {:>9.0} ns a decision", median(&|round| round[1]));
    println!("B'  the same, less handing over      {:>9.0} ns a decision", median(&|round| round[2]));
    println!("B / A   {:>9.2}  (median of {ROUNDS} rounds)", median(&|round| round[1] / round[0]));
    println!("B'/ A   {:>9.2}  (at least 1 is promised)", median(&|round| round[2] / round[0]));
}

/// How long one decision takes.
fn time(rules: &Rules, sets: &[Map]) -> f64 {
    let begin = Instant::now();
    for set in sets {
        black_box(decide(rules, black_box(set)));
    }
    begin.elapsed().as_secs_f64() * 1e9 / sets.len() as f64
}

/// What zen-engine answers, and how long it takes.
fn zen(sets: &serde_json::Value) -> serde_json::Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../zen");
    let mut node = Command::new("node");
    node.arg("decide.mjs").current_dir(&folder).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = node.spawn().expect("node runs");
    let written = write!(child.stdin.take().expect("its input"), "{sets}");
    let output = child.wait_with_output().expect("its answer");
    assert!(written.is_ok() && output.status.success(), "run `npm ci` in {}", folder.display());
    serde_json::from_slice(&output.stdout).expect("one document")
}

/// Equal answers on every set, ours with an explanation.
fn compare(rules: &Rules, sets: &[Map], theirs: &serde_json::Value) {
    let mut answers: BTreeMap<String, usize> = BTreeMap::new();
    for (n, set) in sets.iter().enumerate() {
        let (answer, conditions) = decide(rules, set);
        let expected = theirs["answers"][n].as_str().expect("an answer");
        assert_eq!(answer.as_text(), Some(expected), "set {n} differs: {set:?}");
        assert!(!conditions.is_empty(), "a decision without an explanation");
        *answers.entry(expected.to_owned()).or_default() += 1;
    }
    println!("{SETS} sets of facts, equal answers: {answers:?}");
}

fn rules() -> Rules {
    let mut sources = Sources::default();
    let text = include_str!("../decision.rhai");
    let id = sources.add("rules/decision.rhai", text);
    let (rules, found) = Rules::compile(&[(id, text)], &sources);
    assert!(found.is_empty(), "{found:?}");
    rules
}

fn read(set: &serde_json::Value) -> Map {
    match Value::from_json(set) {
        Value::Map(map) => map,
        _ => Map::new(),
    }
}

fn decide(rules: &Rules, facts: &Map) -> (Value, Vec<aftercare_engine::rules::Condition>) {
    rules.call("decision", &|name| facts.get(name).map(Cow::Borrowed)).expect("the rule has an answer")
}
