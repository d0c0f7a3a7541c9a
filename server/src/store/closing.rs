//! Until which day the books are closed. What was closed when stays; the newest row holds.

use chrono::NaiveDate;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryOrder, QuerySelect,
};

use super::{Store, StoreError};
use crate::entity::closing;

/// The last closed day, if any is closed.
pub async fn closed_up_to<C: ConnectionTrait>(connection: &C) -> Result<Option<NaiveDate>, StoreError> {
    let newest = closing::Entity::find().order_by_desc(closing::Column::Id).one(connection).await?;
    Ok(newest.map(|row| row.up_to))
}

/// Closes, or opens again, up to a day. Nobody posts in the meantime.
pub async fn put(tx: &DatabaseTransaction, row: closing::Model) -> Result<closing::Model, StoreError> {
    let closing::Model { up_to, reason, actor, at, .. } = row;
    let new = closing::ActiveModel {
        id: NotSet,
        up_to: Set(up_to),
        reason: Set(reason),
        actor: Set(actor),
        at: Set(at),
    };
    Ok(closing::Entity::insert(new).exec_with_returning(tx).await?)
}

/// Holds back everybody who would post until this transaction ends.
pub async fn hold_posting(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    // SQLite has one writer anyway.
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("LOCK TABLE voucher IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    Ok(())
}

impl Store {
    /// What was closed when, newest first.
    pub async fn closings(&self, limit: u64) -> Result<Vec<closing::Model>, StoreError> {
        Ok(closing::Entity::find().order_by_desc(closing::Column::Id).limit(limit).all(self.reader()).await?)
    }
}
