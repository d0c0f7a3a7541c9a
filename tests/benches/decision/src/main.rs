//! A warranty decision of ten conditions over twenty facts: Aftercare with its explanation against zen-engine
//! without one. Both must give the same answer on all sets of facts.

mod facts;
mod zen;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use aftercare_engine::diagnostic::Sources;
use aftercare_engine::facts::{Map, Value};
use aftercare_engine::rules::Rules;
use zen_engine::Variable;

const SETS: usize = 10_000;
const ROUNDS: usize = 9;

fn main() {
    let mut random = facts::Random::new(20_260_321);
    let sets: Vec<serde_json::Value> = (0..SETS).map(|_| facts::facts(&mut random)).collect();
    let ours: Vec<Map> = sets.iter().map(read).collect();
    let theirs: Vec<Variable> = sets.iter().map(|set| Variable::from(set.clone())).collect();

    let rules = rules();
    let table = zen::table();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut answers: BTreeMap<String, usize> = BTreeMap::new();
    for (n, (our, their)) in ours.iter().zip(&theirs).enumerate() {
        let (answer, conditions) = decide(&rules, our);
        let expected = runtime.block_on(zen::decide(&table, their));
        assert_eq!(answer.as_text(), Some(expected.as_str()), "set {n} differs: {}", sets[n]);
        assert!(!conditions.is_empty(), "a decision without an explanation");
        *answers.entry(expected).or_default() += 1;
    }
    println!("{SETS} sets of facts, equal answers: {answers:?}");

    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        for set in &ours {
            black_box(decide(&rules, black_box(set)));
        }
        let our = begin.elapsed().as_secs_f64() * 1e9 / SETS as f64;
        let begin = Instant::now();
        runtime.block_on(async {
            for set in &theirs {
                black_box(zen::decide(&table, black_box(set)).await);
            }
        });
        let their = begin.elapsed().as_secs_f64() * 1e9 / SETS as f64;
        rounds.push((their / our, our, their));
    }
    rounds.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (ratio, our, their) = rounds[ROUNDS / 2];
    println!("A  aftercare, with explanation   {our:>9.0} ns a decision");
    println!("B  zen-engine, without           {their:>9.0} ns a decision");
    println!("B / A                            {ratio:>9.2}  (median of {ROUNDS} rounds; at least 1 is promised)");
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
