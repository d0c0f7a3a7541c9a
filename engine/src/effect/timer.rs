//! `send` and `cancel`, and the timers that states arm by themselves.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::compile::Binder;
use crate::deadline::Length;
use crate::definition::action::Send;
use crate::effect::Effect;
use crate::facts::Map;
use crate::step::run::{Bound, Queued, Refusal, Run};

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
    after: Option<Length>,
    id: Option<String>,
    data: Vec<(Arc<str>, Bound)>,
}

impl Action {
    pub(super) fn bind(send: &Send, binder: &mut Binder<'_>) -> Option<Self> {
        binder.sends(&send.event);
        let after = match &send.after {
            Some(text) => Some(binder.length(text)?),
            None => None,
        };
        Some(Self {
            event: send.event.value.as_str().into(),
            after,
            id: send.id.as_ref().map(|id| id.value.clone()),
            data: binder.table(&send.data),
        })
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        let mut data = Map::new();
        for (key, expression) in &self.data {
            data.insert(key.clone(), run.value_of(expression)?);
        }
        let Some(after) = &self.after else {
            let data = (!self.data.is_empty()).then_some(data);
            run.external.push_back(Queued { name: self.event.clone(), data });
            return Ok(());
        };
        let id = match &self.id {
            Some(id) => timer_id(id),
            None => {
                run.configuration.sends += 1;
                timer_id(&format!("#{}", run.configuration.sends))
            }
        };
        let at = run.facts.calendar.add(run.facts.now, after);
        let event = self.event.to_string();
        run.effects.push(Effect::Timer(Timer::Set { id, event, data, at, within: after.text().to_owned() }));
        Ok(())
    }
}

/// Withdraws a delayed `send` by its author's id.
pub(super) fn cancel(run: &mut Run<'_>, id: &str) {
    run.effects.push(Effect::Timer(Timer::Cancel { id: timer_id(id) }));
}

/// An author's ids live apart from those of the states' own timers.
fn timer_id(id: &str) -> String {
    format!("send.{id}")
}
