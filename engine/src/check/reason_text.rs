//! A reason or a rule's condition that has no text: people would read its key.

use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::step::OWN_REASONS;

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let reasons = &bundle.library.reasons;
    // Without any reasons file there is nowhere to point, and `compile` already tells of each `because`.
    let Some((first, _)) = reasons.iter().next() else { return Vec::new() };
    let own =
        OWN_REASONS.iter().map(|code| ((*code).to_owned(), format!("the engine's own reason `{code}`")));
    let rules = &bundle.library.rules;
    let conditions = rules.names().flat_map(|rule| {
        let named = rules.conditions(rule).into_iter();
        named.map(move |name| (name.to_string(), format!("the condition `{name}` of the rule `{rule}`")))
    });
    own.chain(conditions)
        .filter(|(code, _)| reasons.get(code).is_none())
        .map(|(code, what)| {
            Diagnostic::error("AC0507", first.place, format!("{what} has no text"))
                .label("these are the texts")
                .help(format!("add `{code}` to the reasons"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_engines_reasons_and_the_rules_conditions_need_texts() {
        let own: String =
            crate::step::OWN_REASONS.iter().skip(1).map(|code| format!("  {code}: {{en: x}}\n")).collect();
        super::super::tests::files(
            super::check,
            &[
                ("r.yaml", &format!("reasons:\n{own}")),
                ("rules/w.rhai", "fn cover(card) {\n  condition(\"stamped\", card.stamped == true)\n}\n"),
            ],
            "r.yaml:2:3: error[AC0507]: the condition `stamped` of the rule `cover` has no text; add `stamped` to the reasons\n\
             r.yaml:2:3: error[AC0507]: the engine's own reason `condition_not_met` has no text; add `condition_not_met` to the reasons\n",
        );
    }
}
