use std::sync::Arc;

use chrono::DateTime;

use crate::compile::compile;
use crate::definition::node::Node;
use crate::diagnostic::Sources;
use crate::effect::child::Opening;
use crate::effect::{Child, Effect};
use crate::facts::{Map, Value};
use crate::simulate::{Input, Output, Simulation};
use crate::statechart::Configuration;

fn start(text: &str) -> (Simulation, Output) {
    let mut sources = Sources::default();
    let id = sources.add("chart.yaml", text);
    let process = Arc::new(Node::read(id, text).unwrap().to().unwrap());
    let (chart, found) = compile(&process, &Arc::default(), &sources, true);
    assert!(found.is_empty(), "{found:#?}");
    Simulation::start(Arc::new(chart.unwrap()), Map::new(), DateTime::UNIX_EPOCH)
}

fn send(simulation: &mut Simulation, event: &str, data: &[(&str, Value)]) -> Output {
    let data = data.iter().map(|(name, value)| (Arc::from(*name), value.clone())).collect();
    simulation.input(Input { event: Some(event.into()), data, ..Input::default() })
}

/// Ids of tickets opened, and those given up with a minus.
fn asked(output: &Output) -> Vec<String> {
    let said = output.effects.iter().filter_map(|effect| match effect {
        Effect::Child(Child::Open(opening)) => Some(opening.name().to_owned()),
        Effect::Child(Child::Cancel { invoke }) => Some(format!("-{invoke}")),
        _ => None,
    });
    said.collect()
}

const CHART: &str = "
initial: a
states:
  a: {on: {go: through, near: b}}
  through: {invoke: {id: never, process: work}, always: b}
  b:
    invoke: {id: repair, process: work, input: {fault: '\"noise\"', n: 1 + 1}, device: '\"S-1\"', on_done: {guard: data.total > 5, actions: [{set: {sum: data.total}}], target: c}, on_error: d}
    on: {stop: a, stay: {actions: [{set: {n: 1}}]}, again: b, done.invoke.repair: e}
  c: {}
  d: {}
  e: {}
";

#[test]
fn a_ticket_is_opened_when_the_macrostep_ends_with_its_state_still_active() {
    let (mut it, first) = start(CHART);
    assert_eq!(asked(&first), Vec::<String>::new());
    let output = send(&mut it, "go", &[]);
    assert_eq!(
        (output.configuration.as_slice(), asked(&output)),
        (["b".to_owned()].as_slice(), vec!["repair".to_owned()])
    );
    let Some(Effect::Child(Child::Open(opening))) = output.effects.first() else { panic!("{output:?}") };
    let input = Map::from([("fault".into(), Value::text("noise")), ("n".into(), Value::Int(2))]);
    let expected = Opening {
        invoke: Some("repair".into()),
        link: None,
        process: "work".into(),
        device: Some("S-1".into()),
        customer: None,
        input,
    };
    assert_eq!(*opening, expected);
}

#[test]
fn leaving_the_state_gives_the_ticket_up_and_coming_back_opens_another() {
    let (mut it, _) = start(CHART);
    send(&mut it, "near", &[]);
    assert_eq!(asked(&send(&mut it, "stay", &[])), Vec::<String>::new());
    assert_eq!(asked(&send(&mut it, "again", &[])), ["-repair", "repair"]);
    assert_eq!(asked(&send(&mut it, "stop", &[])), ["-repair"]);
    // What a ticket says that nobody waits for is not heard.
    let late = send(&mut it, "done.invoke.repair", &[("total", Value::Int(9))]);
    assert_eq!((late.outcome, late.configuration), ("ignored", vec!["a".to_owned()]));
}

#[test]
fn the_answer_brings_what_the_ticket_gives_and_gives_nothing_up() {
    let (mut it, _) = start(CHART);
    send(&mut it, "near", &[]);
    let done = send(&mut it, "done.invoke.repair", &[("total", Value::Int(9))]);
    assert_eq!((done.configuration.as_slice(), asked(&done)), (["c".to_owned()].as_slice(), vec![]));
    let sum = it.chart().field("sum").and_then(|n| it.facts().fields.get(usize::from(n)));
    assert_eq!(sum, Some(&Value::Int(9)));
}

#[test]
fn an_answer_that_no_guard_takes_goes_to_the_next_transition_in_the_order_of_the_file() {
    let (mut it, _) = start(CHART);
    send(&mut it, "near", &[]);
    let done = send(&mut it, "done.invoke.repair", &[("total", Value::Int(1))]);
    assert_eq!(done.configuration, ["e"]);
}

#[test]
fn a_ticket_that_cannot_be_opened_is_an_answer_too() {
    let (mut it, _) = start(CHART);
    send(&mut it, "near", &[]);
    let output = send(&mut it, "error.invoke.repair", &[]);
    assert_eq!((output.configuration.as_slice(), asked(&output)), (["d".to_owned()].as_slice(), vec![]));
}

#[test]
fn what_is_awaited_outlives_being_stored() {
    let (mut it, _) = start(CHART);
    send(&mut it, "near", &[]);
    let stored = it.configuration().store(it.chart());
    assert_eq!(stored.invoked, ["repair"]);
    assert_eq!(&Configuration::restore(it.chart(), &stored).unwrap(), it.configuration());
}

#[test]
fn regions_open_their_tickets_in_the_order_of_the_file_and_the_end_gives_up_what_is_open() {
    let (mut it, _) = start(
        "
initial: p
states:
  p:
    type: parallel
    invoke: {id: outer, process: work}
    states:
      x: {invoke: [{id: one, process: work}, {id: two, process: work}]}
      y: {invoke: {id: three, process: work}, on: {swap: {target: p.y}}}
    on: {end: over}
  over: {type: final}
output: {said: '\"yes\"'}
",
    );
    let stored = it.configuration().store(it.chart());
    assert_eq!(stored.invoked, ["outer", "one", "two", "three"]);
    let over = send(&mut it, "end", &[]);
    assert_eq!(asked(&over), ["-three", "-one", "-two", "-outer"]);
    let given = Effect::Output(Map::from([("said".into(), Value::text("yes"))]));
    assert_eq!((over.outcome, over.effects.last()), ("finished", Some(&given)));
}
