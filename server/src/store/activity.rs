//! What people note about a ticket, and all that has happened around it.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::read::search::hangs_within;
use super::registry::contains;
use super::{Store, StoreError};
use crate::auth::Scope;
use crate::entity::{activity, document, payment, ticket_file};

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

    /// What calls somebody by name on tickets that they may see, newest first.
    pub async fn calls_for(
        &self,
        name: &str,
        scope: &Scope,
        limit: u64,
    ) -> Result<Vec<activity::Model>, StoreError> {
        let query = activity::Entity::find()
            .filter(contains(activity::Column::Mentions, name))
            .filter(hangs_within(scope, activity::Column::Ticket))
            .order_by_desc(activity::Column::Id)
            .limit(limit);
        let mut found = query.all(self.reader()).await?;
        found.retain(|row| row.mentions.split(' ').any(|called| called == name));
        Ok(found)
    }

    /// Tickets around which something was said or sent in since a moment, each with what tells one such thing from
    /// another. Only the newest are looked at.
    pub async fn stirred_since(
        &self,
        since: DateTime<Utc>,
        most: u64,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        type Stir = (String, i64, DateTime<Utc>);
        let said = activity::Entity::find().select_only().columns([
            activity::Column::Ticket,
            activity::Column::Id,
            activity::Column::At,
        ]);
        let said = said.order_by_desc(activity::Column::Id).limit(most);
        let sent = ticket_file::Entity::find().select_only().columns([
            ticket_file::Column::Ticket,
            ticket_file::Column::Id,
            ticket_file::Column::At,
        ]);
        let sent = sent.order_by_desc(ticket_file::Column::Id).limit(most);
        let mut all: Vec<Stir> = said.into_tuple().all(self.reader()).await?;
        let sent: Vec<Stir> = sent.into_tuple().all(self.reader()).await?;
        // Each table counts for itself.
        all.extend(sent.into_iter().map(|(ticket, id, at)| (ticket, -id, at)));
        Ok(all.into_iter().filter(|(.., at)| *at >= since).map(|(ticket, id, _)| (ticket, id)).collect())
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
