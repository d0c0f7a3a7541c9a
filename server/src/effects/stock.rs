//! `stock`: parts move between warehouses, in or out, at the cost that the books use too.

use aftercare_engine::definition::action::StockKind;
use aftercare_engine::effect::Stock;
use rust_decimal::Decimal;

use super::Context;
use crate::entity::stock_move;
use crate::store::StoreError;
use crate::store::step::StepWrite;

/// The kind of warehouse for removed parts.
const DEFECTIVE: &str = "defective";

pub async fn carry_out(
    context: &Context<'_>,
    effect: &Stock,
    source: String,
    step: &mut StepWrite,
) -> Result<(), StoreError> {
    let quantity = i64::try_from((effect.quantity * Decimal::ONE_THOUSAND).round())
        .map_err(|error| StoreError::corrupt("quantity", error))?;
    let value = context.minor("cost", effect.cost)?;
    let home = context.branch.warehouse.clone();
    let named = effect.warehouse.clone();
    let moves = match effect.kind {
        StockKind::Issue => vec![("issue", named.or(home), -quantity, -value)],
        StockKind::Return => vec![("return", named.or(home), quantity, value)],
        StockKind::Transfer => vec![
            ("transfer", named.or(home), -quantity, -value),
            ("transfer", effect.to.clone(), quantity, value),
        ],
        StockKind::Receipt => vec![("receipt", named.or(home), quantity, value)],
        StockKind::Surplus => vec![("count", named.or(home), quantity, value)],
        StockKind::Missing => vec![("count", named.or(home), -quantity, -value)],
        StockKind::Defective => {
            let own = context.store.warehouse_of_kind(&context.branch.code, DEFECTIVE).await?;
            vec![("defective", named.or(own.map(|row| row.code)).or(home), quantity, 0)]
        }
    };
    for (kind, warehouse, quantity, value) in moves {
        let warehouse = warehouse.ok_or_else(|| {
            StoreError::corrupt("warehouse", format!("branch {} has none", context.branch.code))
        })?;
        step.moves.push(stock_move::Model {
            source: source.clone(),
            warehouse,
            part: effect.part.clone(),
            kind: kind.into(),
            quantity,
            value,
            ticket: Some(step.ticket.code.clone()),
            seq: Some(step.event.seq),
            actor: step.event.actor.clone(),
            at: step.event.at,
        });
    }
    Ok(())
}
