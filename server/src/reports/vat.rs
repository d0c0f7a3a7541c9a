//! VAT by rate, of sales and purchases.
//!
//! The tax is what stands on the accounts of VAT, so the report ties to the ledger by itself. What it is on is what
//! stands on the same side of the voucher, without VAT, stock and rounding. The rate is the one of the company's
//! rates that makes the tax of it, line by line rounded; when none does, several rates or none are mixed in it.

use std::collections::BTreeMap;

use aftercare_engine::company::VatRates;
use aftercare_engine::ledger::StandsFor;
use rust_decimal::Decimal;

use super::accounts_for;
use crate::app::App;
use crate::catalog::Version;
use crate::store::StoreError;
use crate::store::read::report::Span;
use crate::store::read::report::vat::Taxed;

/// Sums of one rate. What was taken back counts against what was sold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfRate {
    pub vouchers: i64,
    pub base: i64,
    pub vat: i64,
}

/// A voucher with VAT. Base and tax are below zero when it takes back.
#[derive(Clone, Debug)]
pub struct Entry {
    pub taxed: Taxed,
    /// Percent; none: mixed.
    pub rate: Option<Decimal>,
    pub base: i64,
    pub vat: i64,
}

/// Sales or purchases.
#[derive(Clone, Debug, Default)]
pub struct Side {
    pub rates: BTreeMap<Option<Decimal>, OfRate>,
    pub total: OfRate,
    pub entries: Vec<Entry>,
}

/// The report.
#[derive(Clone, Debug, Default)]
pub struct VatReport {
    pub sales: Side,
    pub purchases: Side,
}

impl VatReport {
    /// Tax on sales less tax on purchases.
    pub fn payable(&self) -> i64 {
        self.sales.total.vat.saturating_sub(self.purchases.total.vat)
    }
}

/// Works it out.
pub async fn vat(app: &App, span: &Span) -> Result<VatReport, StoreError> {
    let version = app.catalog.current();
    let never_base = accounts_for(
        &version,
        &[StandsFor::OutputVat, StandsFor::InputVat, StandsFor::Stock, StandsFor::Rounding],
    );
    let mut report = VatReport::default();
    for (what, sign, side) in
        [(StandsFor::OutputVat, -1, &mut report.sales), (StandsFor::InputVat, 1, &mut report.purchases)]
    {
        let accounts = accounts_for(&version, &[what]);
        for taxed in app.store.taxed(span, &accounts, &never_base).await? {
            side.add(taxed, sign, &version);
        }
    }
    Ok(report)
}

impl Side {
    fn add(&mut self, taxed: Taxed, sign: i64, version: &Version) {
        let vat = sign * (taxed.debit - taxed.credit);
        let base = if vat < 0 { -taxed.base } else { taxed.base };
        let rates = version.company().map(|company| &company.vat);
        let rate = rates.and_then(|rates| rate_of(rates, &taxed));
        for sums in [self.rates.entry(rate).or_default(), &mut self.total] {
            sums.vouchers += 1;
            sums.base = sums.base.saturating_add(base);
            sums.vat = sums.vat.saturating_add(vat);
        }
        self.entries.push(Entry { taxed, rate, base, vat });
    }
}

/// The rate that makes this tax of this base: one that holds on the day, or else any that ever did.
fn rate_of(rates: &VatRates, taxed: &Taxed) -> Option<Decimal> {
    let (base, vat) = (Decimal::from(taxed.base), Decimal::from((taxed.debit - taxed.credit).abs()));
    // Half a unit of each line may have been rounded away.
    let rounded = Decimal::from(taxed.base_lines.max(taxed.lines).max(1)) / Decimal::TWO;
    let makes = |rate: &Decimal| {
        let tax = base.checked_mul(*rate).map(|product| product / Decimal::ONE_HUNDRED);
        !rate.is_zero() && tax.is_some_and(|tax| (tax - vat).abs() <= rounded)
    };
    rates.on(taxed.date).find(makes).or_else(|| rates.all().find(makes))
}
