//! Parts that a step moves. What a warehouse does not have cannot leave it.

use sea_orm::DbErr;

use super::{StepWrite, Written};
use crate::store::table::statement;
use crate::store::writes::Writes;

/// Books the moves on the balances, in one order, so that no two writers wait for each other.
pub async fn moves(transaction: &impl Writes, step: &StepWrite) -> Result<Option<Written>, DbErr> {
    let backend = transaction.backend();
    let mut moves: Vec<_> = step.moves.iter().collect();
    moves.sort_by(|a, b| (&a.warehouse, &a.part).cmp(&(&b.warehouse, &b.part)));
    for one in moves {
        let key = [one.warehouse.clone().into(), one.part.clone().into()];
        let amounts = [one.quantity.into(), one.value.into()];
        if one.quantity >= 0 {
            let book = statement(
                backend,
                "INSERT INTO stock_balance (warehouse, part, quantity, value, version) VALUES (?, ?, ?, ?, 1)
                 ON CONFLICT (warehouse, part) DO UPDATE SET
                 quantity = stock_balance.quantity + excluded.quantity,
                 value = stock_balance.value + excluded.value, version = stock_balance.version + 1",
                key.into_iter().chain(amounts),
            );
            transaction.change(book).await?;
            continue;
        }
        let book = statement(
            backend,
            "UPDATE stock_balance SET quantity = quantity + ?, value = value + ?, version = version + 1
             WHERE warehouse = ? AND part = ? AND quantity + ? >= 0",
            amounts.into_iter().chain(key).chain([one.quantity.into()]),
        );
        if transaction.change(book).await? == 0 {
            return Ok(Some(Written::Short { part: one.part.clone(), warehouse: one.warehouse.clone() }));
        }
    }
    Ok(None)
}
