//! What vouchers have posted for tickets.

use sea_orm::FromQueryResult;

use super::among;
use crate::store::{Store, StoreError};

/// What the vouchers of one template have put on one account for a ticket.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PostedFor {
    pub ticket: String,
    pub template: String,
    pub account: String,
    /// Debits less credits, minor units. A voucher that takes another back has its template, so that it counts against it.
    pub amount: i64,
}

impl Store {
    /// Sums by ticket, template and account. Notes have no lines.
    pub async fn posted_for(&self, tickets: &[String]) -> Result<Vec<PostedFor>, StoreError> {
        let (these, values) = among("v.ticket", tickets);
        let sql = format!(
            "SELECT v.ticket AS ticket, v.template AS template, l.account AS account,
               CAST(sum(l.debit - l.credit) AS BIGINT) AS amount
             FROM voucher v JOIN voucher_line l ON l.voucher = v.reference_no
             WHERE {these} GROUP BY v.ticket, v.template, l.account"
        );
        self.rows(&sql, values).await
    }
}
