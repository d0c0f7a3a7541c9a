//! The books to read: journal, ledgers, trial balance, VAT, roll-forwards and what to look after.

pub mod agency;
pub mod check;
pub mod customer;
pub mod journal;
pub mod ledger;
mod line;
pub mod roll_forward;
pub mod trial_balance;
pub mod vat;

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::ledger::Currency;
use aftercare_engine::ledger::amount::decimal;
use chrono::NaiveDate;
use poem_openapi::OpenApi;

use crate::app::App;
use crate::http::problem::{Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::store::read::report::Span;

/// The routes.
pub fn routes(app: &App) -> impl OpenApi + use<> {
    (
        (journal::Journal(app.clone()), ledger::Ledger(app.clone())),
        (trial_balance::TrialBalance(app.clone()), vat::Vat(app.clone())),
        (roll_forward::RollForward(app.clone()), check::Check(app.clone())),
        (customer::CustomerAccount(app.clone()), agency::AgencyAccount(app.clone())),
    )
}

/// Books are the company's: whoever is bound to a branch does not read them.
pub fn readable(app: &App, who: &SignedIn) -> Result<(), Problem> {
    who.may_in(app, Permission::VouchersRead, None)
}

/// The days asked for: up to today, from the first day of the fiscal year.
fn days(app: &App, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Span, Problem> {
    let version = app.catalog.current();
    let to = to.unwrap_or_else(|| version.day(app.clock.now()));
    let year = version.company().map(|company| company.fiscal_year);
    let first = year.and_then(|year| year.span(year.of(to))).map(|(first, _)| first);
    let from = from.or(first).unwrap_or(to);
    if from > to {
        return Err(Problem::parameter("from", Text::why("why-after-to", vec![])));
    }
    Ok(Span::days(from, to))
}

/// Minor units in major ones.
pub fn amount(minor: i64, currency: &Currency) -> String {
    decimal(minor, currency).to_string()
}
