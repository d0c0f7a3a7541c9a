//! A rule that dispatch asks and that is not there, or that asks for what nobody knows.

use crate::bundle::Bundle;
use crate::diagnostic::{Diagnostic, Sp};
use crate::facts::shape::WORLD;

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let dispatch = bundle.library.company.as_ref().and_then(|company| company.dispatch.as_ref());
    let named = dispatch.into_iter().flat_map(|dispatch| [&dispatch.suits, &dispatch.urgency]);
    named.flat_map(|rule| of(bundle, rule)).collect()
}

fn of(bundle: &Bundle, rule: &Sp<String>) -> Vec<Diagnostic> {
    let rules = &bundle.library.rules;
    let Some(parameters) = rules.parameters(&rule.value) else {
        let message = format!("unknown rule `{}`", rule.value);
        let finding = Diagnostic::error("AC0107", rule.place, message);
        return vec![finding.nearest("rule", &rule.value, rules.names())];
    };
    let fields: Vec<&str> =
        bundle.processes.values().flat_map(|process| process.definition.fields.keys()).collect();
    let is_known = |name: &str| WORLD.iter().any(|entry| entry.name == name) || fields.contains(&name);
    let unknown = parameters.filter(|name| !is_known(name)).map(|name| {
        let message = format!("the rule `{}` asks for `{name}`, which no request has", rule.value);
        Diagnostic::error("AC0311", rule.place, message).nearest("field", name, fields.iter().copied())
    });
    unknown.collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_rule_of_dispatch_that_is_not_there_is_told_and_so_is_what_nobody_knows() {
        let company = "company: c\nname: {en: C}\ncurrency: {code: IRR, minor_digits: 0}\ntime_zone: \"+03:30\"\n\
                       books_language: en\nfiscal_year: {calendar: jalali, starts: \"01-01\"}\nvat: {rounding: line, rates: []}\n\
                       urgency_percent: 0\nnumbers: {}\ndispatch: {suits: suit, urgency: place, job: 1 hours}\n";
        super::super::tests::files(
            super::check,
            &[
                ("company.yaml", company),
                ("p.yaml", "process: p\nfields: {wish: {type: text}}\ninitial: a\nstates: {a: {}}\n"),
                ("rules/d.rhai", "fn suits(candidate, wish) { 1 }\nfn place(ticket, wihs) { 1 }\n"),
            ],
            "company.yaml:10:19: error[AC0107]: unknown rule `suit`; a rule with a similar name exists: `suits`\n\
             company.yaml:10:34: error[AC0311]: the rule `place` asks for `wihs`, which no request has; a field with a similar name exists: `wish`\n",
        );
    }
}
