//! `card`: issue, sell, start, stamp, extend, curtail or void the device's card.
//!
//! A card holds three terms one after the other: guarantee, warranty, service commitment. A term of zero
//! months is absent. Dates include their first and last day.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::company::date::months_after;
use crate::compile::Binder;
use crate::definition::action as written;
use crate::definition::company::CalendarSystem;
use crate::effect::Effect;
use crate::facts::shape::{self, Entry, Kind};
use crate::facts::{Map, Value};
use crate::rules::RuleError;
use crate::step::eyes::Bound;
use crate::step::run::{Refusal, Run};

/// The card after the step: whole, by the names of [`shape::CARD`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub change: CardChange,
    pub card: Value,
    pub reason: String,
    pub on: NaiveDate,
}

/// What happened to the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardChange {
    Issued,
    Sold,
    Started,
    Stamped,
    Extended,
    Curtailed,
    Voided,
}

#[derive(Debug)]
pub enum Action {
    Issue(Vec<(Arc<str>, Bound)>),
    Sell(Vec<(Arc<str>, Bound)>),
    Start(Bound),
    Stamp(Bound),
    Extend(Vec<(Arc<str>, Bound)>),
    Curtail(Vec<(Arc<str>, Bound)>),
    Void(Bound),
}

const TERM: Entry = Entry {
    name: "term",
    kind: Kind::Text,
    about: "`guarantee`, `warranty`, `commitment` or `extension` (sold)",
};
const REASON: Entry = Entry { name: "reason", kind: Kind::Text, about: "why" };

/// What `extend` takes.
const EXTENSION: &[Entry] = &[
    TERM,
    Entry { name: "months", kind: Kind::Int, about: "how much longer" },
    Entry {
        name: "from",
        kind: Kind::Date,
        about: "first day of a sold extension; left out: when all terms have ended",
    },
    REASON,
];

/// What `curtail` takes.
const CURTAILMENT: &[Entry] = &[
    TERM,
    Entry { name: "on", kind: Kind::Date, about: "its last day; before its first day, the term is gone" },
    REASON,
];

const TERMS: [&str; 3] = ["guarantee", "warranty", "commitment"];

impl Action {
    pub(super) fn bind(card: &written::Card, binder: &mut Binder<'_>) -> Option<Self> {
        Some(match card {
            written::Card::Issue(values) => Self::Issue(binder.entries(values, "card", shape::CARD, &[])),
            written::Card::Sell(values) => Self::Sell(binder.entries(values, "card", shape::CARD, &[])),
            written::Card::Extend(values) => {
                Self::Extend(binder.entries(values, "extension", EXTENSION, &[]))
            }
            written::Card::Curtail(values) => {
                Self::Curtail(binder.entries(values, "curtailment", CURTAILMENT, &[]))
            }
            written::Card::Start(date) => Self::Start(binder.value(date, Kind::Date)?),
            written::Card::Stamp(stamped) => Self::Stamp(binder.value(stamped, Kind::Bool)?),
            written::Card::Void(reason) => Self::Void(binder.value(reason, Kind::Text)?),
        })
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        let today = run.today();
        let mut card = match run.world("card") {
            Value::Map(card) => card.clone(),
            _ => Map::new(),
        };
        let mut reason = String::new();
        let change = match self {
            Self::Issue(values) => {
                card = issued(run, values, today)?;
                CardChange::Issued
            }
            Self::Sell(values) => {
                card.extend(values_of(run, values)?);
                CardChange::Sold
            }
            Self::Start(date) => {
                let from = date_of(run, date)?;
                if is_over_or_begun(&card) {
                    return Ok(());
                }
                begin_terms(run, &mut card, from);
                CardChange::Started
            }
            Self::Stamp(stamped) => {
                let stamped = run.value_of(stamped)?;
                card.insert("stamped".into(), stamped);
                CardChange::Stamped
            }
            Self::Extend(values) => {
                let values = values_of(run, values)?;
                reason = values.get("reason").map(Value::to_string).unwrap_or_default();
                extend(&mut card, &values, calendar(run))
                    .map_err(|message| RuleError { message, source_line: String::new() })?;
                CardChange::Extended
            }
            Self::Curtail(values) => {
                let values = values_of(run, values)?;
                reason = values.get("reason").map(Value::to_string).unwrap_or_default();
                curtail(&mut card, &values)
                    .map_err(|message| RuleError { message, source_line: String::new() })?;
                CardChange::Curtailed
            }
            Self::Void(why) => {
                reason = run.value_of(why)?.to_string();
                card.insert("status".into(), Value::text("void"));
                CardChange::Voided
            }
        };
        let card = Kind::Map(shape::CARD).decode(Value::Map(card));
        run.set_world("card", card.clone());
        run.effects.push(Effect::Card(Card { change, card, reason, on: today }));
        Ok(())
    }
}

