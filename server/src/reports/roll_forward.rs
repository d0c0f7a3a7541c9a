//! How provisions and deferred revenue moved: opening, added, used, released, closing. It ties to the ledger.

use std::collections::BTreeMap;

use aftercare_engine::ledger::{DetailKind, StandsFor};

use super::accounts_for;
use crate::app::App;
use crate::store::StoreError;
use crate::store::read::report::Span;

/// Which balances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// By product.
    Provision,
    /// By contract.
    Deferral,
}

/// What became of one product's or contract's balance; all of it stands on the credit side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roll {
    pub opening: i64,
    /// Set aside as an expense; sold.
    pub added: i64,
    /// Spent on repairs; earned.
    pub used: i64,
    /// Not needed any more; given back to the customer.
    pub released: i64,
}

impl Roll {
    pub fn closing(self) -> i64 {
        self.opening + self.added - self.used - self.released
    }
}

/// The report: by code of product or contract, and altogether.
#[derive(Clone, Debug, Default)]
pub struct RollForward {
    pub rows: BTreeMap<String, Roll>,
    pub total: Roll,
    /// What stands on the accounts at the end, as the ledger says.
    pub ledger: i64,
}

impl RollForward {
    /// What the movements do not explain; zero when all is well.
    pub fn difference(&self) -> i64 {
        self.ledger - self.total.closing()
    }
}

/// Works it out.
pub async fn roll_forward(app: &App, span: &Span, of: Of) -> Result<RollForward, StoreError> {
    let version = app.catalog.current();
    let (own, against, by) = match of {
        Of::Provision => (StandsFor::Provision, StandsFor::ProvisionExpense, DetailKind::Product),
        Of::Deferral => (StandsFor::DeferredRevenue, StandsFor::EarnedRevenue, DetailKind::Contract),
    };
    let (own, against) = (accounts_for(&version, &[own]), accounts_for(&version, &[against]));
    let mut report = RollForward::default();
    for moved in app.store.moved(span, by, &own, &against).await? {
        let roll = report.rows.entry(moved.code.unwrap_or_default()).or_default();
        match (moved.class.as_str(), of) {
            ("opening", _) => roll.opening += moved.credit - moved.debit,
            // From long-term to current, or from one to another: nothing altogether.
            ("inside", _) => {}
            ("against", Of::Provision) => {
                roll.added += moved.credit;
                roll.released += moved.debit;
            }
            ("against", Of::Deferral) => roll.used += moved.debit - moved.credit,
            (_, Of::Provision) => roll.used += moved.debit - moved.credit,
            (_, Of::Deferral) => {
                roll.added += moved.credit;
                roll.released += moved.debit;
            }
        }
    }
    report.rows.retain(|_, roll| *roll != Roll::default());
    for roll in report.rows.values() {
        report.total.opening += roll.opening;
        report.total.added += roll.added;
        report.total.used += roll.used;
        report.total.released += roll.released;
    }
    let stands = app.store.account_sums(span).await?;
    let stands = stands.iter().filter(|row| own.contains(&row.account));
    report.ledger = stands.map(|row| row.credit - row.debit - row.opening).sum();
    Ok(report)
}
