//! `charge`: charge lines added by a pricing rule, changed, taken out. Everything about money reads only these
//! lines, so the sums in the facts follow at once.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::compile::Binder;
use crate::definition::action as written;
use crate::effect::{Effect, decision};
use crate::facts::shape::{self, Kind};
use crate::facts::{Map, Value, charges};
use crate::rules::RuleError;
use crate::step::Reason;
use crate::step::eyes::Bound;
use crate::step::run::{Refusal, Run};

/// Charge lines that are new, changed (whole, by `id`) or taken out (by `id`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Charge {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<i64>,
}

#[derive(Debug)]
pub enum Action {
    Add { items: Bound, rule: String, status: String },
    Change { filter: Option<Bound>, set: Vec<(Arc<str>, Bound)> },
    Remove { filter: Option<Bound> },
}

impl Action {
    pub(super) fn bind(charge: &written::Charge, binder: &mut Binder<'_>) -> Option<Self> {
        Some(match charge {
            written::Charge::Add(add) => {
                let items = binder.expression(&add.items)?;
                binder.rule(&add.rule, &["item"])?;
                if let Some(status) = &add.status {
                    binder.hold_to_words("charge line", "status", &status.value, status.place);
                }
                let status = add.status.as_ref().map_or("planned", |status| &status.value);
                Self::Add { items, rule: add.rule.value.clone(), status: status.to_owned() }
            }
            written::Charge::Change(change) => {
                let filter = binder.line_filter(change.filter.as_ref())?;
                let locals = [("line", Kind::Map(shape::CHARGE_LINE))];
                let set = binder.entries(&change.set, "charge line", shape::CHARGE_LINE, &locals);
                Self::Change { filter, set }
            }
            written::Charge::Remove(select) => {
                Self::Remove { filter: binder.line_filter(select.filter.as_ref())? }
            }
        })
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        let before = lines(run);
        let after = match self {
            Self::Add { items, rule, status } => add(run, items, rule, status)?,
            Self::Change { filter, set } => change(run, filter.as_ref(), set)?,
            Self::Remove { filter } => remove(run, filter.as_ref())?,
        };
        set_lines(run, Some(after), None)?;
        let charge = Charge::between(&before, &lines(run));
        if charge != Charge::default() {
            run.effects.push(Effect::Charge(charge));
        }
        Ok(())
    }
}

impl Charge {
    /// What leads from one list of lines to another: VAT of a document may move on lines that nobody named.
    fn between(before: &[Value], after: &[Value]) -> Self {
        let known =
            |line: &Value, among: &[Value]| among.iter().find(|other| id_of(other) == id_of(line)).cloned();
        let mut charge = Self::default();
        for line in after {
            match known(line, before) {
                None => charge.added.push(line.clone()),
                Some(old) if old != *line => charge.changed.push(line.clone()),
                Some(_) => {}
            }
        }
        charge.removed = before.iter().filter(|line| known(line, after).is_none()).map(id_of).collect();
        charge
    }
}

/// The lines as they are now.
fn lines(run: &Run<'_>) -> Vec<Value> {
    run.world("charges").get("lines").map(Value::as_list).unwrap_or_default().to_vec()
}

/// The lines that a filter fits.
pub(super) fn matching(run: &Run<'_>, filter: Option<&Bound>) -> Result<Vec<Value>, Refusal> {
    let mut fitting = Vec::new();
    for line in lines(run) {
        if run.holds_for(filter, "line", &line)? {
            fitting.push(line);
        }
    }
    Ok(fitting)
}

/// New lines or a new sum of payments: the totals follow.
pub(super) fn set_lines(
    run: &mut Run<'_>,
    lines: Option<Vec<Value>>,
    paid: Option<Decimal>,
) -> Result<(), Refusal> {
    let lines = lines.unwrap_or_else(|| self::lines(run));
    let paid =
        paid.or_else(|| run.world("charges").get("paid").and_then(Value::as_decimal)).unwrap_or_default();
    let totals = charges::totals(lines, paid, run.chart.library.rounding())?;
    run.set_world("charges", Value::Map(totals));
    Ok(())
}

fn id_of(line: &Value) -> i64 {
    line.get("id").and_then(Value::as_int).unwrap_or_default()
}

/// A price without a VAT rate for the day is a reason of its own: whoever keeps the rates can do something about it.
fn complete(run: &Run<'_>, line: Map) -> Result<Value, Refusal> {
    let is_missing = |rate: Option<&Value>| rate.is_none_or(Value::is_null);
    let without_rate = is_missing(line.get("vat_rate")) && is_missing(run.world("rates").get("vat"));
    match charges::complete_line(line, run.chart.library.minor_digits()) {
        Err(_) if without_rate => Err(Reason::new("vat_rate_missing").with("date", run.today()).into()),
        completed => Ok(Value::Map(completed?)),
    }
}

fn add(run: &mut Run<'_>, items: &Bound, rule: &str, status: &str) -> Result<Vec<Value>, Refusal> {
    let items = match run.value_of(items)? {
        Value::Null => Vec::new(),
        Value::List(items) => items,
        one => vec![one],
    };
    let mut lines = lines(run);
    let mut next = lines.iter().map(id_of).max().unwrap_or(0);
    for (n, item) in items.iter().enumerate() {
        // A rule sees the lines before its own, those of the same form too.
        if n > 0 {
            set_lines(run, Some(lines.clone()), None)?;
        }
        let (value, conditions) = decision::call(run, rule, &[("item", item)])?;
        let Value::Map(mut line) = value else {
            let message = format!("the rule `{rule}` gives {}, but a charge line is needed", value.kind());
            return Err(RuleError { message, source_line: String::new() }.into());
        };
        next += 1;
        line.insert("id".into(), Value::Int(next));
        if line.get("status").is_none_or(Value::is_null) {
            line.insert("status".into(), Value::text(status));
        }
        let line = complete(run, line)?;
        // Why a line costs what it costs is a decision like any other.
        run.effects.push(Effect::Decision(super::Ruling {
            rule: rule.to_owned(),
            into: format!("charges.{next}"),
            value: line.clone(),
            conditions,
        }));
        lines.push(line);
    }
    Ok(lines)
}

fn change(run: &Run<'_>, filter: Option<&Bound>, set: &[(Arc<str>, Bound)]) -> Result<Vec<Value>, Refusal> {
    let mut lines = lines(run);
    for line in &mut lines {
        if !run.holds_for(filter, "line", line)? {
            continue;
        }
        let Value::Map(mut next) = line.clone() else { continue };
        for (key, expression) in set {
            let value = run.value_for(expression, "line", line)?;
            next.insert(key.clone(), value);
        }
        *line = complete(run, next)?;
    }
    Ok(lines)
}

/// The lines that stay.
fn remove(run: &Run<'_>, filter: Option<&Bound>) -> Result<Vec<Value>, Refusal> {
    let mut kept = Vec::new();
    for line in lines(run) {
        let invoiced = line.get("status").and_then(Value::as_text) == Some("invoiced");
        if invoiced || !run.holds_for(filter, "line", &line)? {
            kept.push(line);
        }
    }
    Ok(kept)
}
