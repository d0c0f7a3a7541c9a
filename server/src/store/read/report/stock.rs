//! Stock against the ledger, and what left without its invoice or its cost.

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};

use super::super::balances::detail;
use super::among;
use crate::store::{Store, StoreError};
use aftercare_engine::ledger::DetailKind;

/// A warehouse's value in the stock and in the ledger, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct StockValue {
    pub warehouse: String,
    pub stock: i64,
    pub ledger: i64,
}

/// A ticket whose customer got something that no invoice charges.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Unbilled {
    pub ticket: String,
    pub process: String,
    pub customer: Option<String>,
    pub agency: Option<String>,
    pub gross: i64,
    pub finished: bool,
    /// Cost of the parts that left, in minor units.
    pub issued: i64,
    pub updated_at: DateTime<Utc>,
}

/// A ticket whose parts cost another amount in the stock than in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Uncosted {
    pub ticket: String,
    /// What its stock moves took out, in minor units.
    pub moved: i64,
    /// What its vouchers took off the stock accounts.
    pub booked: i64,
}

/// A piece of a list of tickets.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The last ticket of the piece before; empty: from the first.
    pub after: String,
    pub limit: u64,
}

impl Piece {
    fn values(&self) -> Vec<Value> {
        vec![self.after.as_str().into(), i64::try_from(self.limit).unwrap_or(i64::MAX).into()]
    }
}

impl Store {
    /// Every warehouse with a value, now.
    pub async fn stock_values(&self, accounts: &[String]) -> Result<Vec<StockValue>, StoreError> {
        let code = detail(self.backend(), DetailKind::Warehouse.word());
        let (own, codes) = among("l.account", accounts);
        let sql = format!(
            "SELECT warehouse, CAST(sum(stock) AS BIGINT) AS stock, CAST(sum(ledger) AS BIGINT) AS ledger FROM (
               SELECT warehouse, value AS stock, 0 AS ledger FROM stock_balance
               UNION ALL
               SELECT coalesce({code}, '') AS warehouse, 0 AS stock, l.debit - l.credit AS ledger
               FROM voucher_line l WHERE {own}) AS both_of_them
             GROUP BY warehouse HAVING sum(stock) <> 0 OR sum(ledger) <> 0 ORDER BY warehouse"
        );
        self.rows(&sql, codes).await
    }

    /// Tickets with something to charge that are done, or for which parts have left, without a debit on these
    /// accounts.
    pub async fn unbilled(&self, receivables: &[String], piece: &Piece) -> Result<Vec<Unbilled>, StoreError> {
        let (own, codes) = among("l.account", receivables);
        let sql = format!(
            "SELECT * FROM (SELECT t.code AS ticket, t.process AS process, t.customer AS customer,
               t.agency AS agency, t.gross AS gross, t.finished AS finished, t.category AS category,
               t.updated_at AS updated_at,
               CAST(coalesce((SELECT -sum(m.value) FROM stock_move m WHERE m.ticket = t.code), 0) AS BIGINT)
                 AS issued
             FROM ticket t WHERE t.gross > 0 AND NOT EXISTS (SELECT 1 FROM voucher v
               JOIN voucher_line l ON l.voucher = v.reference_no
               WHERE v.ticket = t.code AND v.status <> 'reversed' AND l.debit > 0 AND {own})) AS open
             WHERE (issued > 0 OR (finished AND category = 'done')) AND ticket > ? ORDER BY ticket LIMIT ?"
        );
        self.rows(&sql, [codes, piece.values()].concat()).await
    }

    /// Tickets whose stock moves and vouchers differ.
    pub async fn uncosted(&self, accounts: &[String], piece: &Piece) -> Result<Vec<Uncosted>, StoreError> {
        let (own, codes) = among("l.account", accounts);
        let sql = format!(
            "SELECT ticket, CAST(sum(moved) AS BIGINT) AS moved, CAST(sum(booked) AS BIGINT) AS booked FROM (
               SELECT ticket, -value AS moved, 0 AS booked FROM stock_move WHERE ticket IS NOT NULL
               UNION ALL
               SELECT v.ticket AS ticket, 0 AS moved, l.credit - l.debit AS booked FROM voucher_line l
               JOIN voucher v ON v.reference_no = l.voucher WHERE {own} AND v.ticket IS NOT NULL) AS both_of_them
             WHERE ticket > ? GROUP BY ticket HAVING sum(moved) <> sum(booked) ORDER BY ticket LIMIT ?"
        );
        self.rows(&sql, [codes, piece.values()].concat()).await
    }
}
