//! `stock`: parts move between warehouses, in or out, at the cost that the books use too.

use aftercare_engine::definition::action::StockKind;
use aftercare_engine::effect::{Notify, Recipient, Stock};
use aftercare_engine::facts::{Map, Value};
use rust_decimal::Decimal;

use super::{Context, notify};
use crate::entity::stock_move;
use crate::facts::in_language;
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
        if let Some(warehouse) = warehouse.as_deref().filter(|_| quantity < 0) {
            alert(context, warehouse, &effect.part, quantity, &source, step).await?;
        }
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

/// Tells the roles that the bundle's messages name when this is what brings a warehouse below the part's minimum: once,
/// and again only after there was enough.
async fn alert(
    context: &Context<'_>,
    warehouse: &str,
    part: &str,
    taken: i64,
    source: &str,
    step: &mut StepWrite,
) -> Result<(), StoreError> {
    let library = context.version.library();
    let alerts = library.messages.iter().filter(|(_, message)| !message.below_minimum.is_empty());
    let alerts: Vec<_> = alerts.collect();
    if alerts.is_empty() {
        return Ok(());
    }
    let Some(known) = context.store.parts_alone(&[part.to_owned()]).await?.into_iter().next() else {
        return Ok(());
    };
    let held = context.store.stock(Some(warehouse), Some(part), false, 1).await?;
    let earlier = step.moves.iter().filter(|row| row.warehouse == warehouse && row.part == part);
    let before = held.first().map_or(0, |row| row.quantity) + earlier.map(|row| row.quantity).sum::<i64>();
    let is_crossed = before >= known.min_level && before + taken < known.min_level;
    if !is_crossed || !context.store.is_main(warehouse).await? {
        return Ok(());
    }
    let thousandths = |count: i64| Value::Decimal(Decimal::new(count, 3).normalize());
    let item = Map::from_iter([
        ("code".into(), Value::text(part)),
        ("name".into(), Value::text(in_language(&known.name, context.version.language()))),
        ("warehouse".into(), Value::text(warehouse)),
        ("quantity".into(), thousandths(before + taken)),
        ("min_level".into(), thousandths(known.min_level)),
    ]);
    let record = Map::from_iter([("item".into(), Value::Map(item))]);
    for (n, (name, message)) in alerts.into_iter().enumerate() {
        for (m, role) in message.below_minimum.iter().enumerate() {
            let to = Recipient::Role(role.value.clone());
            let effect = Notify { to, message: name.value.clone(), record: record.clone() };
            notify::carry_out(context, &effect, format!("{source}/{warehouse}/{n}/{m}"), step).await?;
        }
    }
    Ok(())
}
