//! All lines in the order of their days: the journal.

use sea_orm::FromQueryResult;

use super::Span;
use super::ledger::{BookLine, COLUMNS, Place};
use crate::store::{Store, StoreError};

/// Sums of a span, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Turnover {
    pub vouchers: i64,
    pub debit: i64,
    pub credit: i64,
}

impl Store {
    /// Lines of the span after a place, by day, reference and line.
    pub async fn journal(
        &self,
        span: &Span,
        after: Option<Place>,
        limit: u64,
    ) -> Result<Vec<BookLine>, StoreError> {
        let mut values = vec![span.from.into(), span.to.into()];
        let mut sql = format!(
            "SELECT {COLUMNS} FROM voucher v JOIN voucher_line l ON l.voucher = v.reference_no
             WHERE v.date >= ? AND v.date <= ?"
        );
        if span.without_closing {
            sql += " AND v.kind NOT IN ('closing', 'carry')";
        }
        if span.only_final {
            sql += " AND v.status IN ('final', 'reversed')";
        }
        if let Some(place) = after {
            sql += " AND (v.date, v.reference_no) >= (?, ?) AND (v.date, v.reference_no, l.line) > (?, ?, ?)";
            values.extend([place.date.into(), place.reference.into()]);
            values.extend(place.values());
        }
        sql += " ORDER BY v.date, v.reference_no, l.line LIMIT ?";
        values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        self.rows(&sql, values).await
    }

    /// What was posted in the span altogether.
    pub async fn turnover(&self, span: &Span) -> Result<Turnover, StoreError> {
        let (mut condition, mut values) = if span.without_closing { span.up_to() } else { span.posted() };
        condition += " AND l.date >= ?";
        values.push(span.from.into());
        let sql = format!(
            "SELECT CAST(count(DISTINCT l.voucher) AS BIGINT) AS vouchers,
               CAST(coalesce(sum(l.debit), 0) AS BIGINT) AS debit,
               CAST(coalesce(sum(l.credit), 0) AS BIGINT) AS credit FROM voucher_line l WHERE {condition}"
        );
        Ok(self.rows(&sql, values).await?.into_iter().next().unwrap_or_default())
    }
}