/// A new card. One that takes another one's place brings its terms along.
fn issued(run: &Run<'_>, values: &[(Arc<str>, Bound)], today: NaiveDate) -> Result<Map, Refusal> {
    let mut card = values_of(run, values)?;
    let runs = card.get("guarantee_from").is_some_and(|from| !from.is_null());
    card.insert("status".into(), Value::text(if runs { "active" } else { "issued" }));
    card.entry("issued_on".into()).or_insert(Value::Date(today));
    let basis = run.world("policy").get("start_basis").and_then(Value::as_text).unwrap_or_default();
    let from = match basis {
        _ if runs => None,
        "production" => run.world("device").get("produced_on").and_then(Value::as_date),
        "sale" => card.get("sold_on").and_then(Value::as_date),
        _ => None,
    };
    if let Some(from) = from {
        begin_terms(run, &mut card, from);
    }
    Ok(card)
}

/// A card starts once, and one that is void never again.
fn is_over_or_begun(card: &Map) -> bool {
    let begun = |term| card.get(format!("{term}_from").as_str()).is_some_and(|from| !from.is_null());
    card.get("status").and_then(Value::as_text) == Some("void") || TERMS.into_iter().any(begun)
}

fn values_of(run: &Run<'_>, values: &[(Arc<str>, Bound)]) -> Result<Map, Refusal> {
    let mut map = Map::new();
    for (key, expression) in values {
        map.insert(key.clone(), run.value_of(expression)?);
    }
    Ok(map)
}

fn date_of(run: &Run<'_>, expression: &Bound) -> Result<NaiveDate, Refusal> {
    let value = run.value_of(expression)?;
    let date = run.day_of(&value).ok_or_else(|| RuleError {
        message: format!("`{}` gives {}, but a date is needed", expression.expression.text(), value.kind()),
        source_line: expression.source(),
    })?;
    Ok(date)
}

fn begin_terms(run: &Run<'_>, card: &mut Map, from: NaiveDate) {
    let produced = run.world("device").get("produced_on").and_then(Value::as_date);
    card.extend(terms(run.world("policy"), produced, from, calendar(run)));
    card.insert("status".into(), Value::text("active"));
}

/// The calendar whose months the company counts terms in.
fn calendar(run: &Run<'_>) -> CalendarSystem {
    run.chart.library.company.as_ref().map(|company| company.calendar).unwrap_or_default()
}

/// The terms of a policy, one after the other from a day, which is not later than the policy allows after
/// production: the keys `guarantee_from`, `guarantee_to` and so on of a card.
pub fn terms(policy: &Value, produced: Option<NaiveDate>, from: NaiveDate, calendar: CalendarSystem) -> Map {
    let delay = policy.get("max_start_delay_months").and_then(Value::as_int);
    let latest = produced.zip(delay).and_then(|(day, months)| months_after(day, months, calendar));
    let mut from = latest.map_or(from, |latest| from.min(latest));
    let mut dates = Map::new();
    for term in TERMS {
        let months = policy.at(&format!("{term}.months")).and_then(Value::as_int).unwrap_or(0);
        let Some(next) = months_after(from, months, calendar).filter(|_| months > 0) else { continue };
        dates.insert(format!("{term}_from").into(), Value::Date(from));
        dates.insert(format!("{term}_to").into(), next.checked_sub_days(Days::new(1)).into());
        from = next;
    }
    dates
}

/// Makes one term longer. A sold extension starts when all the rest has ended; the terms after a longer one
/// move with it.
fn extend(card: &mut Map, values: &Map, calendar: CalendarSystem) -> Result<(), String> {
    let months = values.get("months").and_then(Value::as_int).filter(|months| *months > 0);
    let months = months.ok_or("an extension needs `months` above zero")?;
    let term = values.get("term").and_then(Value::as_text).unwrap_or("guarantee");
    let date = |card: &Map, key: &str| card.get(key).and_then(Value::as_date);
    if term == "extension" {
        let last =
            ["guarantee_to", "warranty_to", "extended_to"].iter().filter_map(|key| date(card, key)).max();
        let next =
            last.and_then(|last| last.checked_add_days(Days::new(1))).ok_or("the card has not started")?;
        let from = values.get("from").and_then(Value::as_date).unwrap_or(next);
        if date(card, "extended_from").is_none() {
            card.insert("extended_from".into(), Value::Date(from));
        }
        let to = months_after(from, months, calendar).and_then(|next| next.checked_sub_days(Days::new(1)));
        card.insert("extended_to".into(), to.into());
        return Ok(());
    }
    let at =
        TERMS.iter().position(|name| *name == term).ok_or_else(|| format!("there is no term `{term}`"))?;
    date(card, &format!("{term}_to")).ok_or_else(|| format!("the card has no {term} to extend"))?;
    for (n, name) in TERMS.iter().enumerate().skip(at) {
        let (from, to) = (format!("{name}_from"), format!("{name}_to"));
        if let Some(moved) =
            date(card, &from).and_then(|day| months_after(day, months, calendar)).filter(|_| n > at)
        {
            card.insert(from.into(), Value::Date(moved));
        }
        // Months are counted from the day after the last, so that the next term begins the day after this one
        // ends: 30 June and six months is 31 December.
        let end = date(card, &to).and_then(|last| last.checked_add_days(Days::new(1)));
        if let Some(moved) = end.and_then(|end| months_after(end, months, calendar)) {
            card.insert(to.into(), moved.checked_sub_days(Days::new(1)).into());
        }
    }
    Ok(())
}

