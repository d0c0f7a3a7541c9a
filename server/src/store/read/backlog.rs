//! What waits for a worker or a person: counts for whoever watches the server.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::entity::{incident, outbox, timer};
use crate::store::{Store, StoreError};

impl Store {
    /// Messages to deliver, timers overdue and incidents open, by name.
    pub async fn backlog(&self, now: DateTime<Utc>) -> Result<[(&'static str, i64); 3], StoreError> {
        let messages =
            outbox::Entity::find().filter(outbox::Column::Status.is_in(["pending", "claimed", "uncertain"]));
        let timers = timer::Entity::find()
            .filter(timer::Column::State.eq("armed"))
            .filter(timer::Column::DueAt.lte(now));
        let incidents = incident::Entity::find().filter(incident::Column::Status.eq("open"));
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Ok([
            ("messages", count(messages.count(&self.readers).await?)),
            ("timers", count(timers.count(&self.readers).await?)),
            ("incidents", count(incidents.count(&self.readers).await?)),
        ])
    }
}
