//! Stock that was there before anything moved: what a warehouse held when its books were opened.
//!
//! Each balance comes with a move of its own kind, so that every balance is the sum of its moves.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

use super::StoreError;
use super::table::insert_all;
use crate::entity::{stock_balance, stock_move};

/// The kind of these moves.
pub const OPENING: &str = "opening";

/// Balances of one statement.
const PIECE: usize = 200;

/// Puts in what warehouses held. A warehouse that holds the part already is [`StoreError::is_duplicate`].
pub async fn open(
    tx: &DatabaseTransaction,
    balances: Vec<stock_balance::Model>,
    who: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let moves = balances.iter().map(|held| stock_move::Model {
        source: format!("{OPENING}/{}/{}", held.warehouse, held.part),
        warehouse: held.warehouse.clone(),
        part: held.part.clone(),
        kind: OPENING.to_owned(),
        quantity: held.quantity,
        value: held.value,
        ticket: None,
        seq: None,
        actor: who.to_owned(),
        at,
    });
    let moves = moves.collect();
    for some in balances.chunks(PIECE) {
        let some = some.iter().map(|held| held.clone().into_active_model().reset_all());
        stock_balance::Entity::insert_many(some).exec_without_returning(tx).await?;
    }
    insert_all(tx, moves).await?;
    Ok(())
}
