mod tickets;

use super::*;
use crate::bundle;
use crate::diagnostic::render;

const PROCESS: &str = "
process: visit
opened_by: [reception]
form: [fault]
fields:
  fault: {type: text, required: true}
  visit_at: {type: datetime}
  parts: {type: parts}
initial: registered
states:
  registered:
    entry: [{notify: {to: customer, message: registered}}]
    after: {3 days: late}
    on:
      assign:
        by: [dispatcher]
        form: [{field: visit_at, required: true}, parts]
        guard: {when: \"data.visit_at > now\", because: visit_must_be_in_future}
        target: visiting
  visiting:
    entry: [{task: {title: {en: Go there}, to: technician}}, {set: {fault: \"fault + '!'\"}}]
    on: {done: {by: [technician], target: over}}
  late: {on: {assign: {by: [dispatcher], target: visiting}}}
  over: {type: final}
";

const REST: &str = "
givens:
  shop:
    now: 2026-01-01T08:00:00Z
    facts: {customer: {name: Ali}}
    catalog:
      users: {ali: [technician]}
      parts: {P-1: {price: 100, oem: true}}
";

fn run_story(story: &str) -> (String, Vec<Report>, Bundle) {
    run_process(PROCESS, story)
}

fn run_process(process: &str, story: &str) -> (String, Vec<Report>, Bundle) {
    let files = [("visit.yaml", process), ("givens.yaml", REST), ("story.yaml", story)];
    let messages = "messages: {registered: {channels: {app: {en: x}}}}";
    let reasons = "reasons: {visit_must_be_in_future: {en: x}}";
    let roles = "roles: {reception: {title: {}}, dispatcher: {title: {}}, technician: {title: {}}}";
    let more = [("m.yaml", messages), ("r.yaml", reasons), ("roles.yaml", roles)];
    let files = files.into_iter().chain(more).map(|(path, text)| (path.to_owned(), text.to_owned()));
    let (bundle, found) = bundle::load(files.collect());
    assert_eq!(render::short(&found, &bundle.sources), "");
    let reports = run_all(&bundle);
    let text = reports.iter().map(|report| render::short(&report.found, &bundle.sources)).collect();
    (text, reports, bundle)
}

const GOOD: &str = "
scenario: a visit
process: visit
ids: [SP-07]
given: {use: shop}
open:
  by: reception
  data: {fault: noise}
  expect: {messages: registered, timers: {after.registered.0: 2026-01-04T08:00:00Z}}
steps:
  - event: assign
    by: reception
    data: {visit_at: 2026-01-02T08:00:00Z}
    expect: {reasons: not_allowed, state: registered}
  - event: assign
    by: dispatcher
    data: {visit_at: 2025-01-02T08:00:00Z}
    expect: {reasons: visit_must_be_in_future}
  - event: assign
    by: dispatcher
    after: 2 hours
    data: {visit_at: 2026-01-02T08:00:00Z, parts: [{code: P-1, quantity: 2}]}
    expect:
      outcome: moved
      configuration: visiting
      tasks: Go there
      facts: {fault: noise!, parts: [{quantity: 2, part: {price: 100}}], ticket: {revision: 2}}
      effects: {task: {to: technician}}
  - {event: done, by: ali, expect: {outcome: finished}}
then: {configuration: over, charges: {customer_owes: 0}}
";

#[test]
fn a_story_that_comes_out_as_written_passes() {
    let story = GOOD.replace("after.registered.0", &timer_event());
    assert_eq!(run_story(&story).0, "");
}

/// The event of the only timer of the chart, whatever it is called.
fn timer_event() -> String {
    let (bundle, _) = bundle::load_lenient(vec![("visit.yaml".into(), PROCESS.into())]);
    let names: Vec<String> = bundle.chart("visit").unwrap().event_names().map(str::to_owned).collect();
    names.into_iter().find(|name| !["assign", "done"].contains(&name.as_str())).unwrap()
}

#[test]
fn what_differs_is_told_with_what_came_instead() {
    let story = "
scenario: a visit
process: visit
given: {use: shop}
open: {by: reception, data: {fault: x}}
steps:
  - {event: assign, by: dispatcher, expect: {state: visiting, messages: [], facts: {customer: {name: Reza}}}}
  - {after: 4 days, expect: {state: [late, nowhere]}}
";
    let (text, reports, _) = run_story(story);
    assert!(!reports[0].passed());
    assert_eq!(
        text,
        "story.yaml:7:45: error[AC0702]: step 1 `assign`: expected the outcome moved or finished, got refused because \
         of `field_required` (visit_at)\n\
         story.yaml:7:53: error[AC0702]: step 1 `assign`: expected the state `visiting`, got `registered`\n\
         story.yaml:7:84: error[AC0702]: step 1 `assign`: expected `customer.name` to be Reza, got Ali\n\
         story.yaml:8:44: error[AC0702]: step 2 `time passes`: expected the state `nowhere`, got `late`\n"
    );
    let refused = "scenario: s\nprocess: visit\nopen: {by: reception}\nsteps: [{event: x}]\n";
    assert_eq!(
        run_story(refused).0,
        "story.yaml:3:7: error[AC0702]: open: expected the outcome moved or finished, got refused because of \
         `field_required` (fault)\n"
    );
}

#[test]
fn coverage_tells_what_no_story_has_seen() {
    let story = GOOD.replace("after.registered.0", &timer_event());
    let (_, reports, bundle) = run_story(&story);
    let coverage = coverage::of(&bundle, &reports, &[]);
    let visit = &coverage.processes["visit"];
    assert_eq!((visit.states.seen, visit.states.total), (3, 4));
    assert_eq!(visit.states.missing, ["late"]);
    assert_eq!((visit.transitions.seen, visit.transitions.total), (2, 4));
    assert_eq!((visit.guards.seen, visit.guards.total), (2, 2));
}

#[test]
fn names_that_lead_nowhere_are_told() {
    let story = "scenario: s\nprocess: visti\n";
    assert_eq!(
        run_story(story).0,
        "story.yaml:2:10: error[AC0701]: unknown process `visti`; a process with a similar name exists: `visit`\n"
    );
    let story = "scenario: s\nprocess: visit\ngiven: {use: shpo}\n";
    assert_eq!(
        run_story(story).0,
        "story.yaml:3:14: error[AC0701]: unknown given `shpo`; a given with a similar name exists: `shop`\n"
    );
}

#[test]
fn the_outcome_of_a_step_is_its_events_and_not_that_of_a_timer_on_the_way() {
    let story = "
scenario: s
process: visit
given: {use: shop}
open: {by: reception, data: {fault: x}}
steps:
  - {event: nonsense, by: dispatcher, after: 4 days}
";
    assert_eq!(
        run_story(story).0,
        "story.yaml:7:5: error[AC0702]: step 1 `nonsense`: expected the outcome moved or finished, got ignored\n"
    );
    let expected = story.replace("after: 4 days", "after: 4 days, expect: {outcome: ignored, state: late}");
    assert_eq!(run_story(&expected).0, "");
}

#[test]
fn a_timer_whose_guard_does_not_hold_passes_without_a_word() {
    let process = PROCESS
        .replace("after: {3 days: late}", "after: {3 days: {guard: 'fault == \"loud\"', target: late}}");
    let story = "
scenario: s
process: visit
given: {use: shop}
open: {by: reception, data: {fault: x}}
steps:
  - {after: 4 days, expect: {state: registered}}
";
    assert_eq!(run_process(&process, story).0, "");
}

#[test]
fn a_form_may_ask_by_the_state_in_which_it_is_filled_in() {
    let process = PROCESS.replace(
        "form: [{field: visit_at, required: true}, parts]",
        "form: [{field: visit_at, required: true, when: 'in(\"registered\")'}, parts]",
    );
    let story = "
scenario: s
process: visit
given: {use: shop}
open: {by: reception, data: {fault: x}}
steps:
  - {event: assign, by: dispatcher, expect: {reasons: field_required}}
";
    assert_eq!(run_process(&process, story).0, "");
}
