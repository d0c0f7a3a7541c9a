//! Compares what is expected of a step with what came of it.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::observed::{Booked, BookedLine, Observed};
use super::world::moment;
use crate::definition::OneOrMany;
use crate::definition::scenario::{Expect, LineExpected, VoucherExpected};
use crate::diagnostic::{Diagnostic, Place, Sp};
use crate::facts::{Map, Value};
use crate::statechart::each::plain;

/// What differs, each with the place of the expectation.
struct Differences<'n> {
    step: &'n str,
    found: Vec<Diagnostic>,
}

impl Differences<'_> {
    fn add(
        &mut self,
        place: Place,
        what: &str,
        expected: impl std::fmt::Display,
        actual: impl std::fmt::Display,
    ) {
        let message = format!("{}: expected {what} {expected}, got {actual}", self.step);
        self.found.push(Diagnostic::error("AC0702", place, message).label(format!("got {actual}")));
    }
}

impl Observed<'_> {
    /// What differs from what is expected of the step with this name.
    pub fn compare(&self, step: &str, expected: &Sp<Expect>) -> Vec<Diagnostic> {
        let mut differences = Differences { step, found: Vec::new() };
        let place = expected.place;
        self.outcome(place, expected, &mut differences);
        self.states(expected, &mut differences);
        if let Some(sums) = &expected.charges {
            maps("charges", &sums.value, &(self.fact)("charges"), sums.place, &mut differences);
        }
        if let Some(facts) = &expected.facts {
            for (name, value) in &facts.value {
                values(name, value, &(self.fact)(name), facts.place, &mut differences);
            }
        }
        self.decisions(expected, &mut differences);
        self.told(expected, &mut differences);
        self.vouchers(expected, &mut differences);
        self.timers(expected, &mut differences);
        for effect in &expected.effects {
            let wanted = Value::Map(effect.value.clone());
            if !self.effects.iter().any(|one| fits(&wanted, one)) {
                differences.add(effect.place, "the effect", &wanted, "no such effect");
            }
        }
        differences.found
    }

    fn outcome(&self, place: Place, expected: &Expect, differences: &mut Differences<'_>) {
        let got: BTreeSet<&str> = self.reasons.iter().map(|reason| reason.code.as_str()).collect();
        let wanted: BTreeSet<&str> = expected.reasons.iter().map(|code| code.value.as_str()).collect();
        let actual = match got.is_empty() {
            true => self.outcome.to_owned(),
            false => format!("{} because of {}", self.outcome, self.why()),
        };
        match &expected.outcome {
            Some(word) if word.value.word() != self.outcome => {
                differences.add(word.place, "the outcome", word.value.word(), &actual);
            }
            None if wanted.is_empty() && self.is_sent && !matches!(self.outcome, "moved" | "finished") => {
                differences.add(place, "the outcome", "moved or finished", &actual);
            }
            _ => {}
        }
        if !wanted.is_empty() && wanted != got {
            let place = expected.reasons.iter().next().map_or(place, |code| code.place);
            differences.add(place, "the reasons", list(&wanted), &actual);
        }
    }

    /// Reasons with what they are about.
    fn why(&self) -> String {
        let reasons = self.reasons.iter().map(|reason| {
            let about = reason.field.as_deref().map(|field| format!(" ({field})"));
            let message = reason.values.get("message").map(|message| format!(" ({message})"));
            let source = reason.source.as_deref().map(|source| format!(" at {source}"));
            format!(
                "`{}`{}{}",
                reason.code,
                about.or(message).unwrap_or_default(),
                source.unwrap_or_default()
            )
        });
        reasons.collect::<Vec<_>>().join(", ")
    }

    fn states(&self, expected: &Expect, differences: &mut Differences<'_>) {
        // A state around an active one is active as well.
        let is_active = |path: &str| {
            let begins = |leaf: &str| {
                leaf.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            // Without a key any of the instances will do.
            self.leaves.iter().any(|leaf| begins(leaf) || begins(&plain(leaf)))
        };
        for state in expected.state.iter().filter(|state| !is_active(&state.value)) {
            differences.add(state.place, "the state", format!("`{}`", state.value), list(&self.leaves));
        }
        if let Some(all) = &expected.configuration {
            let wanted: BTreeSet<&str> = all.value.iter().map(|state| state.value.as_str()).collect();
            if wanted != self.leaves.iter().map(String::as_str).collect() {
                differences.add(all.place, "the configuration", list(&wanted), list(&self.leaves));
            }
        }
    }

    fn decisions(&self, expected: &Expect, differences: &mut Differences<'_>) {
        let named =
            |name: &str| self.rulings.iter().rfind(|ruling| ruling.rule == name || ruling.into == name);
        for (name, value) in expected.decisions.iter().flat_map(|all| &all.value) {
            let place = expected.decisions.as_ref().map_or(Place::default(), |all| all.place);
            match named(name) {
                Some(ruling) => values(name, value, &ruling.value, place, differences),
                None => differences.add(place, "a decision of", format!("`{name}`"), "none"),
            }
        }
        for (name, holds) in expected.conditions.iter() {
            let asked = self
                .rulings
                .iter()
                .flat_map(|ruling| &ruling.conditions)
                .rfind(|one| *one.name == *name.value);
            match asked {
                Some(condition) if condition.holds == holds.value => {}
                Some(condition) => {
                    let values: Vec<String> =
                        condition.values.iter().map(|(k, v)| format!("{k} = {v}")).collect();
                    let actual =
                        format!("{} ({}) at {}", condition.holds, values.join(", "), condition.source);
                    differences.add(
                        holds.place,
                        &format!("the condition `{}` to be", name.value),
                        holds.value,
                        actual,
                    );
                }
                None => differences.add(
                    name.place,
                    "the condition",
                    format!("`{}`", name.value),
                    "it was not asked",
                ),
            }
        }
    }

    /// Messages and tasks.
    fn told(&self, expected: &Expect, differences: &mut Differences<'_>) {
        let mut compare = |what: &str, wanted: &Option<Sp<OneOrMany<Sp<String>>>>, got: &[String]| {
            let Some(all) = wanted else { return };
            let wanted = sorted(all.value.iter().map(|name| name.value.as_str()));
            let got = sorted(got.iter().map(String::as_str));
            if wanted != got {
                differences.add(all.place, what, list(&wanted), list(&got));
            }
        };
        compare("the messages", &expected.messages, &self.messages);
        compare("the tasks", &expected.tasks, &self.tasks);
    }

    fn vouchers(&self, expected: &Expect, differences: &mut Differences<'_>) {
        let Some(wanted) = &expected.vouchers else { return };
        let names: Vec<&str> = wanted.value.iter().map(|one| one.template.value.as_str()).collect();
        let made: Vec<&str> = self.vouchers.iter().map(|voucher| voucher.template.as_str()).collect();
        if names != made {
            differences.add(wanted.place, "the vouchers", list(&names), list(&made));
            return;
        }
        for (wanted, voucher) in wanted.value.iter().zip(&self.vouchers) {
            lines_of(wanted, voucher, differences);
        }
    }

    fn timers(&self, expected: &Expect, differences: &mut Differences<'_>) {
        for (event, at) in expected.timers.iter() {
            match moment(at) {
                Ok(at) if self.timers.iter().any(|(name, due)| *name == event.value && *due == at) => {}
                Ok(_) => {
                    let all: Vec<String> =
                        self.timers.iter().map(|(name, due)| format!("{name} at {due}")).collect();
                    differences.add(
                        at.place,
                        &format!("the timer `{}` at", event.value),
                        &at.value,
                        list(&all),
                    );
                }
                Err(wrong) => differences.found.push(*wrong),
            }
        }
    }
}

