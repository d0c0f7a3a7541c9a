//! Stories of more than one ticket.

use crate::bundle;
use crate::diagnostic::render;
use crate::scenario::{coverage, run_all};

const CASE: &str = "
process: case
opened_by: [clerk]
fields: {amount: {type: integer}, why: {type: text}, wanted: {type: text}}
form: [wanted]
initial: working
states:
  working:
    invoke:
      id: job
      process: job
      input: {fault: wanted}
      on_done: {actions: [{set: {amount: data.cost}}, {notify: {to: customer, message: ready}}], target: over}
      on_error: {actions: [{set: {why: 'data.reasons[0]'}}], target: over}
    on:
      stop: {by: [clerk], target: over}
      copy: {by: [clerk], actions: [{open: {process: job, link: copy, input: {fault: '\"again\"'}}}]}
      bad_copy: {by: [clerk], actions: [{open: {process: job, link: copy, input: {fault: ()}}}]}
  over: {type: final}
";

const JOB: &str = "
process: job
opened_by: [system]
form: [fault]
fields: {fault: {type: text, required: true}, hours: {type: integer}}
output: {cost: '(hours ?? 0) * 10', parent: ticket.parent}
initial: open
states:
  open:
    entry: [{task: {title: {en: Do it}, to: {role: clerk}}}]
    after: {3 days: done}
    on:
      work: {by: [clerk], form: [{field: hours, required: true}], target: done}
      cancel.invoke: off
  done: {type: final}
  off: {type: final}
";

fn told(story: &str) -> String {
    let rest = [
        ("m.yaml", "messages: {ready: {channels: {app: {en: x}}}}"),
        ("roles.yaml", "roles: {clerk: {title: {}}}"),
    ];
    let files = [("case.yaml", CASE), ("job.yaml", JOB), ("story.yaml", story)].into_iter().chain(rest);
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let (bundle, found) = bundle::load(files.collect());
    assert_eq!(render::short(&found, &bundle.sources), "");
    let reports = run_all(&bundle);
    let coverage = coverage::of(&bundle, &reports, &[]);
    assert!(coverage.processes["job"].states.seen > 0 || story.contains("fault: ''"));
    reports.iter().map(|report| render::short(&report.found, &bundle.sources)).collect()
}

#[test]
fn a_ticket_waits_for_the_one_that_it_has_opened_and_takes_what_it_gives() {
    let story = "
scenario: a job is done
process: case
open: {by: clerk, data: {wanted: noise}, expect: {effects: {child: {open: {process: job, invoke: job}}}}}
steps:
  - {on: job, expect: {configuration: open, tasks: Do it, facts: {fault: noise, ticket: {code: T-2, parent: T-1}}}}
  - {on: job, event: work, by: clerk, data: {hours: 3}, expect: {outcome: finished, effects: {output: {cost: 30, parent: T-1}}}}
  - {expect: {outcome: finished, messages: ready, facts: {amount: 30, links: [{name: job, finished: true}]}}}
";
    assert_eq!(told(story), "");
}

#[test]
fn time_passes_for_all_tickets_of_a_story() {
    let story = "
scenario: a job is late
process: case
open: {by: clerk, data: {wanted: noise}}
steps:
  - {after: 2 days, expect: {state: working}}
  - {after: 2 days, expect: {outcome: finished, facts: {amount: 0}}}
  - {on: job, expect: {configuration: done}}
";
    assert_eq!(told(story), "");
}

#[test]
fn a_ticket_that_is_given_up_hears_of_it_and_its_opener_hears_no_more() {
    let story = "
scenario: given up
process: case
open: {by: clerk, data: {wanted: noise}}
steps:
  - {event: copy, by: clerk}
  - {event: stop, by: clerk, expect: {outcome: finished, effects: {child: {cancel: {invoke: job}}}}}
  - {on: job, expect: {configuration: 'off'}}
  - {on: copy, expect: {configuration: open}}
";
    assert_eq!(told(story), "");
}

#[test]
fn what_cannot_be_opened_is_an_error_where_it_is_awaited_and_refuses_the_step_where_it_is_not() {
    let story = "
scenarios:
  - scenario: awaited
    process: case
    open: {by: clerk, data: {}}
    steps: [{expect: {outcome: finished, facts: {why: field_required}}}]
  - scenario: only linked
    process: case
    open: {by: clerk, data: {wanted: noise}}
    steps:
      - {event: bad_copy, by: clerk, expect: {reasons: field_required, state: working}}
      - {on: copy, event: work}
";
    assert_eq!(
        told(story),
        "story.yaml:12:14: error[AC0701]: no ticket `copy` has been opened so far; the ticket can be: `job`\n"
    );
}
