//! Payments on their way through a provider. Each ends once: whoever comes second changes nothing.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Value,
};

use super::table::statement;
use super::{Store, StoreError};
use crate::entity::payment_order;

/// Puts a new one in.
pub async fn begin(tx: &DatabaseTransaction, row: payment_order::Model) -> Result<(), StoreError> {
    row.into_active_model().reset_all().insert(tx).await?;
    Ok(())
}

/// What became of a payment.
#[derive(Clone, Debug)]
pub struct End {
    /// `paid`, `failed`, `stranded`.
    pub status: &'static str,
    pub paid_reference: Option<String>,
    pub message: Option<String>,
    pub at: DateTime<Utc>,
}

impl Store {
    /// One payment.
    pub async fn payment_order(&self, id: &str) -> Result<Option<payment_order::Model>, StoreError> {
        Ok(payment_order::Entity::find_by_id(id).one(self.reader()).await?)
    }

    /// Payments begun before a moment that have not ended, oldest first.
    pub async fn open_payments(
        &self,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<payment_order::Model>, StoreError> {
        let open = payment_order::Entity::find()
            .filter(payment_order::Column::Status.is_in(["new", "sent"]))
            .filter(payment_order::Column::At.lt(before))
            .order_by_asc(payment_order::Column::At)
            .limit(limit);
        Ok(open.all(self.reader()).await?)
    }

    /// Notes where the payer was sent, if nobody has before.
    pub async fn payment_sent(&self, id: &str, reference: String, url: String) -> Result<(), StoreError> {
        let values = [reference.into(), url.into(), Value::from(id)];
        self.change(
            "UPDATE payment_order SET status = 'sent', reference = ?, url = ? WHERE id = ? AND status = 'new'",
            values.into(),
        )
        .await
        .map(drop)
    }

    /// Ends a payment; false if it has ended before.
    pub async fn end_payment(&self, id: &str, end: End) -> Result<bool, StoreError> {
        let values = [
            end.status.into(),
            end.paid_reference.into(),
            end.message.into(),
            end.at.into(),
            Value::from(id),
        ];
        self.change(
            "UPDATE payment_order SET status = ?, paid_reference = ?, message = ?, settled_at = ?
             WHERE id = ? AND status IN ('new', 'sent')",
            values.into(),
        )
        .await
    }

    async fn change(&self, sql: &'static str, values: Vec<Value>) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let change = statement(tx.get_database_backend(), sql, values);
                Ok(tx.execute_raw(change).await?.rows_affected() == 1)
            })
        })
        .await
    }
}
