//! The lines of accounts in the order of their days, for ledgers with a running balance.

use aftercare_engine::ledger::DetailKind;
use chrono::NaiveDate;
use sea_orm::{FromQueryResult, Value};

use super::super::balances::written_detail;
use super::{Span, among};
use crate::store::{Store, StoreError};

/// A line with what its voucher says of it. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct BookLine {
    pub date: NaiveDate,
    pub reference: i64,
    pub line: i64,
    pub voucher_no: Option<i64>,
    pub status: String,
    pub template: String,
    pub ticket: Option<String>,
    pub fiscal_year: String,
    pub currency: String,
    /// Description of the voucher.
    pub head: String,
    pub account: String,
    /// JSON: details by kind.
    pub details: String,
    pub text: String,
    pub debit: i64,
    pub credit: i64,
}

/// Columns of a [`BookLine`], of a line `l` and its voucher `v`.
pub(super) const COLUMNS: &str = "l.date AS date, l.voucher AS reference, l.line AS line,
    v.voucher_no AS voucher_no, v.status AS status, v.template AS template, v.ticket AS ticket,
    v.fiscal_year AS fiscal_year, l.currency AS currency, v.text AS head,
    l.account AS account, l.details AS details, l.text AS text, l.debit AS debit, l.credit AS credit";

/// A place between two lines: just after this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub date: NaiveDate,
    pub reference: i64,
    pub line: i64,
}

impl Place {
    pub(super) fn values(self) -> Vec<Value> {
        vec![self.date.into(), self.reference.into(), self.line.into()]
    }
}

/// Which lines of a ledger.
#[derive(Clone, Debug)]
pub struct LedgerOf<'a> {
    /// Codes of subsidiary accounts.
    pub accounts: &'a [String],
    /// Only lines with this detail.
    pub detail: Option<(DetailKind, &'a str)>,
    pub span: Span,
}

#[derive(FromQueryResult)]
struct Sum {
    balance: i64,
}

impl Store {
    /// Lines of the span after a place, by day, reference and line.
    pub async fn ledger_lines(
        &self,
        of: &LedgerOf<'_>,
        after: Option<Place>,
        limit: u64,
    ) -> Result<Vec<BookLine>, StoreError> {
        let (own, mut values) = self.of(of);
        let (condition, more) = of.span.within();
        values.extend(more);
        let mut sql = format!(
            "SELECT {COLUMNS} FROM voucher_line l JOIN voucher v ON v.reference_no = l.voucher
             WHERE {own} AND {condition}"
        );
        if let Some(place) = after {
            sql += " AND (l.date, l.voucher, l.line) > (?, ?, ?)";
            values.extend(place.values());
        }
        sql += " ORDER BY l.date, l.voucher, l.line LIMIT ?";
        values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        self.rows(&sql, values).await
    }

    /// Debits less credits of everything up to a place, or before the span.
    pub async fn ledger_balance(&self, of: &LedgerOf<'_>, after: Option<Place>) -> Result<i64, StoreError> {
        let (own, mut values) = self.of(of);
        let (condition, more) = of.span.up_to();
        values.extend(more);
        values.push(of.span.from.into());
        let mut before = "l.date < ?".to_owned();
        if let Some(place) = after {
            before += " OR (l.date, l.voucher, l.line) <= (?, ?, ?)";
            values.extend(place.values());
        }
        let sql = format!(
            "SELECT CAST(coalesce(sum(l.debit - l.credit), 0) AS BIGINT) AS balance FROM voucher_line l
             WHERE {own} AND {condition} AND ({before})"
        );
        let rows: Vec<Sum> = self.rows(&sql, values).await?;
        Ok(rows.first().map_or(0, |row| row.balance))
    }

    fn of(&self, of: &LedgerOf<'_>) -> (String, Vec<Value>) {
        let (mut sql, mut values) = among("l.account", of.accounts);
        if let Some((kind, code)) = of.detail {
            let detail = written_detail(self.backend(), kind.word());
            if kind == DetailKind::Customer {
                let merged = "SELECT code FROM customer WHERE merged_into = ?";
                sql += &format!(" AND ({detail} = ? OR {detail} IN ({merged}))");
                values.push(code.into());
            } else {
                sql += &format!(" AND {detail} = ?");
            }
            values.push(code.into());
        }
        (sql, values)
    }
}
