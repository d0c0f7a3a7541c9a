//! Seals: what is not sealed yet, what is, and the row of a new one.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::table::statement;
use super::{Store, StoreError, Transaction};
use crate::entity::{history_seal, history_seal_item, ticket_event, voucher, voucher_line};

/// Rows of one `INSERT`.
const ROWS: usize = 500;

/// How far a ticket has come.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Head {
    pub code: String,
    pub revision: i64,
    pub head: String,
}

/// A voucher with its lines in order.
pub type WholeVoucher = (voucher::Model, Vec<voucher_line::Model>);

/// Writes a seal with its items, if nobody else has written one of this number.
pub async fn put(
    tx: &Transaction,
    seal: history_seal::Model,
    items: Vec<history_seal_item::Model>,
) -> Result<bool, StoreError> {
    if history_seal::Entity::find_by_id(seal.number).one(tx).await?.is_some() {
        return Ok(false);
    }
    history_seal::Entity::insert(seal.into_active_model()).exec_without_returning(tx).await?;
    for some in items.chunks(ROWS) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        history_seal_item::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(true)
}

impl Store {
    /// Tickets that were changed since a moment and are not sealed as they stand, by code.
    pub async fn unsealed_tickets(
        &self,
        since: DateTime<Utc>,
        after: &str,
        most: u64,
    ) -> Result<Vec<Head>, StoreError> {
        let sql = format!(
            "SELECT code, revision, head FROM ticket t WHERE updated_at >= ? AND code > ? AND NOT EXISTS
               (SELECT 1 FROM history_seal_item i WHERE i.subject = 'ticket ' || t.code AND i.revision = t.revision)
             ORDER BY code LIMIT {most}"
        );
        let asked = statement(self.backend(), &sql, [since.into(), after.into()]);
        Ok(Head::find_by_statement(asked).all(self.reader()).await?)
    }

    /// Vouchers that became final since a moment and are not sealed, by reference.
    pub async fn unsealed_vouchers(
        &self,
        since: DateTime<Utc>,
        after: i64,
        most: u64,
    ) -> Result<Vec<WholeVoucher>, StoreError> {
        let sql = format!(
            "SELECT reference_no FROM voucher v WHERE status IN ('final', 'reversed') AND finalised_at >= ?
               AND reference_no > ? AND NOT EXISTS
               (SELECT 1 FROM history_seal_item i WHERE i.subject = 'voucher ' || v.reference_no)
             ORDER BY reference_no LIMIT {most}"
        );
        let asked = statement(self.backend(), &sql, [since.into(), after.into()]);
        let rows = self.reader().query_all_raw(asked).await?;
        let numbers: Vec<i64> =
            rows.iter().map(|row| row.try_get("", "reference_no")).collect::<Result<_, _>>()?;
        let mut vouchers = Vec::with_capacity(numbers.len());
        for number in numbers {
            vouchers.extend(self.whole_voucher(number).await?);
        }
        Ok(vouchers)
    }

    pub async fn whole_voucher(&self, reference: i64) -> Result<Option<WholeVoucher>, StoreError> {
        let Some(row) = voucher::Entity::find_by_id(reference).one(self.reader()).await? else {
            return Ok(None);
        };
        let lines = voucher_line::Entity::find().filter(voucher_line::Column::Voucher.eq(reference));
        Ok(Some((row, lines.order_by_asc(voucher_line::Column::Line).all(self.reader()).await?)))
    }

    /// The newest seal, and the moment before which all is sealed.
    pub async fn last_seal(&self) -> Result<Option<history_seal::Model>, StoreError> {
        let seals = history_seal::Entity::find().order_by_desc(history_seal::Column::Number);
        Ok(seals.one(self.reader()).await?)
    }

    /// Before this moment everything is sealed; none: nothing is known to be.
    pub async fn sealed_until(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let seals = history_seal::Entity::find()
            .filter(history_seal::Column::Complete.is_not_null())
            .order_by_desc(history_seal::Column::Number);
        Ok(seals.one(self.reader()).await?.and_then(|seal| seal.complete))
    }

    /// Seals in their order.
    pub async fn seals_after(&self, number: i64, most: u64) -> Result<Vec<history_seal::Model>, StoreError> {
        let seals = history_seal::Entity::find().filter(history_seal::Column::Number.gt(number));
        Ok(seals.order_by_asc(history_seal::Column::Number).limit(most).all(self.reader()).await?)
    }

    /// What a seal covers, by subject.
    pub async fn sealed_by(&self, number: i64) -> Result<Vec<history_seal_item::Model>, StoreError> {
        let mut items = history_seal_item::Entity::find()
            .filter(history_seal_item::Column::Seal.eq(number))
            .all(self.reader())
            .await?;
        items.sort_by(|a, b| a.subject.cmp(&b.subject));
        Ok(items)
    }

    /// The hash of a step.
    pub async fn hash_of_step(&self, ticket: &str, seq: i64) -> Result<Option<String>, StoreError> {
        let hash = ticket_event::Entity::find_by_id((ticket.to_owned(), seq))
            .select_only()
            .column(ticket_event::Column::Hash);
        Ok(hash.into_tuple().one(self.reader()).await?)
    }
}
