//! The account of an agency or partner company: what is owed and why, its statements, and our goods in its hands.

use aftercare_engine::ledger::DetailKind;

use super::customer::owed;
use super::ledger::{Asked, Ledger};
use crate::app::App;
use crate::entity::{agency, part, statement, stock_balance};
use crate::store::StoreError;
use crate::store::read::report::Span;
use crate::store::read::report::ledger::Place;

/// Most statements and most parts that are listed.
const STATEMENTS: u64 = 24;
const PARTS: u64 = 500;

/// The account of an agency.
#[derive(Clone, Debug)]
pub struct Account {
    pub ledger: Ledger,
    pub statements: Vec<statement::Model>,
    /// Parts of ours that it holds.
    pub consigned: Vec<(stock_balance::Model, Option<part::Model>)>,
}

/// What the details and statements of such a company are called.
pub fn detail(agency: &agency::Model) -> DetailKind {
    if agency.kind == "partner" { DetailKind::Partner } else { DetailKind::Agency }
}

/// Works it out.
pub async fn account(
    app: &App,
    agency: &agency::Model,
    span: Span,
    after: Option<Place>,
    limit: usize,
) -> Result<Account, StoreError> {
    let kind = detail(agency);
    let accounts = owed(&app.catalog.current(), kind);
    let asked = Asked { account: "", detail: Some((kind, &agency.code)), span, after, limit };
    let (ledger, statements, consigned) = tokio::try_join!(
        super::ledger::of_accounts(app, &accounts, &asked),
        app.store.statements(None, Some((kind.word(), &agency.code)), STATEMENTS),
        consigned(app, &agency.code),
    )?;
    Ok(Account { ledger, statements, consigned })
}

/// What stands in its warehouse.
async fn consigned(
    app: &App,
    code: &str,
) -> Result<Vec<(stock_balance::Model, Option<part::Model>)>, StoreError> {
    let Some(warehouse) = app.store.consignment(code).await? else { return Ok(Vec::new()) };
    let held = app.store.stock(Some(&warehouse.code), None, false, PARTS).await?;
    let held: Vec<_> = held.into_iter().filter(|row| row.quantity != 0).collect();
    let codes: Vec<String> = held.iter().map(|row| row.part.clone()).collect();
    let parts = app.store.parts_alone(&codes).await?;
    let named = |row: stock_balance::Model| {
        let part = parts.iter().find(|part| part.code == row.part).cloned();
        (row, part)
    };
    Ok(held.into_iter().map(named).collect())
}
