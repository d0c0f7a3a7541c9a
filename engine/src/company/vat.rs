//! VAT rates by day.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::date;
use crate::definition::company::VatEntry;
use crate::diagnostic::Diagnostic;

/// The rates of each kind with the day from which each holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VatRates {
    kinds: BTreeMap<Arc<str>, BTreeMap<NaiveDate, Decimal>>,
}

impl VatRates {
    pub(super) fn compile(entry: &VatEntry) -> Result<Self, Vec<Diagnostic>> {
        let mut found = Vec::new();
        let mut rates = Self::default();
        for rate in &entry.rates {
            let percent = &rate.percent.0;
            if percent.value < Decimal::ZERO || percent.value > Decimal::ONE_HUNDRED {
                let message = format!("a rate of `{}` percent cannot be", percent.value);
                found.push(Diagnostic::error("AC0624", percent.place, message));
            }
            match date::gregorian(&rate.from) {
                Err(diagnostic) => found.push(*diagnostic),
                Ok(from) => {
                    let days = rates.kinds.entry(Arc::from(rate.kind.value.as_str())).or_default();
                    if days.insert(from, percent.value).is_some() {
                        let message = format!("`{}` has two rates from {from}", rate.kind.value);
                        found.push(Diagnostic::error("AC0624", rate.from.place, message));
                    }
                }
            }
        }
        if found.is_empty() { Ok(rates) } else { Err(found) }
    }

    /// The rate in percent that holds on a day; none before the first. A company without any rate charges none: zero.
    pub fn percent(&self, kind: &str, on: NaiveDate) -> Option<Decimal> {
        if self.kinds.is_empty() {
            return Some(Decimal::ZERO);
        }
        self.kinds.get(kind)?.range(..=on).next_back().map(|(_, percent)| *percent)
    }

    /// The rates in percent that hold on a day, one for each kind.
    pub fn on(&self, day: NaiveDate) -> impl Iterator<Item = Decimal> {
        self.kinds
            .values()
            .filter_map(move |days| days.range(..=day).next_back().map(|(_, percent)| *percent))
    }

    /// All rates that ever held.
    pub fn all(&self) -> impl Iterator<Item = Decimal> {
        self.kinds.values().flat_map(|days| days.values().copied())
    }
}
