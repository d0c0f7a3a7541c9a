//! A paper that is never printed: its series or process does not exist, or it has no text; a message for roles that do not
//! exist.

use crate::bundle::Bundle;
use crate::definition::messages::Message;
use crate::diagnostic::{Diagnostic, Sp};

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    bundle.library.messages.iter().flat_map(|(name, message)| of(bundle, name, message)).collect()
}

fn of(bundle: &Bundle, name: &Sp<String>, message: &Message) -> Vec<Diagnostic> {
    let is_paper = !message.prints.is_empty() || !message.of.is_empty();
    let mut found = Vec::new();
    if is_paper != message.channels.paper.is_some() {
        let text = if is_paper { "has no text under `paper`" } else { "is a paper of nothing" };
        found.push(
            Diagnostic::error("AC0508", name.place, format!("`{}` {text}", name.value))
                .label("never printed")
                .help("a paper has a text under `channels.paper`, and `prints` or `of`"),
        );
    }
    let unknown = |what: &str, one: &Sp<String>, known: Vec<&str>| {
        let message = format!("there is no {what} `{}`", one.value);
        Diagnostic::error("AC0508", one.place, message)
            .label("never printed")
            .nearest(what, &one.value, known)
    };
    let numbers = bundle.library.company.as_ref().map(|company| &company.numbers);
    for series in message.prints.iter().filter(|_| numbers.is_some()) {
        let known: Vec<&str> = numbers.into_iter().flat_map(|all| all.keys()).map(AsRef::as_ref).collect();
        if !known.contains(&series.value.as_str()) {
            found.push(unknown("series", series, known));
        }
    }
    for process in &message.of {
        let names = bundle.processes.values().filter_map(|one| one.definition.process.as_ref());
        let known: Vec<&str> = names.map(|name| name.value.as_str()).collect();
        if !known.contains(&process.value.as_str()) {
            found.push(unknown("process", process, known));
        }
    }
    let roles = &bundle.library.roles;
    for role in message.seen_by.iter().chain(&message.below_minimum) {
        if roles.get(&role.value).is_none() {
            let message = format!("there is no role `{}`", role.value);
            let known = roles.keys().map(AsRef::as_ref);
            found.push(Diagnostic::error("AC0105", role.place, message).label("unknown role").nearest(
                "role",
                &role.value,
                known,
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_paper_that_is_never_printed_is_told() {
        super::super::tests::files(
            super::check,
            &[
                (
                    "m.yaml",
                    "messages:\n  a: {of: [pp], channels: {paper: {en: x}}}\n  b: {of: [p], channels: {app: {en: x}}}\n  c: {channels: {paper: {en: x}}}\n  \
                     d: {of: [p], seen_by: [custmer], channels: {paper: {en: x}}}\n",
                ),
                ("r.yaml", "roles:\n  customer: {title: {en: Customer}, kind: outside}\n"),
                ("p.yaml", "process: p\ninitial: x\nstates:\n  x: {}\n"),
            ],
            "m.yaml:2:12: error[AC0508]: there is no process `pp`; a process with a similar name exists: `p`\n\
             m.yaml:3:3: error[AC0508]: `b` has no text under `paper`; a paper has a text under `channels.paper`, and \
             `prints` or `of`\n\
             m.yaml:4:3: error[AC0508]: `c` is a paper of nothing; a paper has a text under `channels.paper`, and \
             `prints` or `of`\n\
             m.yaml:5:26: error[AC0105]: there is no role `custmer`; a role with a similar name exists: `customer`\n",
        );
    }
}
