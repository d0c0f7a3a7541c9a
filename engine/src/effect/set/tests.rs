//! What a field holds within the step that stores it, and what the next step reads of it.

use std::sync::Arc;

use chrono::DateTime;

use crate::bundle;
use crate::diagnostic::render;
use crate::facts::{Actor, Facts, Map, Value};
use crate::statechart::Statechart;
use crate::step::{self, Decision};

const PROCESS: &str = "
process: claim
opened_by: [system]
fields:
  checks: {type: record}
  found: {type: record}
  rows: {type: records, of: {line: {type: integer, required: true}, amount: {type: money}, on: {type: date}}}
  total: {type: money}
  latest: {type: date}
  count: {type: decimal}
initial: a
states:
  a:
    entry:
      - decide: {rule: checked, into: checks}
      - set: {rows: checks.rows, found: checks.rows}
      - set: {total: first(rows).amount + 1, latest: 'days_after(first(rows).on, 1)', count: 2}
    on: {go: {target: b}}
  b:
    each: {over: rows, as: row, key: line, complete_when: true}
    initial: x
    states:
      x:
        entry: [{set: {row.amount: first(found).amount}}, {set: {total: total + row.amount}}]
        always: y
      y: {type: final}
";

const RULE: &str =
    "fn checked(today) { #{rows: [#{line: 1, amount: 12.50, on: today, seen: [today, #{part: 0.5}]}]} }";

/// Opens the ticket and sends `go`; between the two the facts take over what was decided.
fn decisions(between: impl Fn(&Statechart, &mut Facts, &Decision)) -> Vec<Decision> {
    let files = [("claim.yaml", PROCESS), ("rules/claim.rhai", RULE)];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let (bundle, found) = bundle::load(files.into());
    assert_eq!(render::short(&found, &bundle.sources), "");
    let chart = bundle.chart("claim").unwrap();
    let mut facts = Facts::new(DateTime::UNIX_EPOCH, Actor::system());
    let opened = step::start(chart, &facts);
    between(chart, &mut facts, &opened);
    let moved = step::step(chart, &opened.configuration, &step::Event::system("go"), &facts);
    vec![opened, moved]
}

fn through_the_store(decision: &Decision) -> Map {
    let kept = |(name, value): (&Arc<str>, &Value)| (name.clone(), Value::from_json(&value.to_json()));
    decision.fields.iter().map(kept).collect()
}

#[test]
fn what_a_step_stores_is_what_the_next_one_reads() {
    let at_once = decisions(|chart, facts, opened| facts.apply(chart, opened));
    let read_again = decisions(|chart, facts, opened| facts.give(chart, through_the_store(opened)));
    assert_eq!(at_once, read_again);
    let [opened, moved] = at_once.as_slice() else { panic!("two steps") };
    assert_eq!((opened.outcome.word(), moved.outcome.word()), ("moved", "moved"), "{moved:?}");
    let shown = |decision: &Decision, name: &str| decision.fields.get(name).map(ToString::to_string);
    assert_eq!(shown(opened, "total").as_deref(), Some("13.50"));
    assert_eq!(shown(opened, "latest").as_deref(), Some("1970-01-02"));
    assert_eq!(shown(moved, "total").as_deref(), Some("26.00"));
}
