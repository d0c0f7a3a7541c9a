//! Incidents: what failed and needs a person.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
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
            resolution: Set(None),
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

/// Closes an open incident with what was done about it; false if it is closed already.
pub async fn resolve(
    tx: &DatabaseTransaction,
    id: i64,
    by: &str,
    resolution: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let change = incident::Entity::update_many()
        .col_expr(incident::Column::Status, Expr::value("resolved"))
        .col_expr(incident::Column::ResolvedAt, Expr::value(now))
        .col_expr(incident::Column::ResolvedBy, Expr::value(by))
        .col_expr(incident::Column::Resolution, Expr::value(resolution))
        .filter(incident::Column::Id.eq(id))
        .filter(incident::Column::Status.eq("open"));
    Ok(change.exec(tx).await?.rows_affected == 1)
}