fn sorted<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names
}

fn lines_of(wanted: &VoucherExpected, voucher: &Booked, differences: &mut Differences<'_>) {
    let Some(lines) = &wanted.lines else { return };
    let mut left: Vec<&BookedLine> = voucher.lines.iter().collect();
    for expected in lines {
        let place = expected.amount.place;
        match left.iter().position(|line| line_fits(expected, line)) {
            Some(at) => drop(left.remove(at)),
            None => {
                let all: Vec<String> = voucher.lines.iter().map(show).collect();
                differences.add(place, "the line", show_expected(expected), list(all));
            }
        }
    }
    if !left.is_empty() && left.len() + lines.len() == voucher.lines.len() {
        let rest: Vec<String> = left.into_iter().map(show).collect();
        differences.add(wanted.template.place, "no line but", "these", list(&rest));
    }
}

fn line_fits(expected: &LineExpected, line: &BookedLine) -> bool {
    let wanted = Decimal::from_str_exact(&expected.amount.value).unwrap_or(Decimal::NEGATIVE_ONE);
    let side = match (&expected.debit, &expected.credit) {
        (Some(account), None) => account.value == line.account && line.debit == wanted,
        (None, Some(account)) => account.value == line.account && line.credit == wanted,
        _ => false,
    };
    let mut details = expected.details.iter();
    side && details.all(|(kind, code)| line.details.iter().any(|(k, c)| *k == kind.value && *c == code.value))
}

