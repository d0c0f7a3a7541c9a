//! What the books are asked for reports: one file per report. Only sums and lines; what they mean is said above.
//!
//! Notes have no lines, so they are in no report; drafts are, unless only final vouchers are asked for.

pub mod customer;
pub mod journal;
pub mod ledger;
pub mod roll_forward;
pub mod stock;
pub mod tickets;
pub mod trial;
pub mod vat;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::super::table::statement;
use crate::store::{Store, StoreError};

/// Lines `l` that count: not those of the two vouchers that carry balances over, which cancel each other.
pub(crate) const COUNTED: &str = "l.voucher NOT IN (SELECT reference_no FROM voucher WHERE kind = 'carry')";

/// Which lines a report counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Vouchers of the span that close the accounts of a year do not count.
    pub without_closing: bool,
    /// Only final vouchers count, and those that were reversed.
    pub only_final: bool,
}

impl Span {
    /// All lines of these days.
    pub fn days(from: NaiveDate, to: NaiveDate) -> Self {
        Self { from, to, without_closing: false, only_final: false }
    }

    /// Conditions on the lines `l` up to the last day.
    fn up_to(&self) -> (String, Vec<Value>) {
        let (sql, values) = self.posted();
        (format!("{sql} AND {COUNTED}"), values)
    }

    /// The same, with the lines that no balance counts.
    fn posted(&self) -> (String, Vec<Value>) {
        let (mut sql, mut values) = ("l.date <= ?".to_owned(), vec![self.to.into()]);
        if self.without_closing {
            sql += " AND (l.date < ? OR l.voucher NOT IN (SELECT reference_no FROM voucher WHERE kind = 'closing'))";
            values.push(self.from.into());
        }
        if self.only_final {
            sql += " AND l.voucher NOT IN (SELECT reference_no FROM voucher WHERE status IN ('draft', 'reviewed'))";
        }
        (sql, values)
    }

    /// Conditions on the lines `l` of the days.
    fn within(&self) -> (String, Vec<Value>) {
        let (sql, mut values) = self.up_to();
        values.push(self.from.into());
        (format!("{sql} AND l.date >= ?"), values)
    }
}

/// `account IN (…)`, with its values.
fn among(column: &str, accounts: &[String]) -> (String, Vec<Value>) {
    if accounts.is_empty() {
        return ("1 = 0".to_owned(), Vec::new());
    }
    let marks = vec!["?"; accounts.len()].join(", ");
    (format!("{column} IN ({marks})"), accounts.iter().map(|account| account.as_str().into()).collect())
}

impl Store {
    async fn rows<T: FromQueryResult>(&self, sql: &str, values: Vec<Value>) -> Result<Vec<T>, StoreError> {
        let rows = self.reader().query_all_raw(statement(self.backend(), sql, values)).await?;
        Ok(rows.iter().map(|row| T::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }
}
