//! Who has shown to be a customer: visits, one-time codes, and the links that messages carried. Only hashes of what
//! they hold are stored.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder,
};

use crate::clock::{APART, is_within};

use super::table::statement;
use super::{Store, StoreError};
use crate::entity::{customer, customer_phone, device, one_time_code, outbox, visit};

/// Wrong codes after which none fits any more.
const TRIES: i64 = 5;

/// A new visit.
pub async fn begin(tx: &DatabaseTransaction, row: visit::Model) -> Result<(), StoreError> {
    row.into_active_model().reset_all().insert(tx).await?;
    Ok(())
}

impl Store {
    /// A visit that still holds: not ended, not expired, not left alone for too long.
    pub async fn visit(
        &self,
        token_hash: &str,
        now: DateTime<Utc>,
        idle: TimeDelta,
    ) -> Result<Option<visit::Model>, StoreError> {
        let row = visit::Entity::find_by_id(token_hash).one(self.reader()).await?;
        let holds = |row: &visit::Model| row.expires_at > now && is_within(row.seen_at, now, idle);
        Ok(row.filter(|row| row.ended_at.is_none() && holds(row)))
    }

    /// Notes that a visit goes on.
    pub async fn touch_visit(&self, token_hash: String, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "UPDATE visit SET seen_at = ? WHERE token_hash = ?";
                let note = statement(tx.get_database_backend(), sql, [now.into(), token_hash.into()]);
                tx.execute_raw(note).await?;
                Ok(())
            })
        })
        .await
    }

    /// Ends a visit.
    pub async fn end_visit(&self, token_hash: String, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "UPDATE visit SET ended_at = ? WHERE token_hash = ? AND ended_at IS NULL";
                let end = statement(tx.get_database_backend(), sql, [now.into(), token_hash.into()]);
                tx.execute_raw(end).await?;
                Ok(())
            })
        })
        .await
    }

    /// How many codes have left since a moment, to one phone or to all.
    pub async fn codes_since(&self, phone: Option<&str>, since: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut sent = one_time_code::Entity::find().filter(one_time_code::Column::AskedAt.gt(since));
        sent = match phone {
            Some(phone) => sent.filter(one_time_code::Column::Phone.eq(phone)),
            None => sent.filter(one_time_code::Column::Phone.is_not_null()),
        };
        Ok(sent.count(self.reader()).await?)
    }

    /// Keeps a code, with the message that brings it to the phone, if it goes to anybody.
    pub async fn send_code(
        &self,
        code: one_time_code::Model,
        message: Option<outbox::Model>,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                code.into_active_model().reset_all().insert(tx).await?;
                if let Some(message) = message {
                    super::outbox::put(tx, message).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Uses up a try, and the code if it fits: then what it was for comes back, once.
    pub async fn use_code(
        &self,
        browser_hash: &str,
        code_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<one_time_code::Model>, StoreError> {
        let (browser, code) = (browser_hash.to_owned(), code_hash.to_owned());
        let fits = self
            .write::<bool, StoreError, _>(move |tx| {
                Box::pin(async move {
                    let backend = tx.get_database_backend();
                    let one_more = "UPDATE one_time_code SET tries = tries + 1
                        WHERE browser_hash = ? AND used_at IS NULL AND tries < ? AND expires_at > ?
                        AND asked_at <= ?";
                    let values = [browser.as_str().into(), TRIES.into(), now.into(), (now + APART).into()];
                    if tx.execute_raw(statement(backend, one_more, values)).await?.rows_affected() == 0 {
                        return Ok(false);
                    }
                    let used = "UPDATE one_time_code SET used_at = ?
                        WHERE browser_hash = ? AND code_hash = ? AND used_at IS NULL";
                    let values = [now.into(), browser.into(), code.into()];
                    Ok(tx.execute_raw(statement(backend, used, values)).await?.rows_affected() == 1)
                })
            })
            .await?;
        if !fits {
            return Ok(None);
        }
        Ok(one_time_code::Entity::find_by_id(browser_hash).one(self.reader()).await?)
    }

    /// The message that carried the link with this secret to a ticket.
    pub async fn message_with_link(
        &self,
        ticket: &str,
        link_hash: &str,
    ) -> Result<Option<outbox::Model>, StoreError> {
        let found = outbox::Entity::find()
            .filter(outbox::Column::Ticket.eq(ticket))
            .filter(outbox::Column::Link.eq(link_hash));
        Ok(found.one(self.reader()).await?)
    }

    /// Serials of what a customer owns.
    pub async fn devices_of(&self, customer: &str) -> Result<Vec<device::Model>, StoreError> {
        let own = device::Entity::find()
            .filter(device::Column::Owner.eq(customer))
            .order_by_asc(device::Column::Serial);
        Ok(own.all(self.reader()).await?)
    }

    /// Customers with this number, those that were merged into others left out.
    pub async fn customers_with_phone(&self, digits: &str) -> Result<Vec<String>, StoreError> {
        let rows = customer_phone::Entity::find()
            .filter(customer_phone::Column::Digits.eq(digits))
            .order_by_asc(customer_phone::Column::Customer)
            .all(self.reader())
            .await?;
        let codes: Vec<String> = rows.into_iter().map(|row| row.customer).collect();
        let known = customer::Entity::find()
            .filter(customer::Column::Code.is_in(codes))
            .filter(customer::Column::MergedInto.is_null())
            .order_by_asc(customer::Column::Code);
        Ok(known.all(self.reader()).await?.into_iter().map(|row| row.code).collect())
    }
}
