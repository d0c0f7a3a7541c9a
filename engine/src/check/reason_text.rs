//! A reason that has no text: people would read its key.

use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::step::OWN_REASONS;

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let reasons = &bundle.library.reasons;
    // Without any reasons file there is nowhere to point, and `compile` already tells of each `because`.
    let Some((first, _)) = reasons.iter().next() else { return Vec::new() };
    OWN_REASONS
        .iter()
        .filter(|code| reasons.get(code).is_none())
        .map(|code| {
            Diagnostic::error("AC0507", first.place, format!("the engine's own reason `{code}` has no text"))
                .label("these are the texts")
                .help(format!("add `{code}` to the reasons"))
        })
        .collect()
}
