//! What people note about a ticket, and all that has happened around it.

use sea_orm::{ActiveValue::NotSet, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::{Store, StoreError};
use crate::entity::{activity, document, payment};

/// Notes something; its id.
pub async fn note(tx: &DatabaseTransaction, row: activity::Model) -> Result<i64, StoreError> {
    let new = activity::ActiveModel { id: NotSet, ..row.into() };
    Ok(activity::Entity::insert(new).exec(tx).await?.last_insert_id)
}

impl Store {
    /// What was noted about a ticket, in order.
    pub async fn activities_of(&self, ticket: &str) -> Result<Vec<activity::Model>, StoreError> {
        let query = activity::Entity::find().filter(activity::Column::Ticket.eq(ticket));
        Ok(query.order_by_asc(activity::Column::Id).all(self.reader()).await?)
    }

    /// Numbered documents of a ticket, in order.
    pub async fn documents_of(&self, ticket: &str) -> Result<Vec<document::Model>, StoreError> {
        let query = document::Entity::find().filter(document::Column::Ticket.eq(ticket));
        let query = query.order_by_asc(document::Column::Seq).order_by_asc(document::Column::Source);
        Ok(query.all(self.reader()).await?)
    }

    /// Money received and paid back on a ticket, in order.
    pub async fn payments_of(&self, ticket: &str) -> Result<Vec<payment::Model>, StoreError> {
        let query = payment::Entity::find().filter(payment::Column::Ticket.eq(ticket));
        let query = query.order_by_asc(payment::Column::Seq).order_by_asc(payment::Column::Source);
        Ok(query.all(self.reader()).await?)
    }
}
