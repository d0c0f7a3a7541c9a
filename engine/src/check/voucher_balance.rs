//! A voucher that does not balance for some ticket: tried on made-up tickets, with a counterexample.

use std::collections::BTreeSet;

use super::tickets;
use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::facts::{Map, Value};
use crate::ledger::Template;
use crate::rules::{Name, View};

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let rounding = bundle.library.rounding();
    let worlds = tickets::worlds(rounding);
    bundle
        .library
        .vouchers
        .values()
        .filter_map(|template| of(template, &worlds, rounding.minor_digits))
        .collect()
}

fn of(template: &Template, worlds: &[Map], minor_digits: u32) -> Option<Diagnostic> {
    let reads = template.reads();
    let names =
        |prefix: &str| -> Vec<&str> { reads.iter().filter_map(|path| path.strip_prefix(prefix)).collect() };
    let (asked, worked_out) = (names("data."), names("due."));
    let mut posts = false;
    for (n, world) in (0..).zip(worlds) {
        let absent = absent(n, &reads, world);
        let data = tickets::data(n, minor_digits, &asked);
        let due = tickets::data(n, minor_digits, &worked_out);
        let world = &Seen { world, absent, data, due };
        let today = world.world.get("today").and_then(Value::as_date).unwrap_or_default();
        match template.evaluate(world, today) {
            Ok(voucher) => posts |= voucher.is_some(),
            Err(wrong) => {
                return Some(
                    Diagnostic::error(
                        "AC0630",
                        template.place,
                        format!("voucher `{}`: {}", template.name, wrong.message),
                    )
                    .label("fails for a possible ticket")
                    .help(format!("for example with {}", example(world, &reads))),
                );
            }
        }
    }
    (!posts).then(|| {
        let message = format!(
            "the voucher `{}` was posted for none of {} made-up tickets",
            template.name,
            tickets::COUNT
        );
        Diagnostic::warning("AC0631", template.place, message).help("can its conditions hold?")
    })
}

/// Records that are not there in the n-th world. What a template asks for as a whole (`customer == ()`) may be absent,
/// so every combination of such records is tried.
fn absent<'r>(n: u64, reads: &'r BTreeSet<String>, world: &Map) -> Vec<&'r str> {
    let records = reads.iter().filter(|path| matches!(world.get(path.as_str()), Some(Value::Map(_))));
    records.zip(0..64).filter(|(_, bit)| n >> bit & 1 == 1).map(|(path, _)| path.as_str()).collect()
}

/// The facts that decided: what the template reads, of lines only what tells them apart.
fn example(seen: &Seen<'_>, reads: &BTreeSet<String>) -> String {
    let mut parts: Vec<String> = seen.absent.iter().map(|name| format!("no {name}")).collect();
    let world = seen.world;
    for path in reads.iter().filter(|path| !path.starts_with("line")) {
        let (head, rest) =
            path.split_once('.').map_or((path.as_str(), None), |(head, rest)| (head, Some(rest)));
        let value = world.get(head).and_then(|value| rest.map_or(Some(value), |rest| value.at(rest)));
        match value {
            Some(Value::List(lines)) => parts.extend(lines.iter().zip(1..).map(|(line, n)| {
                let keys = [
                    "kind",
                    "list",
                    "covered_by",
                    "covered_percent",
                    "net",
                    "vat",
                    "gross",
                    "cost",
                    "covered_cost",
                    "provider",
                    "decision",
                ];
                let shown = keys.iter().filter_map(|key| Some(format!("{key} {}", line.get(key)?)));
                format!("line {n}: {}", shown.collect::<Vec<_>>().join(", "))
            })),
            Some(value) if !matches!(value, Value::Map(_)) => parts.push(format!("{path} = {value}")),
            _ => {}
        }
    }
    parts.join("; ")
}

/// A world as templates see it. They are held to world names when they are compiled.
struct Seen<'w> {
    world: &'w Map,
    absent: Vec<&'w str>,
    /// What a form brought.
    data: Value,
    /// What the rule of a run worked out.
    due: Value,
}

impl View for Seen<'_> {
    fn value(&self, name: &Name) -> Option<&Value> {
        match &*name.text {
            "data" => Some(&self.data),
            "due" => Some(&self.due),
            other if self.absent.contains(&other) => Some(&Value::Null),
            other => self.world.get(other),
        }
    }
    fn is_in(&self, _: usize) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    const COMPANY: &str = "
company: c
name: {en: C}
currency: {code: IRR, minor_digits: 0}
time_zone: '+03:30'
books_language: en
fiscal_year: {calendar: gregorian, starts: 01-01}
vat: {rounding: line, rates: [{kind: standard, from: 2020-01-01, percent: 10}]}
urgency_percent: 25
numbers: {}
";
    const ACCOUNTS: &str = "
accounts:
  1: {title: {}, nature: debit}
  113: {title: {}}
  113001: {title: {}}
  6: {title: {}, nature: credit}
  610: {title: {}}
  610001: {title: {}}
";

    fn check(amount: &str, expected: &str) {
        let voucher = format!(
            "voucher: v\ntitle: {{}}\ntext: {{en: x}}\nlines:\n  - {{debit: 113001, amount: charges.gross}}\n  - {{credit: 610001, amount: {amount}}}\n"
        );
        let files = [("a.yaml", ACCOUNTS), ("c.yaml", COMPANY), ("v.yaml", &voucher)];
        let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        let (bundle, loading) = crate::bundle::load(files);
        assert_eq!(crate::diagnostic::render::short(&loading, &bundle.sources), "");
        let found = super::check(&bundle);
        let codes: Vec<&str> = found.iter().map(|one| one.code).collect();
        assert_eq!(codes.join(" "), expected, "{found:#?}");
        if let Some(one) = found.first() {
            assert!(one.help.as_ref().is_some_and(|help| help.contains("charges.gross = ")), "{one:#?}");
        }
    }

    #[test]
    fn a_template_that_forgets_the_vat_fails_with_a_counterexample() {
        check("charges.gross", "");
        check("charges.net", "AC0630");
    }
}
