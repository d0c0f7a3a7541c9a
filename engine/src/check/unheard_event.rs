//! An event that the process sends to itself although nothing waits for it, and a `cancel` of what is never sent.

use std::collections::BTreeSet;

use crate::bundle::{Bundle, LoadedProcess};
use crate::definition::Action;
use crate::definition::walk::{self, Trigger};
use crate::diagnostic::{Diagnostic, Sp};
use crate::statechart::event::describes;

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    bundle.processes.values().flat_map(of).collect()
}

fn of(process: &LoadedProcess) -> Vec<Diagnostic> {
    let transitions = walk::transitions(&process.definition);
    let events = transitions.iter().filter_map(|at| match at.trigger {
        Trigger::Event(event) => Some(event.value.as_str()),
        _ => None,
    });
    let awaited: BTreeSet<&str> = events.flat_map(str::split_whitespace).collect();
    let actions = walk::actions(&process.definition);
    let ids: BTreeSet<&str> = actions.iter().filter_map(|action| id(action)).collect();
    let mut found = Vec::new();
    for action in actions {
        match action {
            Action::Raise(event) => found.extend(unheard(event, &awaited)),
            Action::Send(send) => found.extend(unheard(&send.event, &awaited)),
            Action::Cancel(id) if !ids.contains(id.value.as_str()) => found.push(
                Diagnostic::error("AC0113", id.place, format!("nothing is sent with the id `{}`", id.value))
                    .label("nothing to cancel")
                    .nearest("id", &id.value, ids.iter().copied()),
            ),
            _ => {}
        }
    }
    found
}

fn id(action: &Action) -> Option<&str> {
    match action {
        Action::Send(send) => send.id.as_ref().map(|id| id.value.as_str()),
        _ => None,
    }
}

fn unheard(event: &Sp<String>, awaited: &BTreeSet<&str>) -> Option<Diagnostic> {
    let heard = awaited.iter().any(|descriptor| describes(descriptor, &event.value));
    (!heard).then(|| {
        Diagnostic::error("AC0218", event.place, format!("nothing waits for the event `{}`", event.value))
            .label("has no effect")
            .nearest("event", &event.value, awaited.iter().copied())
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_event_or_an_id_that_leads_nowhere_is_told() {
        super::super::tests::check(
            super::check,
            "
process: p
initial: a
states:
  a:
    entry: [{raise: sodl}, {raise: error.late}, {send: {event: sold, after: 1 day, id: later}}, {cancel: latr}, {cancel: later}]
    on: {sold: b, error: b}
  b: {type: final}
",
            "p.yaml:6:21: error[AC0218]: nothing waits for the event `sodl`; an event with a similar name exists: `sold`\n\
             p.yaml:6:106: error[AC0113]: nothing is sent with the id `latr`; an id with a similar name exists: `later`\n",
        );
    }
}
