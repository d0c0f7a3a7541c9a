//! How a company rounds a document: where VAT is rounded, and what the customer's total is a multiple of.
//!
//! The lines are the truth: VAT that is rounded on the sum of a rate comes back to them by largest remainder, so
//! that their sum is the document's to the last unit.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy};

use super::{error, text};
use crate::definition::company::VatRounding;
use crate::facts::Value;
use crate::rules::RuleError;
use crate::rules::functions::money::split;

/// A company's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounding {
    /// Digits after the point of the currency.
    pub minor_digits: u32,
    pub vat: VatRounding,
    /// What a customer pays is a multiple of this many units of the currency; 1 for no rounding.
    pub to: u32,
}

impl Default for Rounding {
    fn default() -> Self {
        Self { minor_digits: 0, vat: VatRounding::Line, to: 1 }
    }
}

impl Rounding {
    /// What has to be added to a gross amount, or taken off, so that it can be paid.
    pub fn difference(&self, gross: Decimal) -> Decimal {
        if self.to <= 1 {
            return Decimal::ZERO;
        }
        let unit = Decimal::from(self.to);
        let whole = (gross / unit).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero) * unit;
        whole - gross
    }

    /// Lines whose VAT is that of the document: nothing changes when it is rounded by line.
    pub(super) fn settle(&self, mut lines: Vec<Value>) -> Result<Vec<Value>, RuleError> {
        if self.vat == VatRounding::Line {
            return Ok(lines);
        }
        let mut rates: BTreeMap<Decimal, Vec<(usize, Decimal)>> = BTreeMap::new();
        for (n, line) in lines.iter().enumerate().filter(|(_, line)| text(line, "decision") != "declined") {
            let number = |key| line.get(key).and_then(Value::as_decimal).unwrap_or_default();
            rates.entry(number("vat_rate").normalize()).or_default().push((n, number("net")));
        }
        for (rate, members) in rates {
            let nets: Vec<Decimal> = members.iter().map(|(_, net)| *net).collect();
            // The lines are complete, so that each of these numbers is far below what a decimal holds.
            let base: Decimal = nets.iter().sum();
            if base.is_zero() {
                continue;
            }
            let vat = (base * rate * Decimal::new(1, 2))
                .round_dp_with_strategy(self.minor_digits, RoundingStrategy::MidpointAwayFromZero);
            let shares = split(vat, &nets, self.minor_digits)
                .ok_or_else(|| error("the VAT of the document cannot be shared".to_owned()))?;
            for ((n, net), share) in members.iter().zip(shares) {
                if let Some(Value::Map(line)) = lines.get_mut(*n) {
                    line.insert(Arc::from("vat"), share.into());
                    line.insert(Arc::from("gross"), (net + share).into());
                }
            }
        }
        Ok(lines)
    }
}
