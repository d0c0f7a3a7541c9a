//! A run over the books, compiled: for each item of a period the facts go in and balanced vouchers come out.
//!
//! It looks nothing up and posts nothing: whoever calls brings the balances, and writes what comes back once.

pub mod closing;
mod compile;
pub mod period;

use std::borrow::Cow;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::definition::Translated;
use crate::definition::books::DetailKind;
use crate::definition::run::Every;
use crate::diagnostic::Place;
use crate::facts::{Map, Value};
use crate::ledger::{Template, Voucher};
use crate::library::Library;
use crate::rules::{Condition, Expression, Name, RuleError, View};

pub use closing::Closing;
pub use period::Period;

/// A compiled run.
#[derive(Clone, Debug)]
pub struct Run {
    pub name: Arc<str>,
    pub title: Translated,
    pub every: Every,
    /// Codes of the accounts whose balances make the items, in the order of the file.
    pub accounts: Vec<Arc<str>>,
    pub by: DetailKind,
    pub vouchers: Vec<Arc<Template>>,
    /// Series of the statements' numbers.
    pub statement: Option<Arc<str>>,
    pub place: Place,
    decide: Option<String>,
    when: Option<Expression>,
}

/// What came of one item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worked {
    /// The rule's answer.
    pub due: Value,
    pub conditions: Vec<Condition>,
    pub vouchers: Vec<Voucher>,
}

impl Run {
    /// Works one item out: the rule first, then the condition, then each template in turn.
    ///
    /// # Errors
    /// When a rule or expression has no answer, or what a template makes is no voucher.
    pub fn work(&self, library: &Library, mut facts: Map, on: NaiveDate) -> Result<Worked, RuleError> {
        let mut worked = Worked::default();
        if let Some(rule) = &self.decide {
            let fact = |name: &str| facts.get(name).map(Cow::Borrowed);
            (worked.due, worked.conditions) = library.rules.call(rule, &fact)?;
        }
        facts.insert("due".into(), worked.due.clone());
        let seen = Seen(&facts);
        if let Some(when) = &self.when
            && !when.holds(&seen)?
        {
            return Ok(worked);
        }
        for template in &self.vouchers {
            worked.vouchers.extend(template.evaluate(&seen, on)?);
        }
        Ok(worked)
    }
}

/// Facts without a ticket's states.
struct Seen<'f>(&'f Map);

impl View for Seen<'_> {
    fn value(&self, name: &Name) -> Option<&Value> {
        self.0.get(&name.text)
    }

    fn is_in(&self, _: usize) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
