//! Tickets that a process waits for: somebody has to answer when they end or cannot be opened, and they should
//! hear of it when nobody waits any more.

use super::charts;
use crate::bundle::Bundle;
use crate::definition::child::Invoke;
use crate::definition::walk::{self, Trigger};
use crate::diagnostic::Diagnostic;
use crate::statechart::event::describes;
use crate::statechart::{StateId, Statechart};
use crate::step::invoke::answered;

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    charts(bundle)
        .flat_map(|chart| [answers(chart), strangers(chart), calls(bundle, chart)].concat())
        .collect()
}

/// Invokes with the state that has them.
fn invokes(chart: &Statechart) -> Vec<(StateId, &Invoke)> {
    let states = walk::states(&chart.definition);
    let found = walk::invokes(&chart.definition).into_iter();
    found.filter_map(|(at, invoke)| Some((chart.state_at(&states.get(at)?.path)?, invoke))).collect()
}

/// Whether the state or one around it answers an event.
fn is_answered(chart: &Statechart, state: StateId, event: &str) -> bool {
    std::iter::once(state).chain(chart.ancestors(state)).any(|up| {
        let mut transitions = chart.state(up).transitions().filter_map(|id| chart.transition(id));
        transitions.any(|transition| {
            let words = transition.event.as_deref().unwrap_or_default();
            words.split_whitespace().any(|word| describes(word, event))
        })
    })
}

fn answers(chart: &Statechart) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (state, invoke) in invokes(chart) {
        let id = &invoke.id;
        for (kind, key) in [("done", "on_done"), ("error", "on_error")] {
            if !is_answered(chart, state, &format!("{kind}.invoke.{}", id.value)) {
                let message = format!("nothing answers `{kind}.invoke.{}`", id.value);
                let wrong =
                    Diagnostic::error("AC0806", id.place, message).label("the ticket would stand still");
                found.push(wrong.help(format!("say with `{key}` where the ticket goes then")));
            }
        }
    }
    found
}

/// Answers of invokes that are not there.
fn strangers(chart: &Statechart) -> Vec<Diagnostic> {
    let ids: Vec<&str> =
        walk::invokes(&chart.definition).iter().map(|(_, invoke)| invoke.id.value.as_str()).collect();
    let mut found = Vec::new();
    for at in walk::transitions(&chart.definition) {
        let Trigger::Event(event) = at.trigger else { continue };
        for id in event.value.split_whitespace().filter_map(answered) {
            if !id.contains('*') && !ids.contains(&id) {
                let message = format!("no state has the invoke `{id}`");
                let wrong = Diagnostic::error("AC0809", event.place, message).label("never comes");
                found.push(wrong.nearest("invoke", id, ids.iter().copied()));
            }
        }
    }
    found
}

/// Tickets that go on although nobody waits for them.
fn calls(bundle: &Bundle, chart: &Statechart) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (state, invoke) in invokes(chart) {
        let heeds = |interface: &crate::interface::Interface| interface.can_be_called_off;
        if bundle.library.interfaces.get(&invoke.process.value).is_none_or(heeds) {
            continue;
        }
        if leaves_otherwise(chart, state) {
            let process = &invoke.process;
            let message = format!("`{}` never answers `cancel.invoke`", process.value);
            let wrong = Diagnostic::warning("AC0807", process.place, message).label("cannot be called off");
            found.push(wrong.help("let it answer `cancel.invoke` where its ticket can still be given up"));
        }
    }
    found
}

/// Whether something else than the answer leads out of the state.
fn leaves_otherwise(chart: &Statechart, state: StateId) -> bool {
    let answers = |word: &str| ["done.invoke", "error.invoke"].iter().any(|own| word.starts_with(own));
    let own = |event: &str| event.split_whitespace().all(answers);
    std::iter::once(state).chain(chart.ancestors(state)).any(|up| {
        let mut transitions = chart.state(up).transitions().filter_map(|id| chart.transition(id));
        transitions.any(|transition| {
            let leads = transition.targets.iter().any(|target| !chart.is_below(*target, state));
            leads && !transition.event.as_deref().is_some_and(own)
        })
    })
}

#[cfg(test)]
mod tests {
    const CHILD: &str = "
process: work
opened_by: [system]
initial: w
states: {w: {on: {go: {by: [x], target: end}}}, end: {type: final}}
";

    fn told(process: &str) -> String {
        let files = [("p.yaml", process), ("work.yaml", CHILD)];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        let (bundle, _) = crate::bundle::load_lenient(files.to_vec());
        crate::diagnostic::render::short(&super::check(&bundle), &bundle.sources)
    }

    #[test]
    fn an_answer_without_anybody_who_waits_is_told() {
        assert_eq!(
            told(
                "
process: p
initial: a
states:
  a: {invoke: {id: one, process: work, on_done: b}}
  b: {invoke: {id: two, process: work}, on: {done.invoke.two: c, error.invoke: c}}
  c: {on: {done.invoke.tow: d}}
  d: {type: final}
"
            ),
            "p.yaml:5:20: error[AC0806]: nothing answers `error.invoke.one`; say with `on_error` where the ticket goes then\n\
             p.yaml:7:12: error[AC0809]: no state has the invoke `tow`; an invoke with a similar name exists: `two`\n"
        );
    }

    #[test]
    fn a_ticket_that_cannot_be_called_off_is_told_where_it_may_have_to_be() {
        let process = "
process: p
initial: a
states:
  a: {invoke: {id: one, process: work, on_done: b, on_error: b}, on: {stop: {by: [x], target: b}}}
  b: {type: final}
";
        assert_eq!(
            told(process),
            "p.yaml:5:34: warning[AC0807]: `work` never answers `cancel.invoke`; let it answer `cancel.invoke` where \
             its ticket can still be given up\n"
        );
        assert_eq!(told(&process.replace(", on: {stop: {by: [x], target: b}}", "")), "");
    }
}
