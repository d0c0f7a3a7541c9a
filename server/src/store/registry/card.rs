//! The history of cards.

use sea_orm::DatabaseTransaction;

use crate::entity::card_change;
use crate::store::StoreError;
use crate::store::table::insert_all;

/// Adds what happened to a card.
pub async fn note(tx: &DatabaseTransaction, change: card_change::Model) -> Result<(), StoreError> {
    Ok(insert_all(tx, vec![change]).await?)
}
