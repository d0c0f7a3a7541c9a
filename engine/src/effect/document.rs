//! `document`: a numbered document made of charge lines. Its number is given when the step is stored.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::compile::Binder;
use crate::deadline::Length;
use crate::definition::action as written;
use crate::effect::{Effect, charge};
use crate::facts::{Map, Value};
use crate::step::eyes::Bound;
use crate::step::run::{Refusal, Run};

/// A numbered document. Declined lines are never in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Number format and counter, as the company file names them.
    pub series: String,
    /// Ids of the charge lines in it.
    pub lines: Vec<i64>,
    #[serde(with = "rust_decimal::serde::str")]
    pub net: Decimal,
    #[serde(with = "rust_decimal::serde::str")]
    pub vat: Decimal,
    #[serde(with = "rust_decimal::serde::str")]
    pub gross: Decimal,
    /// What rounding adds to the gross, or takes off.
    #[serde(with = "rust_decimal::serde::str")]
    pub rounding: Decimal,
    pub due: Option<DateTime<Utc>>,
    /// Fields of the ticket as they stood.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map,
}

#[derive(Debug)]
pub struct Action {
    series: String,
    lines: Option<Bound>,
    due: Option<Length>,
    fields: Vec<(Arc<str>, u16)>,
    when: Option<Bound>,
}

impl Action {
    pub(super) fn bind(document: &written::Document, binder: &mut Binder<'_>) -> Option<Self> {
        binder.series(&document.series);
        let due = match &document.due {
            Some(text) => Some(binder.length(text)?),
            None => None,
        };
        let lines = binder.line_filter(document.lines.as_ref())?;
        let fields = document.fields.iter();
        let fields = fields.filter_map(|name| Some((name.value.as_str().into(), binder.field_to_set(name)?)));
        let fields = fields.collect();
        let when = binder.condition(document.when.as_ref())?;
        Some(Self { series: document.series.value.clone(), lines, due, fields, when })
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        if !run.holds(self.when.as_ref())? {
            return Ok(());
        }
        let mut made = Document {
            series: self.series.clone(),
            lines: Vec::new(),
            net: Decimal::ZERO,
            vat: Decimal::ZERO,
            gross: Decimal::ZERO,
            rounding: Decimal::ZERO,
            fields: self.fields.iter().map(|(name, n)| (name.clone(), run.field(*n).clone())).collect(),
            due: self.due.as_ref().map(|due| run.facts.calendar.add(run.facts.now, due)),
        };
        for line in charge::matching(run, self.lines.as_ref())? {
            if line.get("decision").and_then(Value::as_text) == Some("declined") {
                continue;
            }
            let amount = |key| line.get(key).and_then(Value::as_decimal).unwrap_or_default();
            made.lines.extend(line.get("id").and_then(Value::as_int));
            made.net += amount("net");
            made.vat += amount("vat");
            made.gross += amount("gross");
        }
        made.rounding = run.chart.library.rounding().difference(made.gross);
        run.effects.push(Effect::Document(made));
        Ok(())
    }
}
