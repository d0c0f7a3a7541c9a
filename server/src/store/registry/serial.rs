//! Numbers of new units, counted for each model.

use sea_orm::DatabaseTransaction;

use crate::store::StoreError;
use crate::store::step::take;

/// Takes so many numbers of a model; the first of them.
pub async fn next(tx: &DatabaseTransaction, product: &str, count: i64) -> Result<i64, StoreError> {
    Ok(take(tx, &format!("serial/{product}"), count).await?)
}
