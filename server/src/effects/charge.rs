//! `charge`: charge lines that are new, changed or taken out. The last state of a line within a step is its row.

use aftercare_engine::effect::Charge;
use aftercare_engine::facts::Value;
use rust_decimal::Decimal;

use super::{Context, json};
use crate::entity::charge_line;
use crate::store::StoreError;
use crate::store::step::StepWrite;

pub fn carry_out(context: &Context<'_>, charge: &Charge, step: &mut StepWrite) -> Result<(), StoreError> {
    for line in charge.added.iter().chain(&charge.changed) {
        let row = row(context, line, step)?;
        step.charges.retain(|other| other.line != row.line);
        step.uncharged.retain(|line| *line != row.line);
        step.charges.push(row);
    }
    for id in &charge.removed {
        step.charges.retain(|other| other.line != *id);
        step.uncharged.push(*id);
    }
    let totals = context.fact("charges");
    let lines = totals.get("lines").map_or(0, |lines| lines.as_list().len());
    step.ticket.lines = i64::try_from(lines).unwrap_or(i64::MAX);
    let gross = totals.get("gross").and_then(Value::as_decimal).unwrap_or_default();
    step.ticket.gross = context.minor("charge", gross)?;
    Ok(())
}

fn row(context: &Context<'_>, line: &Value, step: &StepWrite) -> Result<charge_line::Model, StoreError> {
    let text = |key: &str| line.get(key).and_then(Value::as_text).unwrap_or_default().to_owned();
    let number = |key: &str| line.get(key).and_then(Value::as_decimal).unwrap_or(Decimal::ZERO);
    let money = |key: &str| context.minor("charge line", number(key));
    let whole = |key: &str| line.get(key).and_then(Value::as_int).unwrap_or_default();
    Ok(charge_line::Model {
        ticket: step.ticket.code.clone(),
        line: whole("id"),
        kind: text("kind"),
        code: text("code"),
        description: text("description"),
        quantity: number("quantity").normalize().to_string(),
        list: money("list")?,
        covered: money("covered")?,
        net: money("net")?,
        vat: money("vat")?,
        gross: money("gross")?,
        cost: money("cost")?,
        covered_percent: whole("covered_percent"),
        payment_class: text("payment_class"),
        decision: text("decision"),
        status: text("status"),
        body: json("charge line", line)?,
    })
}
