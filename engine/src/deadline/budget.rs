//! A length of time that is used up while its clock runs and kept while it stands.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::length::{Length, Measure};
use super::{Calendar, Clock};

/// A budget of time with its suspension ledger. What is used is never stored but measured again, so a budget
/// follows a change of the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    #[serde(with = "written")]
    length: Length,
    started: DateTime<Utc>,
    suspended: Vec<Suspended>,
}

/// A time in which the clock stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspended {
    pub from: DateTime<Utc>,
    /// Open while it still stands.
    pub to: Option<DateTime<Utc>>,
}

impl Budget {
    /// Starts the clock.
    pub fn start(length: Length, at: DateTime<Utc>) -> Self {
        Self { length, started: at, suspended: Vec::new() }
    }

    /// Stops the clock; nothing happens when it stands already.
    pub fn pause(&mut self, at: DateTime<Utc>) {
        if !self.is_paused() {
            let from = at.max(self.running_since());
            self.suspended.push(Suspended { from, to: None });
        }
    }

    /// Starts the clock again; nothing happens when it runs already.
    pub fn resume(&mut self, at: DateTime<Utc>) {
        if let Some(last) = self.suspended.last_mut().filter(|last| last.to.is_none()) {
            last.to = Some(at.max(last.from));
        }
    }

    pub fn is_paused(&self) -> bool {
        self.suspended.last().is_some_and(|last| last.to.is_none())
    }

    pub fn length(&self) -> &Length {
        &self.length
    }

    /// When and for how long the clock stood.
    pub fn suspended(&self) -> &[Suspended] {
        &self.suspended
    }

    /// Milliseconds left at a moment, by the budget's own clock; below zero when it is overdrawn.
    pub fn remaining(&self, calendar: &Calendar, at: DateTime<Utc>) -> i64 {
        let used: i64 = self
            .runs()
            .map(|(from, to)| {
                let to = to.map_or(at, |to| to.min(at));
                calendar.measure(self.length.clock(), from, to)
            })
            .sum();
        self.total(calendar) - used
    }

    /// When it is used up; nothing while the clock stands with time left.
    pub fn due(&self, calendar: &Calendar) -> Option<DateTime<Utc>> {
        let clock = self.length.clock();
        if self.suspended.is_empty() {
            return Some(calendar.add(self.started, &self.length));
        }
        let mut left = self.total(calendar);
        for (from, to) in self.runs() {
            let ran = to.map(|to| calendar.measure(clock, from, to));
            match ran {
                Some(ran) if ran < left => left -= ran,
                _ => return Some(calendar.advance(clock, from, left)),
            }
        }
        None
    }

    /// The whole budget in milliseconds of its clock. Working days are as long as they are in the calendar.
    fn total(&self, calendar: &Calendar) -> i64 {
        match self.length.measure {
            Measure::Elapsed(ms) | Measure::Working(ms) => ms,
            Measure::WorkingDays(_) => {
                calendar.measure(Clock::Working, self.started, calendar.add(self.started, &self.length))
            }
        }
    }

    fn running_since(&self) -> DateTime<Utc> {
        self.suspended.last().and_then(|last| last.to).unwrap_or(self.started)
    }

    /// The times in which the clock ran; the last is open while it runs.
    fn runs(&self) -> impl Iterator<Item = (DateTime<Utc>, Option<DateTime<Utc>>)> {
        let starts = std::iter::once(Some(self.started)).chain(self.suspended.iter().map(|s| s.to));
        let ends = self.suspended.iter().map(|s| Some(s.from)).chain(std::iter::once(None));
        starts.zip(ends).filter_map(|(from, to)| from.map(|from| (from, to)))
    }
}

/// A length as its author wrote it.
mod written {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    use super::Length;

    pub fn serialize<S: Serializer>(length: &Length, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(length.text())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Length, D::Error> {
        Length::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
