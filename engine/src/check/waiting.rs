//! A state in which a ticket waits without anybody who has to act, or without a time when somebody asks.

use std::collections::BTreeSet;

use super::charts;
use super::unreachable::{reached, reached_without};
use crate::bundle::Bundle;
use crate::definition::{Action, State, walk};
use crate::diagnostic::Diagnostic;
use crate::statechart::{StateId, StateKind, Statechart};
use crate::step::clock::Runs;

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    charts(bundle).flat_map(of).collect()
}

fn of(chart: &Statechart) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let reached = reached(chart);
    let timed = timed(chart);
    for (id, state) in (0u16..).map(StateId).zip(chart.states()) {
        if !matches!(state.kind, StateKind::Atomic) || !reached.contains(id) || !rests(chart, id) {
            continue;
        }
        let line = || std::iter::once(id).chain(chart.ancestors(id));
        // Who waits for another ticket waits for whoever has to act there.
        let waits_for_ticket = line().any(|id| chart.invokes(chart.state(id)).next().is_some());
        if !waits_for_ticket && !line().any(|id| !chart.state(id).owner.is_empty()) {
            found.push(
                Diagnostic::error(
                    "AC0402",
                    state.place,
                    format!("a ticket waits in `{}`, but for nobody", state.path),
                )
                .label("no owner")
                .help("say who has to act, as in `owner: dispatcher`"),
            );
        }
        if waits_for_ticket {
            continue;
        }
        if !line().any(|at| timed.contains(&chart.state(at).path))
            && !watched(chart, id)
            && !clocked(chart, id)
        {
            found.push(
                Diagnostic::error(
                    "AC0403",
                    state.place,
                    format!("a ticket may wait in `{}` for ever unnoticed", state.path),
                )
                .label("no deadline")
                .help(
                    "give it a deadline, as in `deadline: {within: 2 working days, then: …}`, or an `after`",
                ),
            );
        }
    }
    found
}

/// Whether a ticket can rest here: some event, and not an eventless transition, takes it on.
fn rests(chart: &Statechart, id: StateId) -> bool {
    let mut own = chart.state(id).transitions().filter_map(|id| chart.transition(id));
    !own.any(|transition| transition.event.is_none() && transition.guards.is_empty())
}

/// Whether a deadline of the process runs while a ticket waits here: it has begun, has not ended and does not
/// stand. What starts in a certain state is taken to have begun.
fn clocked(chart: &Statechart, id: StateId) -> bool {
    let within = |name: &str| {
        chart.state_at(name).is_some_and(|outer| outer == id || chart.ancestors(id).any(|up| up == outer))
    };
    let mut clocks = chart.definition.deadlines.iter();
    clocks.any(|(_, clock)| {
        let mut ended = chart.no_states();
        clock.until.iter().filter_map(|name| chart.state_at(&name.value)).for_each(|id| ended.insert(id));
        let stands = clock.paused_in.iter().chain(clock.until.iter()).any(|name| within(&name.value));
        !stands && reached_without(chart, &ended).contains(id)
    })
}

/// Whether a deadline or a delayed transition of the state or of one around it runs while a ticket waits here.
fn watched(chart: &Statechart, id: StateId) -> bool {
    let line: Vec<StateId> = std::iter::once(id).chain(chart.ancestors(id)).collect();
    line.iter().any(|at| {
        chart.state(*at).clocks.iter().any(|n| {
            match chart.clocks.get(usize::from(*n)).map(|rule| &rule.runs) {
                Some(Runs::WhileIn) => true,
                Some(Runs::WhileInExcept { paused_in, .. }) => !line.iter().any(|at| paused_in.contains(*at)),
                Some(Runs::Over { .. }) | None => false,
            }
        })
    })
}

/// Paths of states that leave by an event which the process sends itself at its time.
fn timed(chart: &Statechart) -> BTreeSet<String> {
    let sent: BTreeSet<&str> = walk::actions(&chart.definition)
        .into_iter()
        .filter_map(|action| match action {
            Action::Send(send) if send.after.is_some() || send.at.is_some() => {
                Some(send.event.value.as_str())
            }
            _ => None,
        })
        .collect();
    let leaves = |state: &State| {
        let sent_here = state.on.iter().filter(|(event, _)| sent.contains(event.value.as_str()));
        sent_here.flat_map(|(_, transitions)| transitions).any(|one| !one.0.target.is_empty())
    };
    walk::states(&chart.definition).into_iter().filter(|at| leaves(at.state)).map(|at| at.path).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_clock_of_the_process_watches_only_while_it_runs() {
        super::super::tests::check(
            super::check,
            "
process: p
deadlines: {all: {within: 3 days, until: [c], paused_in: [b]}}
initial: a
states:
  a: {owner: x, on: {go: {target: b, by: [x]}}}
  b: {owner: x, on: {go: {target: c, by: [x]}}}
  c: {owner: x, after: {1 day: d}}
  d: {owner: x, on: {go: {target: e, by: [x]}}}
  e: {type: final}
",
            "p.yaml:7:3: error[AC0403]: a ticket may wait in `b` for ever unnoticed; give it a deadline, as in \
             `deadline: {within: 2 working days, then: …}`, or an `after`\n\
             p.yaml:9:3: error[AC0403]: a ticket may wait in `d` for ever unnoticed; give it a deadline, as in \
             `deadline: {within: 2 working days, then: …}`, or an `after`\n",
        );
    }

    #[test]
    fn a_deadline_that_stands_watches_nobody_and_one_of_the_process_watches_all() {
        let process = "
process: p
ALL
initial: outer
states:
  outer:
    owner: x
    deadline: {within: 3 days, paused_in: [outer.b]}
    initial: a
    states:
      a: {on: {go: {target: b, by: [x]}}}
      b: {on: {go: {target: end, by: [x]}}}
  end: {type: final}
";
        super::super::tests::check(
            super::check,
            &process.replace("ALL\n", "\n"),
            "p.yaml:12:7: error[AC0403]: a ticket may wait in `outer.b` for ever unnoticed; give it a deadline, as in \
             `deadline: {within: 2 working days, then: …}`, or an `after`\n",
        );
        super::super::tests::check(super::check, &process.replace("ALL", "after: {30 days: end}"), "");
    }

    #[test]
    fn waiting_needs_an_owner_and_a_deadline() {
        super::super::tests::check(
            super::check,
            "
process: p
initial: a
states:
  a: {on: {go: {target: b, by: [x]}}}
  b:
    owner: x
    deadline: {within: 3 days}
    initial: c
    states: {c: {on: {go: {target: d, by: [x]}}}, d: {always: e}}
  e:
    owner: x
    entry: {send: {event: soon, at: 'days_after(today, 5)'}}
    on: {soon: f}
  f: {type: final}
",
            "p.yaml:5:3: error[AC0402]: a ticket waits in `a`, but for nobody; say who has to act, as in `owner: dispatcher`\n\
             p.yaml:5:3: error[AC0403]: a ticket may wait in `a` for ever unnoticed; give it a deadline, as in \
             `deadline: {within: 2 working days, then: …}`, or an `after`\n",
        );
    }
}
