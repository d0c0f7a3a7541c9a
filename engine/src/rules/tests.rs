//! Runs the tests that stand beside the rules.

use std::borrow::Cow;
use std::sync::Arc;

use super::operators::equal;
use super::scope::world;
use super::{Condition, Rules};
use crate::definition::rule_tests::{Case, Given, RuleTests};
use crate::diagnostic::Place;
use crate::facts::shape::{self, Kind};
use crate::facts::{Map, Value};

/// How a case went.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseResult {
    pub rule: String,
    pub name: String,
    pub place: Place,
    /// What differs from what was expected; nothing: it passed.
    pub problems: Vec<String>,
    /// Conditions that were asked, for coverage.
    pub conditions: Vec<Condition>,
}

impl CaseResult {
    pub fn passed(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Runs all cases of a file, in its order.
pub fn run(tests: &RuleTests, rules: &Rules) -> Vec<CaseResult> {
    if tests.cases.is_empty() {
        return vec![CaseResult {
            rule: tests.rule_tests.value.clone(),
            name: tests.rule_tests.value.clone(),
            place: tests.rule_tests.place,
            problems: vec!["the file has no `cases`".to_owned()],
            conditions: Vec::new(),
        }];
    }
    tests.cases.iter().map(|case| run_case(tests, case, rules)).collect()
}

fn run_case(tests: &RuleTests, case: &Case, rules: &Rules) -> CaseResult {
    let rule = tests.rule_tests.value.as_str();
    let mut problems = Vec::new();
    let compares = !(case.expect.is_empty() && case.conditions.is_empty());
    match (&case.fails, compares) {
        (None, false) => {
            problems.push("it expects nothing: give `expect`, `conditions` or `fails`".to_owned())
        }
        (Some(_), true) => {
            problems.push("it is to fail, where `expect` and `conditions` mean nothing".to_owned());
        }
        _ => {}
    }
    let facts = facts(tests, case, &mut problems);
    let answer = rules.call(rule, &|name| facts.get(name).map(Cow::Borrowed));
    let conditions = match (answer, &case.fails) {
        (Err(error), Some(words)) if error.message.contains(&words.value) => Vec::new(),
        (Err(error), _) => {
            problems.push(error.to_string());
            Vec::new()
        }
        (Ok((value, conditions)), fails) => {
            if let Some(words) = fails {
                problems.push(format!("it was to fail with `{}`, but answers {value}", words.value));
            }
            compare(case, &value, &conditions, &mut problems);
            conditions
        }
    };
    let name = case.name.value.clone();
    CaseResult { rule: rule.to_owned(), name, place: case.name.place, problems, conditions }
}

/// The base facts with what differs in this case, each read by its type.
fn facts(tests: &RuleTests, case: &Case, problems: &mut Vec<String>) -> Map {
    let given = tests.given.iter().map(|(name, Given(value))| (Arc::from(name.as_str()), value.clone()));
    let mut facts = Value::Map(given.collect());
    for (path, Given(value)) in case.facts.iter() {
        if !put(&mut facts, path, value.clone()) {
            problems.push(format!("`{}` cannot be put into the given facts", path.value));
        }
    }
    let Value::Map(facts) = facts else { return Map::new() };
    facts.into_iter().map(|(name, value)| (name.clone(), typed(&name, value))).collect()
}

fn typed(name: &str, value: Value) -> Value {
    let kind = match name {
        "item" => Kind::Map(shape::ITEM),
        "line" => Kind::Map(shape::CHARGE_LINE),
        _ => world(name).map_or(Kind::Any, |entry| entry.kind),
    };
    kind.decode(value)
}

fn put(facts: &mut Value, path: &str, value: Value) -> bool {
    let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
    let Value::Map(map) = facts else { return false };
    match rest {
        None => {
            map.insert(key.into(), value);
            true
        }
        Some(rest) => {
            let inner = map.entry(key.into()).or_default();
            if inner.is_null() {
                *inner = Value::Map(Map::new());
            }
            put(inner, rest, value)
        }
    }
}

fn compare(case: &Case, answer: &Value, conditions: &[Condition], problems: &mut Vec<String>) {
    for (path, Given(expected)) in case.expect.iter() {
        let found = if path.value == "answer" { Some(answer) } else { answer.at(path) };
        match found {
            Some(found) if same(found, expected) => {}
            Some(found) => problems.push(format!("`{}` is {found}, not {expected}", path.value)),
            None => problems.push(format!("the answer has no `{}`", path.value)),
        }
    }
    for (name, expected) in case.conditions.iter() {
        match conditions.iter().rev().find(|condition| *condition.name == *name.value) {
            Some(condition) if condition.holds == *expected => {}
            Some(condition) => {
                let values: Vec<String> =
                    condition.values.iter().map(|(path, value)| format!("{path} = {value}")).collect();
                let (values, source) = (values.join(", "), &condition.source);
                let holds = if *expected { "does not hold" } else { "holds" };
                problems.push(format!("condition `{}` {holds}: {values} ({source})", name.value));
            }
            None => problems.push(format!("condition `{}` was not asked", name.value)),
        }
    }
}

/// Equal, or written the same: a date or a decimal in a test file is a text until its type is known.
fn same(found: &Value, expected: &Value) -> bool {
    equal(found, expected)
        || match (found, expected) {
            (Value::Date(_) | Value::Time(_), Value::Text(text)) => found.to_string() == **text,
            (Value::Decimal(_) | Value::Int(_), Value::Text(_)) => {
                let expected = Kind::Decimal.decode(expected.clone());
                found.as_decimal().is_some() && found.as_decimal() == expected.as_decimal()
            }
            (Value::Map(found), Value::Map(expected)) => {
                expected.iter().all(|(key, value)| found.get(key).is_some_and(|found| same(found, value)))
            }
            (Value::List(found), Value::List(expected)) => {
                found.len() == expected.len() && found.iter().zip(expected).all(|(f, e)| same(f, e))
            }
            _ => false,
        }
}
