//! What a step asks the world to do, as rows: one handler per effect of the engine, under the same file names.
//!
//! Handlers prepare rows outside the transaction and read, but write nothing. Messages are rendered here, from
//! the facts after the step.

pub mod assign;
mod card;
mod charge;
mod child;
mod decision;
mod device;
mod document;
pub mod notify;
mod output;
mod payment;
mod recipient;
mod stock;
mod task;
pub mod timer;
pub mod voucher;
mod webhook;

use std::collections::BTreeMap;
use std::sync::Arc;

use aftercare_engine::company::numbering::Parts;
use aftercare_engine::effect::Effect;
use aftercare_engine::facts::{Facts, Map, Value};
use aftercare_engine::ledger::{Amount, Currency};
use rust_decimal::Decimal;

use crate::catalog::Version;
use crate::entity;
use crate::facts::Assembled;
use crate::store::step::{Numbering, StepWrite};
use crate::store::{Store, StoreError};

/// Everything that handlers may look at.
pub struct Context<'a> {
    pub store: &'a Store,
    pub version: &'a Arc<Version>,
    pub branch: &'a entity::branch::Model,
    pub assembled: &'a Assembled,
    /// The world after the step.
    pub world: &'a BTreeMap<Arc<str>, Arc<Value>>,
    /// The ticket's fields after the step, by name.
    pub fields: &'a Map,
    pub currency: Currency,
}

/// Turns effects into rows, in their order.
pub async fn carry_out(
    context: &Context<'_>,
    effects: &[Effect],
    step: &mut StepWrite,
) -> Result<(), StoreError> {
    for (index, effect) in effects.iter().enumerate() {
        let source = format!("{}/{}/{index}", step.ticket.code, step.event.seq);
        match effect {
            Effect::Timer(timer) => timer::carry_out(timer, source, step)?,
            Effect::Decision(ruling) => decision::carry_out(ruling, source, step)?,
            Effect::Notify(notify) => notify::carry_out(context, notify, source, step).await?,
            Effect::Charge(charge) => charge::carry_out(context, charge, step)?,
            Effect::Voucher(voucher) => voucher::carry_out(context, voucher, source, step)?,
            Effect::Stock(stock) => stock::carry_out(context, stock, source, step).await?,
            Effect::Task(task) => task::carry_out(context, task, source, step)?,
            Effect::Assign(assign) => assign::carry_out(assign, &mut step.ticket),
            Effect::Card(card) => card::carry_out(context, card, source, step)?,
            Effect::Payment(payment) => payment::carry_out(context, payment, source, step)?,
            Effect::Document(document) => document::carry_out(context, document, source, step)?,
            Effect::Device(values) => device::carry_out(context, values, source, step)?,
            Effect::Webhook(webhook) => webhook::carry_out(webhook, source, step)?,
            Effect::Child(child) => child::carry_out(child, step),
            Effect::Output(output) => output::carry_out(output, step)?,
        }
    }
    Ok(())
}

impl Context<'_> {
    /// A fact after the step.
    pub fn fact(&self, name: &str) -> &Value {
        self.world.get(name).map_or(&Value::Null, |value| value)
    }

    pub fn facts(&self) -> &Facts {
        &self.assembled.facts
    }

    /// An exact number as minor units.
    pub fn minor(&self, what: &'static str, number: Decimal) -> Result<i64, StoreError> {
        Amount::half_up(number, &self.currency)
            .map(|amount| amount.minor())
            .map_err(|error| StoreError::corrupt(what, error))
    }

    /// How the numbers of a series are made, as the company file says; else the bare count.
    pub fn numbering(&self, series: &str) -> Numbering {
        let now = self.facts().now;
        numbering(self.version, self.branch, series, now)
    }
}

/// How the numbers of a series are made in a branch on a day.
pub fn numbering(
    version: &Version,
    branch: &entity::branch::Model,
    series: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Numbering {
    let format = version.company().and_then(|company| Some((company, company.numbers.get(series)?.clone())));
    let Some((company, format)) = format else {
        return Numbering { counter: series.to_owned(), format: Arc::new(|count| count.to_string()) };
    };
    let day = version.day(now);
    let fiscal_year = company.fiscal_year.of(day);
    let (shop, number) = (branch.shop.clone(), branch.number.clone());
    let parts = Parts { store: &shop, branch: &number, day, fiscal_year };
    let counter = format.counter(&parts);
    let format = move |count: i64| {
        let parts = Parts { store: &shop, branch: &number, day, fiscal_year };
        format.format(&parts, u64::try_from(count).unwrap_or_default())
    };
    Numbering { counter, format: Arc::new(format) }
}

/// JSON of something that always has one.
pub fn json<T: serde::Serialize + ?Sized>(what: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::corrupt(what, error))
}
