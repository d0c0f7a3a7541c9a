//! Stock against its moves, and moves against the books.

use std::collections::BTreeSet;

use sea_orm::{FromQueryResult, Value};

use crate::store::read::balances::detail;
use crate::store::{Store, StoreError};

/// A balance that is not the sum of its moves; quantities in thousandths, values in minor units.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StockDifference {
    pub warehouse: String,
    pub part: String,
    pub quantity: i64,
    pub value: i64,
    pub moved: i64,
    pub moved_value: i64,
}

/// What a ticket moved in a warehouse and what its vouchers posted for it, in minor units; out is negative.
#[derive(Clone, Debug, FromQueryResult)]
pub struct LedgerDifference {
    pub ticket: String,
    pub warehouse: String,
    pub moved: i64,
    pub posted: i64,
}

impl Store {
    /// Balances that are not the sum of their moves, moves without a balance, and balances below zero.
    pub async fn unsound_stock(&self) -> Result<Vec<StockDifference>, StoreError> {
        let sum = |column: &str| format!("CAST(sum({column}) AS BIGINT) AS {column}");
        let sums = ["quantity", "value", "moved", "moved_value"].map(sum).join(", ");
        let sql = format!(
            "SELECT warehouse, part, {sums} FROM (
               SELECT warehouse, part, quantity, value, 0 AS moved, 0 AS moved_value FROM stock_balance
               UNION ALL SELECT warehouse, part, 0, 0, quantity, value FROM stock_move
             ) AS both_sides GROUP BY warehouse, part
             HAVING sum(quantity) <> sum(moved) OR sum(value) <> sum(moved_value) OR sum(quantity) < 0
             ORDER BY warehouse, part"
        );
        self.found(&sql, []).await
    }

    /// Finished tickets of which the parts that they moved and what they posted to these accounts differ. What a
    /// person takes back or enters by hand is beside it: here the files are held against themselves.
    pub async fn stock_beside_ledger(
        &self,
        accounts: &BTreeSet<String>,
    ) -> Result<Vec<LedgerDifference>, StoreError> {
        if accounts.is_empty() {
            return Ok(Vec::new());
        }
        let (warehouse, marks) = (detail(self.backend(), "warehouse"), vec!["?"; accounts.len()].join(", "));
        let sql = format!(
            "SELECT b.ticket AS ticket, b.warehouse AS warehouse, CAST(sum(b.moved) AS BIGINT) AS moved,
               CAST(sum(b.posted) AS BIGINT) AS posted
             FROM (
               SELECT ticket, warehouse, value AS moved, 0 AS posted FROM stock_move WHERE ticket IS NOT NULL
               UNION ALL
               SELECT v.ticket, {warehouse}, 0, l.debit - l.credit
               FROM voucher_line l JOIN voucher v ON v.reference_no = l.voucher
               WHERE v.ticket IS NOT NULL AND v.reverses IS NULL AND l.account IN ({marks})
             ) AS b JOIN ticket t ON t.code = b.ticket WHERE t.finished
             GROUP BY b.ticket, b.warehouse HAVING sum(b.moved) <> sum(b.posted) ORDER BY b.ticket, b.warehouse"
        );
        self.found(&sql, accounts.iter().map(|account| Value::from(account.as_str()))).await
    }
}
