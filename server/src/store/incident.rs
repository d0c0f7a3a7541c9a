//! Incidents: what failed and needs a person.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    EntityTrait,
};

use super::{Store, StoreError};
use crate::entity::incident;

impl Store {
    /// Puts something on the list of what a person must look at.
    pub async fn open_incident(
        &self,
        kind: &str,
        ticket: Option<String>,
        subject: String,
        message: String,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = incident::ActiveModel {
            id: NotSet,
            kind: Set(kind.to_owned()),
            ticket: Set(ticket),
            subject: Set(subject),
            message: Set(message),
            detail: Set("null".into()),
            status: Set("open".into()),
            opened_at: Set(now),
            resolved_at: Set(None),
            resolved_by: Set(None),
        };
        self.write(move |tx| {
            Box::pin(async move {
                incident::Entity::insert(row).exec_without_returning(tx).await?;
                Ok(())
            })
        })
        .await
    }
}
