//! What came of a step, as whoever ran it has seen it: the engine alone, or a server from outside.
//!
//! Both fill in the same picture, so that one comparison judges both and a story means the same everywhere.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::effect::{Effect, Ruling};
use crate::facts::Value;
use crate::ledger::Voucher;
use crate::step::Reason;

/// How things stand after a step, and what the step brought.
pub struct Observed<'s> {
    /// `moved`, `finished`, `ignored` or `refused`.
    pub outcome: &'s str,
    /// Why it was refused.
    pub reasons: &'s [Reason],
    /// An event was sent, so that it must have been taken unless something else is expected.
    pub is_sent: bool,
    /// Dotted paths of the active states without states inside.
    pub leaves: Vec<String>,
    /// A fact, a part of one by its dotted path, or a field.
    pub fact: &'s dyn Fn(&str) -> Value,
    /// What rules decided, in order.
    pub rulings: Vec<Ruling>,
    /// Keys of the messages, one for each time that somebody was to be told.
    pub messages: Vec<String>,
    /// English titles of the tasks given.
    pub tasks: Vec<String>,
    pub vouchers: Vec<Booked>,
    /// Armed timers: event and moment.
    pub timers: Vec<(String, DateTime<Utc>)>,
    /// Effects by their name, as maps.
    pub effects: Vec<Value>,
}

/// A voucher that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    pub template: String,
    pub lines: Vec<BookedLine>,
}

/// A line of it, in major units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookedLine {
    pub account: String,
    pub debit: Decimal,
    pub credit: Decimal,
    /// Kind and code.
    pub details: Vec<(String, String)>,
}

impl From<&Voucher> for Booked {
    fn from(voucher: &Voucher) -> Self {
        let digits = u32::from(voucher.header().currency.minor_digits);
        let lines = voucher.lines().iter().map(|line| BookedLine {
            account: line.account.to_string(),
            debit: Decimal::new(line.debit_minor, digits),
            credit: Decimal::new(line.credit_minor, digits),
            details: line.details.iter().map(|(kind, code)| (kind.word().to_owned(), code.clone())).collect(),
        });
        Self { template: voucher.header().template.to_string(), lines: lines.collect() }
    }
}

impl Observed<'_> {
    /// Takes down what a step asked the world to do.
    pub(super) fn note(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Decision(ruling) => self.rulings.push(ruling.clone()),
                Effect::Notify(notify) => self.messages.push(notify.message.clone()),
                Effect::Task(task) => {
                    self.tasks.extend(task.title.get("en").and_then(Value::as_text).map(str::to_owned));
                }
                Effect::Voucher(voucher) => self.vouchers.push(voucher.into()),
                _ => {}
            }
            self.effects.extend(serde_json::to_value(effect).ok().map(|json| Value::from_json(&json)));
        }
    }
}
