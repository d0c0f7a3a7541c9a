//! A customer's account with everything around it: what is owed and why, papers and payments, devices and open
//! requests.

use aftercare_engine::ledger::{AccountClass, DetailKind, Level};
use chrono::{DateTime, NaiveTime, Utc};

use super::ledger::{Asked, Ledger};
use crate::app::App;
use crate::auth::Scope;
use crate::catalog::Version;
use crate::entity::ticket;
use crate::store::StoreError;
use crate::store::read::report::Span;
use crate::store::read::report::customer::{Owned, Paid, Paper};
use crate::store::read::report::ledger::Place;
use crate::store::read::search::TicketFilter;

/// Most open tickets that are listed.
const TICKETS: u64 = 200;

/// A customer's account.
#[derive(Clone, Debug)]
pub struct Account {
    pub ledger: Ledger,
    pub papers: Vec<Paper>,
    pub payments: Vec<Paid>,
    pub devices: Vec<Owned>,
    pub open: Vec<ticket::Model>,
}

/// Works it out.
pub async fn account(
    app: &App,
    customer: &str,
    span: Span,
    after: Option<Place>,
    limit: usize,
) -> Result<Account, StoreError> {
    let version = app.catalog.current();
    let detail = Some((DetailKind::Customer, customer));
    let accounts = owed(&version, DetailKind::Customer);
    let asked = Asked { account: "", detail, span, after, limit };
    let (from, to) = moments(&version, &span);
    let filter = TicketFilter {
        customer: Some(customer.to_owned()),
        finished: Some(false),
        ..TicketFilter::default()
    };
    let (ledger, papers, payments, devices, open) = tokio::try_join!(
        super::ledger::of_accounts(app, &accounts, &asked),
        app.store.customer_papers(customer, from, to),
        app.store.customer_payments(customer, from, to),
        app.store.customer_devices(customer),
        app.store.tickets(&filter, &Scope::All, None, TICKETS),
    )?;
    Ok(Account { ledger, papers, payments, devices, open })
}

/// Accounts on which such parties owe us or we owe them: of the balance sheet, with the detail. What stands in a
/// warehouse is goods.
pub fn owed(version: &Version, kind: DetailKind) -> Vec<String> {
    let own = version.library().accounts.iter().filter(|account| {
        let details = &account.details;
        account.level == Level::Subsidiary
            && !account.memo
            && matches!(account.class, AccountClass::Asset | AccountClass::Liability)
            && [&details.required, &details.one_of, &details.optional]
                .iter()
                .any(|kinds| kinds.contains(&kind))
            && !details.required.contains(&DetailKind::Warehouse)
    });
    own.map(|account| account.code.to_string()).collect()
}

/// The first moment of the days, and the first after them, at the company's place.
pub fn moments(version: &Version, span: &Span) -> (DateTime<Utc>, DateTime<Utc>) {
    let zone = version.library().zone();
    let start = |day: chrono::NaiveDate| {
        let local = day.and_time(NaiveTime::MIN).and_local_timezone(zone);
        local.earliest().map_or(DateTime::<Utc>::MIN_UTC, |moment| moment.to_utc())
    };
    (start(span.from), start(span.to.succ_opt().unwrap_or(span.to)))
}
