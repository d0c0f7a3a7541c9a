//! A ticket with what its next step depends on.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::around::LINES;
use crate::entity::{charge_line, ticket, ticket_event};
use crate::store::{Store, StoreError};

/// Most other tickets that a step looks at.
const OTHERS: u64 = 50;

impl Store {
    pub async fn ticket(&self, code: &str) -> Result<Option<ticket::Model>, StoreError> {
        Ok(self.near.one("WHERE code = ?", [code.into()]).await?)
    }

    /// The last other tickets about a device, newest first.
    pub async fn others_about(&self, serial: &str, but: &str) -> Result<Vec<ticket::Model>, StoreError> {
        Ok(ticket::Entity::find()
            .filter(ticket::Column::Device.eq(serial))
            .filter(ticket::Column::Code.ne(but))
            .order_by_desc(ticket::Column::OpenedAt)
            .order_by_desc(ticket::Column::Code)
            .limit(OTHERS)
            .all(&self.readers)
            .await?)
    }

    /// The bodies of its charge lines, in order.
    pub async fn charge_lines(&self, ticket: &str) -> Result<Vec<charge_line::Model>, StoreError> {
        Ok(self.near.rows(LINES, [ticket.into()]).await?)
    }

    /// Its history from the first step.
    pub async fn history(&self, ticket: &str) -> Result<Vec<ticket_event::Model>, StoreError> {
        Ok(ticket_event::Entity::find()
            .filter(ticket_event::Column::Ticket.eq(ticket))
            .order_by_asc(ticket_event::Column::Seq)
            .all(&self.readers)
            .await?)
    }

    /// Steps that timers have taken since a moment, in the order of time.
    pub async fn steps_of_timers(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Vec<ticket_event::Model>, StoreError> {
        Ok(ticket_event::Entity::find()
            .filter(ticket_event::Column::Origin.eq("system"))
            .filter(ticket_event::Column::At.gte(since))
            .order_by_asc(ticket_event::Column::At)
            .order_by_asc(ticket_event::Column::Ticket)
            .order_by_asc(ticket_event::Column::Seq)
            .all(&self.readers)
            .await?)
    }
}
