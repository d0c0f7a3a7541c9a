//! An event that transitions wait for, but that no one and nothing can send.

use std::collections::BTreeSet;

use crate::bundle::Bundle;
use crate::definition::Action;
use crate::definition::walk::{self, Trigger};
use crate::diagnostic::Diagnostic;
use crate::interface::CANCEL;
use crate::statechart::event::describes;

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
            let comes = event.value.split_whitespace().any(|descriptor| {
                let by_itself = ["done", "error"].contains(&descriptor.split('.').next().unwrap_or_default());
                by_itself || descriptor == CANCEL || sent.iter().any(|name| describes(descriptor, name))
            });
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
      error_reported: b
      signed.off ready: b
      cancel.invoke: b
  b: {}
",
            "p.yaml:9:7: error[AC0214]: nothing can send the event `paid`; say who may send it, as in \
             `by: [dispatcher]` (`by: [system]` for programs), or `raise` it\n\
             p.yaml:12:7: error[AC0214]: nothing can send the event `error_reported`; say who may send it, as in \
             `by: [dispatcher]` (`by: [system]` for programs), or `raise` it\n",
        );
    }
}
