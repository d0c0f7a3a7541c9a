//! Sums by account, for trial balances. Read from one index alone.

use sea_orm::FromQueryResult;

use super::{Span, among};
use crate::store::{Store, StoreError};

/// What stands on an account, in minor units; the opening is debits less credits.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AccountSums {
    pub account: String,
    /// JSON: details by kind; none when they are not told apart.
    pub details: Option<String>,
    pub opening: i64,
    pub debit: i64,
    pub credit: i64,
}

#[derive(FromQueryResult)]
struct Merged {
    code: String,
    merged_into: String,
}

#[derive(FromQueryResult)]
struct Posted {
    account: String,
}

const SUMS: &str = "CAST(sum(CASE WHEN l.date < ? THEN l.debit - l.credit ELSE 0 END) AS BIGINT) AS opening,
    CAST(sum(CASE WHEN l.date >= ? THEN l.debit ELSE 0 END) AS BIGINT) AS debit,
    CAST(sum(CASE WHEN l.date >= ? THEN l.credit ELSE 0 END) AS BIGINT) AS credit";

impl Store {
    /// The sums of every account with a line up to the last day, by code.
    pub async fn account_sums(&self, span: &Span) -> Result<Vec<AccountSums>, StoreError> {
        let (condition, more) = span.up_to();
        let sql = format!(
            "SELECT l.account AS account, CAST(NULL AS TEXT) AS details, {SUMS} FROM voucher_line l
             WHERE {condition} GROUP BY l.account ORDER BY l.account"
        );
        let from = span.from.into();
        self.rows(&sql, [vec![from; 3], more].concat()).await
    }

    /// The same, told apart by their details, for some accounts.
    pub async fn detail_sums(
        &self,
        span: &Span,
        accounts: &[String],
    ) -> Result<Vec<AccountSums>, StoreError> {
        let ((condition, more), (own, codes)) = (span.up_to(), among("l.account", accounts));
        let sql = format!(
            "SELECT l.account AS account, l.details AS details, {SUMS} FROM voucher_line l
             WHERE {condition} AND {own} GROUP BY l.account, l.details ORDER BY l.account, l.details"
        );
        let from = span.from.into();
        self.rows(&sql, [vec![from; 3], more, codes].concat()).await
    }

    /// Customers who have become part of others, and of whom.
    pub async fn merged_customers(&self) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "SELECT code, merged_into FROM customer WHERE merged_into IS NOT NULL";
        let rows: Vec<Merged> = self.rows(sql, vec![]).await?;
        Ok(rows.into_iter().map(|row| (row.code, row.merged_into)).collect())
    }

    /// Codes of all accounts that were ever posted to: one look into the index for each.
    pub async fn posted_accounts(&self) -> Result<Vec<String>, StoreError> {
        let sql = "WITH RECURSIVE a(account) AS (SELECT min(account) FROM voucher_line
             UNION ALL SELECT (SELECT min(l.account) FROM voucher_line l WHERE l.account > a.account)
             FROM a WHERE a.account IS NOT NULL)
             SELECT account FROM a WHERE account IS NOT NULL";
        let rows: Vec<Posted> = self.rows(sql, vec![]).await?;
        Ok(rows.into_iter().map(|row| row.account).collect())
    }
}
