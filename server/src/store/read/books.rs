//! Vouchers and what was to leave the house, as people look at them.

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::search::hangs_within;
use crate::auth::Scope;
use crate::entity::{incident, outbox, voucher, voucher_line};
use crate::store::{Store, StoreError};

/// What vouchers must fit.
#[derive(Clone, Debug, Default)]
pub struct VoucherFilter {
    /// `draft`, `reviewed`, `final`, `reversed`.
    pub status: Option<String>,
    pub ticket: Option<String>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// Reference of the last one of the piece before.
    pub after: Option<i64>,
}

impl Store {
    /// Vouchers in the order of entry, of tickets that the asker may see.
    pub async fn vouchers(
        &self,
        filter: &VoucherFilter,
        scope: &Scope,
        limit: u64,
    ) -> Result<Vec<voucher::Model>, StoreError> {
        let mut query = voucher::Entity::find().order_by_asc(voucher::Column::ReferenceNo).limit(limit);
        query = query.filter(hangs_within(scope, voucher::Column::Ticket));
        if let Some(status) = &filter.status {
            query = query.filter(voucher::Column::Status.eq(status));
        }
        if let Some(ticket) = &filter.ticket {
            query = query.filter(voucher::Column::Ticket.eq(ticket));
        }
        if let Some(from) = filter.from {
            query = query.filter(voucher::Column::Date.gte(from));
        }
        if let Some(to) = filter.to {
            query = query.filter(voucher::Column::Date.lte(to));
        }
        if let Some(after) = filter.after {
            query = query.filter(voucher::Column::ReferenceNo.gt(after));
        }
        Ok(query.all(self.reader()).await?)
    }

    /// One voucher.
    pub async fn voucher(&self, reference: i64) -> Result<Option<voucher::Model>, StoreError> {
        Ok(voucher::Entity::find_by_id(reference).one(self.reader()).await?)
    }

    /// Lines of these vouchers, in order.
    pub async fn voucher_lines(&self, references: &[i64]) -> Result<Vec<voucher_line::Model>, StoreError> {
        let query =
            voucher_line::Entity::find().filter(voucher_line::Column::Voucher.is_in(references.to_vec()));
        let query =
            query.order_by_asc(voucher_line::Column::Voucher).order_by_asc(voucher_line::Column::Line);
        Ok(query.all(self.reader()).await?)
    }

    /// Incidents of tickets that the asker may see, newest first.
    pub async fn incidents(
        &self,
        status: Option<&str>,
        scope: &Scope,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<incident::Model>, StoreError> {
        let mut query = incident::Entity::find().order_by_desc(incident::Column::Id).limit(limit);
        query = query.filter(hangs_within(scope, incident::Column::Ticket));
        if let Some(status) = status {
            query = query.filter(incident::Column::Status.eq(status));
        }
        if let Some(before) = before {
            query = query.filter(incident::Column::Id.lt(before));
        }
        Ok(query.all(self.reader()).await?)
    }

    /// Messages and calls of tickets that the asker may see, newest first.
    pub async fn outbox(
        &self,
        status: Option<&str>,
        scope: &Scope,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<outbox::Model>, StoreError> {
        let mut query = outbox::Entity::find().order_by_desc(outbox::Column::Id).limit(limit);
        query = query.filter(hangs_within(scope, outbox::Column::Ticket));
        if let Some(status) = status {
            query = query.filter(outbox::Column::Status.eq(status));
        }
        if let Some(before) = before {
            query = query.filter(outbox::Column::Id.lt(before));
        }
        Ok(query.all(self.reader()).await?)
    }
}