/// Ends one term earlier than it would. A term that would end before it begins is gone from the card.
fn curtail(card: &mut Map, values: &Map) -> Result<(), String> {
    let on = values.get("on").and_then(Value::as_date).ok_or("a curtailment needs the day `on`")?;
    let term = values.get("term").and_then(Value::as_text).unwrap_or("guarantee");
    let name = if term == "extension" { "extended" } else { term };
    let (from, to) = (format!("{name}_from"), format!("{name}_to"));
    let date = |key: &str| card.get(key).and_then(Value::as_date);
    let (first, last) = date(&from).zip(date(&to)).ok_or_else(|| format!("the card has no {term}"))?;
    if on < first {
        card.insert(from.into(), Value::Null);
        card.insert(to.into(), Value::Null);
    } else if on < last {
        card.insert(to.into(), Value::Date(on));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Value {
        Value::Date(text.parse().unwrap())
    }

    use CalendarSystem::{Gregorian, Jalali};

    fn longer(card: &mut Map, term: &str, months: i64, calendar: CalendarSystem) {
        let values = Map::from([("term".into(), Value::text(term)), ("months".into(), Value::Int(months))]);
        extend(card, &values, calendar).unwrap();
    }

    fn policy(terms: &[(&str, i64)]) -> Value {
        let months = |months: i64| Value::Map(Map::from([("months".into(), Value::Int(months))]));
        Value::Map(terms.iter().map(|(term, n)| (Arc::from(*term), months(*n))).collect())
    }

    #[test]
    fn terms_end_on_the_day_of_the_company_s_own_calendar() {
        let of = |from: &str, calendar| {
            let from = day(from).as_date().unwrap();
            let card = terms(&policy(&[("guarantee", 12), ("warranty", 6)]), None, from, calendar);
            (card["guarantee_to"].to_string(), card["warranty_to"].to_string())
        };
        let ends = |guarantee: &str, warranty: &str| (guarantee.to_owned(), warranty.to_owned());
        // From 30 Esfand 1403, the last day of a leap year, to 28 Esfand 1404; then six months to 28 Shahrivar 1405.
        assert_eq!(of("2025-03-20", Jalali), ends("2026-03-19", "2026-09-19"));
        assert_eq!(of("2025-03-20", Gregorian), ends("2026-03-19", "2026-09-19"));
        // From 1 Farvardin 1403 to 30 Esfand 1403; then to 31 Shahrivar 1404.
        assert_eq!(of("2024-03-20", Jalali), ends("2025-03-20", "2025-09-22"));
        assert_eq!(of("2024-03-20", Gregorian), ends("2025-03-19", "2025-09-19"));
        // From 31 Shahrivar 1403 to 30 Shahrivar 1404; then to 28 Esfand 1404.
        assert_eq!(of("2024-09-21", Jalali), ends("2025-09-21", "2026-03-19"));
    }

    #[test]
    fn a_longer_term_ends_the_day_before_the_next_begins() {
        let mut card = Map::from([
            ("guarantee_from".into(), day("2025-07-01")),
            ("guarantee_to".into(), day("2026-06-30")),
            ("warranty_from".into(), day("2026-07-01")),
            ("warranty_to".into(), day("2028-06-30")),
        ]);
        longer(&mut card, "guarantee", 6, Gregorian);
        assert_eq!(card["guarantee_to"], day("2026-12-31"));
        assert_eq!(card["warranty_from"], day("2027-01-01"));
        assert_eq!(card["warranty_to"], day("2028-12-31"));
    }

    proptest! {
        #[test]
        fn no_day_between_two_terms_is_without_cover(
            days in 0i64..20_000, first in 1i64..40, second in 1i64..40, more in 1i64..40,
        ) {
            let policy = policy(&[("guarantee", first), ("warranty", second)]);
            let from = NaiveDate::default() + chrono::Duration::days(days);
            for calendar in [Gregorian, Jalali] {
                let mut card = terms(&policy, None, from, calendar);
                for _ in 0..2 {
                    let next = card["guarantee_to"].as_date().unwrap().succ_opt().unwrap();
                    prop_assert_eq!(card["warranty_from"].as_date().unwrap(), next);
                    longer(&mut card, "guarantee", more, calendar);
                }
            }
        }
    }
}
