//! VAT lines with what the tax is on: what stands on the same side of the same voucher.

use chrono::NaiveDate;
use sea_orm::FromQueryResult;

use super::{Span, among};
use crate::store::{Store, StoreError};

/// VAT of one voucher on one account and side, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Taxed {
    pub voucher: i64,
    pub date: NaiveDate,
    pub ticket: Option<String>,
    pub text: String,
    pub account: String,
    /// Lines with VAT.
    pub lines: i64,
    pub debit: i64,
    pub credit: i64,
    /// What the tax is on.
    pub base: i64,
    /// Lines that make the base.
    pub base_lines: i64,
}

impl Store {
    /// VAT lines on these accounts; what stands on the others is never part of a base.
    pub async fn taxed(
        &self,
        span: &Span,
        accounts: &[String],
        never_base: &[String],
    ) -> Result<Vec<Taxed>, StoreError> {
        let ((condition, more), (own, codes)) = (span.within(), among("l.account", accounts));
        let (other, others) = among("b.account", never_base);
        let same_side = format!(
            "FROM voucher_line b WHERE b.voucher = l.voucher AND (b.debit = 0) = (l.debit = 0) AND NOT ({other})"
        );
        let sql = format!(
            "SELECT t.*, v.ticket AS ticket, v.text AS text FROM (
               SELECT l.voucher AS voucher, l.date AS date, l.account AS account,
                 CAST(count(*) AS BIGINT) AS lines, CAST(sum(l.debit) AS BIGINT) AS debit,
                 CAST(sum(l.credit) AS BIGINT) AS credit,
                 CAST(max((SELECT coalesce(sum(b.debit + b.credit), 0) {same_side})) AS BIGINT) AS base,
                 CAST(max((SELECT count(*) {same_side})) AS BIGINT) AS base_lines
               FROM voucher_line l WHERE {condition} AND {own}
               GROUP BY l.voucher, l.date, l.account, (l.debit = 0)) AS t
             JOIN voucher v ON v.reference_no = t.voucher ORDER BY t.date, t.voucher, t.account"
        );
        self.rows(&sql, [others.clone(), others, more, codes].concat()).await
    }
}
