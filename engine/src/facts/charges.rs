//! Charge lines: a pricing rule says what a line is, its price, cost and cover; every amount that follows from
//! that is worked out here, once, so that no rule can get a sum wrong.
//!
//! `covered + discount + net = list` and `covered_cost + charged_cost = cost`, exactly, on every line.

mod line;
mod rounding;

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Map, Value};
use crate::rules::RuleError;

pub use line::{complete_line, words_of};
pub use rounding::Rounding;

/// Sums over lines and payments, by the names of [`CHARGES`](super::shape::CHARGES).
///
/// # Errors
/// When a line is not complete, or a sum too large.
pub fn totals(lines: Vec<Value>, paid: Decimal, rounding: Rounding) -> Result<Map, RuleError> {
    let lines = rounding.settle(lines)?;
    let counted: Vec<&Value> = lines.iter().filter(|line| text(line, "decision") != "declined").collect();
    let sum = |key: &str, of: &dyn Fn(&Value) -> bool| {
        counted.iter().filter(|line| of(line)).try_fold(Decimal::ZERO, |sum, line| {
            let amount = line.get(key).and_then(Value::as_decimal);
            amount.and_then(|amount| sum.checked_add(amount)).ok_or_else(|| {
                error(format!("the charge line {} has no `{key}` that can be added", id(line)))
            })
        })
    };
    let count = |of: &dyn Fn(&Value) -> bool| {
        Value::Int(i64::try_from(counted.iter().filter(|line| of(line)).count()).unwrap_or(i64::MAX))
    };
    let all = |_: &Value| true;
    // Nobody owes us what we have paid out.
    let owes = |due: Decimal| Value::Decimal((due - paid.max(Decimal::ZERO)).max(Decimal::ZERO));
    let gross = sum("gross", &all)?;
    let difference = rounding.difference(gross);
    let payable = gross + difference;
    // Rounding takes off from what has to be paid first, too.
    let mandatory = sum("gross", &|line| text(line, "payment_class") == "mandatory")?.min(payable);
    let covered_part = |line: &Value| part(line) && percent(line) > 0;
    let charged_part = |line: &Value| part(line) && percent(line) < 100 && !flag(line, "approved");
    let mut charges = Map::from([
        (Arc::from("count"), count(&all)),
        ("gross".into(), gross.into()),
        ("rounding".into(), if difference.is_zero() { Value::Null } else { difference.into() }),
        ("payable".into(), payable.into()),
        ("goodwill".into(), sum("covered", &|line| text(line, "covered_by") == "goodwill")?.into()),
        ("mandatory".into(), mandatory.into()),
        ("pending".into(), count(&|line| text(line, "decision") == "pending")),
        ("paid".into(), paid.into()),
        ("customer_owes".into(), owes(payable)),
        ("mandatory_owes".into(), owes(mandatory)),
        ("overpaid".into(), Value::Decimal((paid - payable).max(Decimal::ZERO))),
        ("non_oem_covered".into(), count(&|line| covered_part(line) && !flag(line, "oem"))),
        ("non_oem_unapproved".into(), count(&|line| charged_part(line) && !flag(line, "oem"))),
    ]);
    for key in ["net", "vat", "covered", "cost", "covered_cost", "charged_cost"] {
        charges.insert(key.into(), sum(key, &all)?.into());
    }
    charges.insert("lines".into(), Value::List(lines));
    Ok(charges)
}

fn text<'a>(line: &'a Value, key: &str) -> &'a str {
    line.get(key).and_then(Value::as_text).unwrap_or("")
}

fn flag(line: &Value, key: &str) -> bool {
    line.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn part(line: &Value) -> bool {
    text(line, "kind") == "part"
}

fn percent(line: &Value) -> i64 {
    line.get("covered_percent").and_then(Value::as_int).unwrap_or(0)
}

fn id(line: &Value) -> String {
    line.get("id").map_or_else(|| "–".to_owned(), ToString::to_string)
}

fn error(message: String) -> RuleError {
    RuleError { message, source_line: "charge line".to_owned() }
}

#[cfg(test)]
mod tests;
