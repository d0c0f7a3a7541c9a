//! When somebody is where: the jobs in a person's hands and the gaps between them. It reads; it plans nothing.

use aftercare_engine::deadline::{Calendar, Length};
use aftercare_engine::definition::field::FieldType;
use aftercare_engine::statechart::Statechart;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde_json::Value;

use crate::app::App;
use crate::entity::ticket;
use crate::store::StoreError;

/// Jobs of one person that are looked at: nobody has more in hand.
const JOBS: u64 = 100;
/// Moments that are tried for a job, and how far they lie apart: ten days.
const TRIES: usize = 480;
const APART: TimeDelta = TimeDelta::minutes(30);

/// A request in somebody's hands, and when it is to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    pub row: ticket::Model,
    pub at: Option<DateTime<Utc>>,
}

/// The moments that a process itself knows, such as that of a visit, say more than a deadline: the last of them.
pub fn planned(chart: &Statechart, fields: &Value) -> Option<String> {
    let moments = chart.fields.iter().filter_map(|field| {
        let written = field.field.as_ref()?;
        let is_moment = written.r#type.value == FieldType::Datetime;
        fields.get(&*field.name).filter(|_| is_moment)?.as_str().map(str::to_owned)
    });
    moments.max()
}

/// Everything that is in somebody's hands and waits to be done, in whichever branch.
pub async fn jobs(app: &App, person: &str) -> Result<Vec<Job>, StoreError> {
    let mut jobs = Vec::new();
    for row in app.store.in_hand(person, JOBS).await? {
        let version = app.catalog.version(&row.bundle).await?;
        let fields = serde_json::from_str(&row.fields).unwrap_or_default();
        let at = version.chart(&row.process).and_then(|chart| planned(chart, &fields));
        jobs.push(Job { at: at.and_then(|at| at.parse().ok()), row });
    }
    Ok(jobs)
}

/// Whether two jobs of this length that begin then get in each other's way.
pub fn is_conflict(calendar: &Calendar, length: &Length, one: DateTime<Utc>, other: DateTime<Utc>) -> bool {
    one < calendar.add(other, length) && other < calendar.add(one, length)
}

/// The first half hour from a moment on that is working time and in which no other job gets in the way.
pub fn free_at(
    calendar: &Calendar,
    length: &Length,
    taken: &[DateTime<Utc>],
    from: DateTime<Utc>,
) -> DateTime<Utc> {
    let down = from.duration_trunc(APART).unwrap_or(from);
    let first = if down == from { from } else { down + APART };
    let is_free = |at: DateTime<Utc>| {
        calendar.is_working(at) && !taken.iter().any(|other| is_conflict(calendar, length, at, *other))
    };
    let mut tried = (0..).map(|n| first + APART * n).take(TRIES);
    tried.find(|at| is_free(*at)).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_free_half_hour_lies_between_two_jobs() {
        let (calendar, hour) = (Calendar::default(), Length::parse("1 hours").unwrap());
        let taken = [at("2026-11-22T08:00:00Z"), at("2026-11-22T10:00:00Z")];
        let free = |from: &str| free_at(&calendar, &hour, &taken, at(from));
        assert_eq!(free("2026-11-22T07:10:00Z"), at("2026-11-22T09:00:00Z"));
        assert_eq!(free("2026-11-22T09:05:00Z"), at("2026-11-22T11:00:00Z"));
        assert_eq!(free("2026-11-22T06:00:00Z"), at("2026-11-22T06:00:00Z"));
    }
}
