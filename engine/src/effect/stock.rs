//! `stock`: parts move between warehouses, in or out, at the cost that the facts hold.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::compile::Binder;
use crate::definition::action as written;
use crate::definition::action::StockKind;
use crate::effect::Effect;
use crate::facts::Value;
use crate::facts::shape::Kind;
use crate::rules::RuleError;
use crate::step::eyes::Bound;
use crate::step::run::{Refusal, Run};

/// A movement of one part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stock {
    pub kind: StockKind,
    pub part: String,
    #[serde(with = "rust_decimal::serde::str")]
    pub quantity: Decimal,
    /// None: the branch's main warehouse.
    pub warehouse: Option<String>,
    pub to: Option<String>,
    /// Cost of the whole quantity: a charge line's own, else the part's moving average.
    #[serde(with = "rust_decimal::serde::str")]
    pub cost: Decimal,
}

#[derive(Debug)]
pub struct Action {
    kind: StockKind,
    items: Bound,
    filter: Option<Bound>,
    warehouse: Option<Bound>,
    to: Option<Bound>,
}

impl Action {
    pub(super) fn bind(stock: &written::Stock, binder: &mut Binder<'_>) -> Option<Self> {
        // All of it is read before any of it is given up, so that every mistake is told.
        let items = binder.expression(&stock.items);
        let filter = binder.condition_with(stock.filter.as_ref(), &[("line", Kind::Any)]);
        let warehouse = binder.optional(stock.warehouse.as_ref(), Kind::Text);
        let to = binder.optional(stock.to.as_ref(), Kind::Text);
        Some(Self { kind: stock.kind.value, items: items?, filter: filter?, warehouse: warehouse?, to: to? })
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        let items = match run.value_of(&self.items)? {
            Value::Null => Vec::new(),
            Value::List(items) => items,
            other => vec![other],
        };
        let warehouse = self.code(run, self.warehouse.as_ref())?;
        let to = self.code(run, self.to.as_ref())?;
        for item in &items {
            if !run.holds_for(self.filter.as_ref(), "line", item)? {
                continue;
            }
            let movement = self.movement(item, warehouse.clone(), to.clone()).ok_or_else(|| RuleError {
                message: format!(
                    "an item of `{}` has no `code` and `quantity`, or is worth too much",
                    self.items.expression.text()
                ),
                source_line: self.items.source(),
            })?;
            run.effects.push(Effect::Stock(movement));
        }
        Ok(())
    }

    fn movement(&self, item: &Value, warehouse: Option<String>, to: Option<String>) -> Option<Stock> {
        let part = item.get("code")?.as_text()?.to_owned();
        let quantity = item.get("quantity")?.as_decimal()?;
        let own = item.get("cost").and_then(Value::as_decimal);
        let average = item.at("part.cost").and_then(Value::as_decimal).unwrap_or_default();
        let cost = match self.kind {
            StockKind::Defective => Decimal::ZERO,
            _ => own.or_else(|| average.checked_mul(quantity))?,
        };
        Some(Stock { kind: self.kind, part, quantity, warehouse, to, cost })
    }

    fn code(&self, run: &Run<'_>, expression: Option<&Bound>) -> Result<Option<String>, Refusal> {
        let Some(expression) = expression else { return Ok(None) };
        Ok(run.value_of(expression)?.as_text().map(str::to_owned))
    }
}
