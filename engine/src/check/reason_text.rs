//! A reason or a rule's condition that has no text: people would read its key.

use std::collections::BTreeSet;

use crate::bundle::Bundle;
use crate::diagnostic::{Diagnostic, Sp};
use crate::facts::shape::{Entry, Kind, WORLD};
use crate::step::{OWN_REASONS, OWN_VALUES};

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let mut found = without_text(bundle);
    found.extend(placeholders(bundle));
    found
}

/// What stands in braces is a fact, a field of some process, or what reasons carry by themselves.
fn placeholders(bundle: &Bundle) -> Vec<Diagnostic> {
    let mut known: BTreeSet<String> = OWN_VALUES.iter().map(|name| (*name).to_owned()).collect();
    paths("", WORLD, &mut known);
    for process in bundle.processes.values() {
        for (name, field) in process.definition.fields.iter() {
            known.extend([name.value.clone(), format!("data.{}", name.value)]);
            known.extend(field.of.keys().map(str::to_owned));
        }
    }
    let texts = bundle.library.reasons.iter().flat_map(|(_, text)| [&text.en, &text.fa, &text.zh, &text.pl]);
    texts.flatten().flat_map(|text| unknown(text, &known)).collect()
}

/// Dotted paths of facts, and what is last in each: a rule's condition knows its values by that as well.
fn paths(above: &str, entries: &[Entry], known: &mut BTreeSet<String>) {
    for entry in entries {
        let path = if above.is_empty() { entry.name.to_owned() } else { format!("{above}.{}", entry.name) };
        known.insert(entry.name.to_owned());
        if let Kind::Map(inside) | Kind::Rows(inside) = entry.kind {
            paths(&path, inside, known);
        }
        known.insert(path);
    }
}

fn unknown(text: &Sp<String>, known: &BTreeSet<String>) -> Vec<Diagnostic> {
    let names = text.value.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name));
    let wrong = names.filter(|name| !known.contains(*name));
    wrong
        .map(|name| {
            let message = format!("no reason ever carries `{name}`");
            let wrong = Diagnostic::error("AC0509", text.place, message).label("people would read a dash");
            wrong.nearest("fact", name, known.iter().map(String::as_str))
        })
        .collect()
}

fn without_text(bundle: &Bundle) -> Vec<Diagnostic> {
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

    #[test]
    fn a_text_of_a_reason_names_only_what_reasons_carry() {
        let own: String =
            crate::step::OWN_REASONS.iter().map(|code| format!("  {code}: {{en: x}}\n")).collect();
        super::super::tests::files(
            super::check,
            &[
                (
                    "r.yaml",
                    &format!(
                        "reasons:\n{own}  due: {{en: \"{{charges.customer_ows}} at {{row}} for {{data.shop}}\"}}\n"
                    ),
                ),
                ("p.yaml", "process: p\nfields: {shop: {type: text}}\ninitial: a\nstates: {a: {}}\n"),
            ],
            "r.yaml:15:13: error[AC0509]: no reason ever carries `charges.customer_ows`; a fact with a similar name exists: `charges.customer_owes`\n",
        );
    }
}