fn show_expected(line: &LineExpected) -> String {
    let side = |word: &str, account: &Option<Sp<String>>| {
        account.as_ref().map(|account| format!("{word} {}", account.value))
    };
    let account = side("debit", &line.debit).or_else(|| side("credit", &line.credit)).unwrap_or_default();
    let details = line.details.iter().map(|(kind, code)| format!(" {}={}", kind.value, code.value));
    format!("{account} {}{}", line.amount.value, details.collect::<String>())
}

fn show(line: &BookedLine) -> String {
    let (word, amount) = if line.debit.is_zero() { ("credit", line.credit) } else { ("debit", line.debit) };
    let details = line.details.iter().map(|(kind, code)| format!(" {kind}={code}"));
    format!("{word} {} {amount}{}", line.account, details.collect::<String>())
}

/// Every named part, with its path in the message.
fn maps(path: &str, expected: &Map, actual: &Value, place: Place, differences: &mut Differences<'_>) {
    for (key, value) in expected {
        let actual = actual.get(key).cloned().unwrap_or_default();
        values(&format!("{path}.{key}"), value, &actual, place, differences);
    }
}

fn values(path: &str, expected: &Value, actual: &Value, place: Place, differences: &mut Differences<'_>) {
    match (expected, actual) {
        (Value::Map(map), Value::Map(_)) => maps(path, map, actual, place, differences),
        _ if fits(expected, actual) => {}
        _ => differences.add(place, &format!("`{path}` to be"), expected, actual),
    }
}

/// Whether a value is what is written: numbers by their value, dates and moments by their text, of maps only
/// the keys that are written.
fn fits(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Map(map), Value::Map(_)) => {
            map.iter().all(|(key, value)| fits(value, actual.get(key).unwrap_or(&Value::Null)))
        }
        (Value::List(wanted), Value::List(got)) => {
            wanted.len() == got.len() && wanted.iter().zip(got).all(|(wanted, got)| fits(wanted, got))
        }
        (Value::Text(text), Value::Time(time)) => {
            chrono::DateTime::parse_from_rfc3339(text).is_ok_and(|written| written.to_utc() == *time)
        }
        _ if expected == actual => true,
        _ => {
            let number = |value: &Value| match value {
                Value::Text(text) => Decimal::from_str_exact(text).ok(),
                other => other.as_decimal(),
            };
            let same_number = matches!((number(expected), number(actual)), (Some(a), Some(b)) if a == b);
            same_number || (matches!(actual, Value::Date(_)) && expected.to_string() == actual.to_string())
        }
    }
}

fn list<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    if names.is_empty() { "nothing".into() } else { names.join(", ") }
}
