//! An event that transitions wait for, but that no one and nothing can send.

use std::collections::BTreeSet;

use crate::bundle::Bundle;
use crate::definition::Action;
use crate::definition::walk::{self, Trigger};
use crate::diagnostic::Diagnostic;
use crate::interface::CANCEL;

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for process in bundle.processes.values() {
        let sent: BTreeSet<&str> = walk::actions(&process.definition)
            .into_iter()
            .filter_map(|action| match action {
                Action::Raise(event) => Some(event.value.as_str()),
                Action::Send(send) => Some(send.event.value.as_str()),
                _ => None,
            })
            .collect();
        for at in walk::transitions(&process.definition) {
            let Trigger::Event(event) = at.trigger else { continue };
            let by_itself = ["done.", "error", CANCEL].iter().any(|own| event.value.starts_with(own));
            let comes = by_itself || sent.iter().any(|name| matches(&event.value, name));
            if comes || !at.body.by.is_empty() || event.value == "*" {
                continue;
            }
            found.push(
                Diagnostic::error("AC0214", event.place, format!("nothing can send the event `{}`", event.value))
                    .label("never comes")
                    .help("say who may send it, as in `by: [dispatcher]` (`by: [system]` for programs), or `raise` it"),
            );
        }
    }
    found
}

/// Whether a descriptor (`a`, `a.*`) stands for an event: the same words, or the first of them.
fn matches(descriptor: &str, event: &str) -> bool {
    let words = descriptor.trim_end_matches(".*").trim_end_matches('.');
    event.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_event_without_a_sender_is_told() {
        super::super::tests::check(
            super::check,
            "
process: p
initial: a
states:
  a:
    entry: [{raise: ready.now}]
    on:
      ready: b
      paid: b
      signed: {target: b, by: [cashier]}
      error.*: b
      cancel.invoke: b
  b: {}
",
            "p.yaml:9:7: error[AC0214]: nothing can send the event `paid`; say who may send it, as in \
             `by: [dispatcher]` (`by: [system]` for programs), or `raise` it\n",
        );
    }
}
