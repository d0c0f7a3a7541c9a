//! Where the books and the house may differ: stock against ledger, delivered without invoice, cost without voucher.

use aftercare_engine::ledger::StandsFor;

use super::accounts_for;
use crate::app::App;
use crate::store::StoreError;
use crate::store::read::report::stock::{Piece, StockValue, Unbilled, Uncosted};

/// Warehouses with what they hold at cost, and what the ledger says of it, now.
pub async fn stock_values(app: &App) -> Result<Vec<StockValue>, StoreError> {
    app.store.stock_values(&accounts_for(&app.catalog.current(), &[StandsFor::Stock])).await
}

/// Tickets whose customer got something that no invoice charges.
pub async fn unbilled(app: &App, piece: &Piece) -> Result<Vec<Unbilled>, StoreError> {
    app.store.unbilled(&accounts_for(&app.catalog.current(), &[StandsFor::Receivable]), piece).await
}

/// Tickets whose parts cost another amount in the stock than in the ledger.
pub async fn uncosted(app: &App, piece: &Piece) -> Result<Vec<Uncosted>, StoreError> {
    app.store.uncosted(&accounts_for(&app.catalog.current(), &[StandsFor::Stock]), piece).await
}
