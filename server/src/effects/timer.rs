//! `timer`: a moment at which an event comes to the ticket, its withdrawal, or a deadline's clock that stands.
//!
//! A step may set and withdraw the same timer more than once: only the last of them is a row.

use std::collections::BTreeMap;

use aftercare_engine::effect::Timer;
use chrono::{DateTime, Utc};

use super::json;
use crate::entity::timer;
use crate::store::StoreError;
use crate::store::step::StepWrite;

/// Armed timers and when they are due; one that stands has no moment.
pub type Armed = BTreeMap<String, Option<DateTime<Utc>>>;

pub fn carry_out(effect: &Timer, source: String, step: &mut StepWrite) -> Result<(), StoreError> {
    let mut armed = armed(&step.ticket.timers)?;
    let (name, row) = match effect {
        Timer::Set { id, event, data, at, within } => {
            armed.insert(id.clone(), Some(*at));
            let row = row(step, id, "armed", source);
            let (event, data) = (event.clone(), json("timer", data)?);
            (id, Some(timer::Model { event, data, due_at: Some(*at), within: within.clone(), ..row }))
        }
        Timer::Cancel { id } => {
            let known = armed.remove(id).is_some();
            (id, known.then(|| row(step, id, "cancelled", source)))
        }
        Timer::Pause { id, left_ms } => {
            armed.insert(id.clone(), None);
            (id, Some(timer::Model { left_ms: Some(*left_ms), ..row(step, id, "paused", source) }))
        }
    };
    if let Some(row) = row {
        // One that was set in this very step and withdrawn again was never there for anybody else.
        let before: Armed = self::armed(&step.timers_before)?;
        let earlier = step.timers.iter().position(|other| other.name == *name);
        let earlier = earlier.map(|at| step.timers.remove(at));
        let unseen = row.state == "cancelled" && !before.contains_key(name);
        if !(unseen && earlier.is_some()) {
            step.timers.push(row);
        }
    }
    step.ticket.timers = json("timers", &armed)?;
    step.ticket.due_at = armed.values().flatten().min().copied();
    Ok(())
}

/// The timers of a ticket as it keeps them.
pub fn armed(json: &str) -> Result<Armed, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::corrupt("timers", error))
}

/// A row that only changes the state.
fn row(step: &StepWrite, name: &str, state: &str, source: String) -> timer::Model {
    timer::Model {
        ticket: step.ticket.code.clone(),
        name: name.to_owned(),
        event: String::new(),
        data: "{}".into(),
        due_at: None,
        within: String::new(),
        state: state.to_owned(),
        left_ms: None,
        set_by: source,
        fired_at: None,
        tries: 0,
        claim: None,
        lease_until: None,
    }
}
