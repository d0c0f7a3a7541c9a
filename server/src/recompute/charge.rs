//! A charge line, opened: the rule that priced it with its conditions, the arithmetic from price to gross, and the
//! same line when the ticket's history is taken again.

use aftercare_engine::effect::Ruling;
use aftercare_engine::facts::Value;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::{RecomputeError, line::text_at};
use crate::app::App;
use crate::entity::ticket;
use crate::facts;
use crate::store::StoreError;
use crate::verify::replay::lines_of;

/// A step of the arithmetic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Key of the line that it gives.
    pub key: &'static str,
    /// The same with its values.
    pub arithmetic: String,
    pub amount: Decimal,
}

/// A charge line, opened.
#[derive(Clone, Debug)]
pub struct OpenedCharge {
    /// Step of the ticket in which it was priced, and when.
    pub revision: Option<i64>,
    pub at: Option<DateTime<Utc>>,
    /// Why it was priced so: the rule, its conditions and what it gave then.
    pub ruling: Option<Ruling>,
    /// File and line of the rule, and that line.
    pub source: Option<(String, String)>,
    pub bundle: String,
    pub steps: Vec<Step>,
    /// What comes out differently; empty: nothing.
    pub differences: Vec<Difference>,
}

/// A key of the line that is another when the history is taken again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Empty: the whole line.
    pub key: String,
    pub message: String,
}

/// A charge line of a ticket.
pub async fn charge(app: &App, ticket: &ticket::Model, id: i64) -> Result<OpenedCharge, RecomputeError> {
    let rows = app.store.charge_lines(&ticket.code).await?;
    let row = rows.iter().find(|row| row.line == id).ok_or(RecomputeError::NotFound)?;
    let line = facts::line(&row.body)?;
    let fact = format!("charges.{id}");
    let decisions = app.store.decisions_of(&ticket.code).await?;
    // A number is used once: the last one is the one.
    let decision = decisions.into_iter().rfind(|decision| decision.fact == fact);
    let version = app.catalog.version(&ticket.bundle).await?;
    let mut opened = OpenedCharge {
        revision: decision.as_ref().map(|decision| decision.seq),
        at: decision.as_ref().map(|decision| decision.at),
        ruling: None,
        source: None,
        bundle: ticket.bundle.clone(),
        steps: steps(&line),
        differences: Vec::new(),
    };
    if let Some(decision) = decision {
        let place = version.library().rules.place(&decision.rule);
        opened.source = place.and_then(|place| {
            let source = format!("{}:{}", version.bundle().sources.path(place.source), place.line);
            text_at(&version, &source).map(|text| (source, text))
        });
        let value =
            serde_json::from_str(&decision.value).map_err(|error| StoreError::corrupt("decision", error))?;
        opened.ruling = Some(Ruling {
            rule: decision.rule,
            into: decision.fact,
            value: Value::from_json(&value),
            conditions: serde_json::from_str(&decision.conditions)
                .map_err(|error| StoreError::corrupt("decision", error))?,
        });
    }
    opened.differences = match lines_of(app, ticket).await? {
        Ok(lines) => differences(&line, &lines, id),
        Err(message) => vec![Difference { key: String::new(), message }],
    };
    Ok(opened)
}

fn number(line: &Value, key: &str) -> Decimal {
    line.get(key).and_then(Value::as_decimal).unwrap_or_default()
}

/// From quantity and price to what the customer pays.
fn steps(line: &Value) -> Vec<Step> {
    let of = |key: &str| number(line, key).normalize();
    let step = |key: &'static str, arithmetic: String| Step { key, arithmetic, amount: number(line, key) };
    vec![
        step("list", format!("{} × {}", of("quantity"), of("unit_price"))),
        step("covered", format!("{} × {} %", of("list"), of("covered_percent"))),
        step("net", format!("{} − {} − {}", of("list"), of("covered"), of("discount"))),
        step("vat", format!("{} × {} %", of("net"), of("vat_rate"))),
        step("gross", format!("{} + {}", of("net"), of("vat"))),
        step("charged_cost", format!("{} − {}", of("cost"), of("covered_cost"))),
    ]
}

/// What is not the same on the line that the history leads to.
fn differences(line: &Value, lines: &[Value], id: i64) -> Vec<Difference> {
    let found = lines.iter().find(|other| other.get("id").and_then(Value::as_int) == Some(id));
    let (Some(Value::Map(again)), Value::Map(stands)) = (found, line) else {
        let message = "the history leads to no such line".to_owned();
        return vec![Difference { key: String::new(), message }];
    };
    let different = stands.iter().filter(|(key, value)| again.get(*key) != Some(*value));
    let told = different.map(|(key, value)| {
        let now = again.get(key).map_or_else(|| "nothing".to_owned(), ToString::to_string);
        let message = format!("`{key}` is {value}, the history leads to {now}");
        Difference { key: key.to_string(), message }
    });
    told.collect()
}
