//! `send` and `cancel`, and the timers that states arm by themselves.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::compile::Binder;
use crate::deadline::Length;
use crate::definition::action::Send;
use crate::effect::Effect;
use crate::facts::Map;
use crate::rules::RuleError;
use crate::step::eyes::Bound;
use crate::step::run::{Queued, Refusal, Run};

/// A moment at which an event comes to this ticket, or its withdrawal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    /// Replaces an armed timer of the same id.
    Set {
        /// Unique among the ticket's armed timers.
        id: String,
        event: String,
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        data: Map,
        at: DateTime<Utc>,
        /// The length as it was written, for people.
        within: String,
    },
    /// Withdraws it, if it is armed.
    Cancel { id: String },
    /// A deadline's clock stands; what is left of it, in milliseconds of its kind of time. The timer is not
    /// armed until it is set again.
    Pause { id: String, left_ms: i64 },
}

#[derive(Debug)]
pub struct Action {
    event: Arc<str>,
    due: Due,
    id: Option<String>,
    data: Vec<(Arc<str>, Bound)>,
}

/// When the event comes.
#[derive(Debug)]
enum Due {
    Now,
    After(Length),
    At(Bound),
}

impl Action {
    pub(super) fn bind(send: &Send, binder: &mut Binder<'_>) -> Option<Self> {
        binder.sends(&send.event);
        let due = match (&send.after, &send.at) {
            (Some(text), _) => Due::After(binder.length(text)?),
            (None, Some(at)) => Due::At(binder.expression(at)?),
            (None, None) => Due::Now,
        };
        Some(Self {
            event: send.event.value.as_str().into(),
            due,
            id: send.id.as_ref().map(|id| id.value.clone()),
            data: binder.table(&send.data),
        })
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        let mut data = Map::new();
        for (key, expression) in &self.data {
            data.insert(key.clone(), run.value_of(expression)?);
        }
        let (at, within) = match &self.due {
            Due::Now => {
                let data = (!self.data.is_empty()).then_some(data);
                let key = run.key();
                run.waiting().external.push(Queued { name: self.event.clone(), data, key });
                return Ok(());
            }
            Due::After(after) => (run.facts.calendar.add(run.facts.now, after), after.text().to_owned()),
            Due::At(at) => (moment(run, at)?, at.expression.text().to_owned()),
        };
        let id = match &self.id {
            Some(id) => timer_id(id),
            None => {
                run.configuration.memory.make().sends += 1;
                timer_id(&format!("#{}", run.configuration.memory.sends))
            }
        };
        let (id, event) = (run.addressed(&id), run.addressed(&self.event));
        run.effects.push(Effect::Timer(Timer::Set { id, event, data, at, within }));
        Ok(())
    }
}

/// The moment that an expression gives; a day begins at midnight in the company's zone. What is past is due now.
fn moment(run: &Run<'_>, at: &Bound) -> Result<DateTime<Utc>, Refusal> {
    let value = run.value_of(at)?;
    let midnight =
        |day: NaiveDate| day.and_time(NaiveTime::MIN).and_local_timezone(run.chart.offset).single();
    let found = value.as_time().or_else(|| Some(midnight(value.as_date()?)?.to_utc()));
    let found = found.ok_or_else(|| RuleError {
        message: format!("`{}` gives {}, but a day or moment is needed", at.expression.text(), value.kind()),
        source_line: at.source(),
    })?;
    Ok(found.max(run.facts.now))
}

/// Withdraws a delayed `send` by its author's id.
pub(super) fn cancel(run: &mut Run<'_>, id: &str) {
    let id = run.addressed(&timer_id(id));
    run.effects.push(Effect::Timer(Timer::Cancel { id }));
}

/// An author's ids live apart from those of the states' own timers.
fn timer_id(id: &str) -> String {
    format!("send.{id}")
}
