//! A voucher template that no process and no run writes.

use std::collections::BTreeSet;

use crate::bundle::Bundle;
use crate::definition::{Action, walk};
use crate::diagnostic::Diagnostic;

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let mut written: BTreeSet<&str> = BTreeSet::new();
    for process in bundle.processes.values() {
        written.extend(walk::actions(&process.definition).into_iter().filter_map(|action| match action {
            Action::Voucher(voucher) => Some(voucher.template.value.as_str()),
            _ => None,
        }));
    }
    let posted = bundle.library.runs.values().flat_map(|run| &run.vouchers);
    written.extend(posted.map(|template| &*template.name));
    let templates = bundle.library.vouchers.iter();
    templates
        .filter(|(name, _)| !written.contains(name.as_str()))
        .map(|(name, template)| {
            Diagnostic::warning(
                "AC0633",
                template.place,
                format!("no process or run writes the voucher `{name}`"),
            )
        })
        .collect()
}
