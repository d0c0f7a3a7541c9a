//! A message that no process sends.

use std::collections::BTreeSet;

use crate::bundle::Bundle;
use crate::definition::{Action, walk};
use crate::diagnostic::Diagnostic;

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let mut sent: BTreeSet<&str> = BTreeSet::new();
    for process in bundle.processes.values() {
        sent.extend(walk::actions(&process.definition).into_iter().filter_map(|action| match action {
            Action::Notify(notify) => Some(notify.message.value.as_str()),
            _ => None,
        }));
    }
    let messages = bundle.library.messages.iter();
    messages
        .filter(|(name, message)| {
            let is_printed = !message.prints.is_empty() || !message.of.is_empty();
            !is_printed && message.below_minimum.is_empty() && !sent.contains(name.value.as_str())
        })
        .map(|(name, _)| {
            Diagnostic::warning(
                "AC0506",
                name.place,
                format!("no process sends the message `{}`", name.value),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_message_that_is_never_sent_is_told() {
        super::super::tests::files(
            super::check,
            &[
                ("m.yaml", "messages:\n  a: {channels: {app: {en: x}}}\n  b: {channels: {app: {en: x}}}\n"),
                (
                    "p.yaml",
                    "process: p\ninitial: x\nstates:\n  x: {entry: {notify: {to: customer, message: b}}}\n",
                ),
            ],
            "m.yaml:2:3: warning[AC0506]: no process sends the message `a`\n",
        );
    }
}
