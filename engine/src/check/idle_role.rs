//! A role that may do nothing: no step of any process, no opening, no permission.

use std::collections::BTreeSet;

use crate::bundle::Bundle;
use crate::definition::walk;
use crate::diagnostic::Diagnostic;

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let mut busy: BTreeSet<&str> = BTreeSet::new();
    for process in bundle.processes.values() {
        busy.extend(process.definition.opened_by.iter().map(|role| role.value.as_str()));
        for at in walk::transitions(&process.definition) {
            busy.extend(at.body.by.iter().map(|role| role.value.as_str()));
        }
    }
    let roles = bundle.library.roles.iter();
    roles
        .filter(|(name, role)| role.may.is_empty() && !busy.contains(name.value.as_str()))
        .map(|(name, _)| {
            Diagnostic::warning("AC0401", name.place, format!("the role `{}` can do nothing", name.value))
                .label("no step, no permission")
                .help("name it in `by` or `opened_by` of a process, give it something under `may`, or remove it")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_role_without_a_step_is_told() {
        super::super::tests::files(
            super::check,
            &[
                (
                    "roles.yaml",
                    "roles:\n  a: {title: {}}\n  b: {title: {}}\n  c: {title: {}, may: [reports.read]}\n",
                ),
                ("p.yaml", "process: p\ninitial: x\nstates:\n  x: {on: {go: {by: [a]}}}\n"),
            ],
            "roles.yaml:3:3: warning[AC0401]: the role `b` can do nothing; name it in `by` or `opened_by` of a \
             process, give it something under `may`, or remove it\n",
        );
    }
}
