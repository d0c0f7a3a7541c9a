//! A working calendar, and time counted in it.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};

use super::length::{Clock, Length, Measure};
use crate::company::date;
use crate::definition::OneOrMany;
use crate::definition::company::{CalendarFile, Holiday, Week};
use crate::diagnostic::{Diagnostic, Sp};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// No search for working time goes further than this many days.
const FARTHEST: i64 = 400_000;

/// Working hours by weekday, and holidays. The default has no night: all time is working time.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// Local time less UTC, in milliseconds.
    offset: i64,
    /// From Monday: working hours in order, in milliseconds from midnight.
    week: [Vec<(i64, i64)>; 7],
    /// Days from 1970-01-01 on which nobody works.
    holidays: BTreeSet<i64>,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { offset: 0, week: std::array::from_fn(|_| vec![(0, DAY)]), holidays: BTreeSet::new() }
    }
}

impl Calendar {
    /// Checks a calendar file.
    ///
    /// # Errors
    /// Every finding at once.
    pub fn compile(file: &CalendarFile) -> Result<Self, Vec<Diagnostic>> {
        let mut found = Vec::new();
        let offset = date::offset_minutes(&file.time_zone).unwrap_or_else(|diagnostic| {
            found.push(*diagnostic);
            0
        });
        let Week { saturday, sunday, monday, tuesday, wednesday, thursday, friday } = &file.hours;
        let week = [monday, tuesday, wednesday, thursday, friday, saturday, sunday]
            .map(|day| hours(day, &mut found));
        if found.is_empty() && week.iter().all(Vec::is_empty) {
            let message = format!("calendar `{}` has no working hours", file.calendar.value);
            found.push(
                Diagnostic::error("AC0022", file.calendar.place, message)
                    .help("give at least one day hours, such as `monday: 08:00-17:00`"),
            );
        }
        let mut holidays = BTreeSet::new();
        for holiday in &file.holidays {
            match day_off(file, holiday) {
                Ok(day) => _ = holidays.insert(day),
                Err(diagnostic) => found.push(*diagnostic),
            }
        }
        if found.is_empty() {
            Ok(Self { offset: i64::from(offset) * MINUTE, week, holidays })
        } else {
            Err(found)
        }
    }

    /// The moment when the length has passed: never early, and the first such moment.
    ///
    /// A working day is a day with working hours that is no holiday. `n working days` end on the n-th working
    /// day after the day of `from`, at the same time of day but within that day's hours; what starts outside
    /// working hours starts when they next begin.
    pub fn add(&self, from: DateTime<Utc>, length: &Length) -> DateTime<Utc> {
        match length.measure {
            Measure::Elapsed(ms) => self.advance(Clock::Elapsed, from, ms),
            Measure::Working(ms) => self.advance(Clock::Working, from, ms),
            Measure::WorkingDays(days) => self.working_days(from, days),
        }
    }

    /// The moment when so many milliseconds have passed by the clock.
    pub fn advance(&self, clock: Clock, from: DateTime<Utc>, ms: i64) -> DateTime<Utc> {
        if clock == Clock::Elapsed || ms <= 0 {
            let ms = Duration::milliseconds(ms.max(0));
            return from.checked_add_signed(ms).unwrap_or(DateTime::<Utc>::MAX_UTC);
        }
        let start = self.local(from);
        let first = start.div_euclid(DAY);
        let mut left = ms;
        for day in first..first.saturating_add(FARTHEST) {
            for (opens, closes) in self.hours_of(day) {
                let begin = start.max(day * DAY + opens);
                let open = day * DAY + closes - begin;
                if open >= left {
                    return self.utc(begin + left, from);
                }
                left -= open.max(0);
            }
        }
        DateTime::<Utc>::MAX_UTC
    }

    /// Milliseconds of working time between two moments; zero when the second is not later.
    pub fn worked_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        let (start, end) = (self.local(from), self.local(to));
        let mut worked = 0;
        if end > start {
            for day in start.div_euclid(DAY)..=end.div_euclid(DAY) {
                for (opens, closes) in self.hours_of(day) {
                    worked += (end.min(day * DAY + closes) - start.max(day * DAY + opens)).max(0);
                }
            }
        }
        worked
    }

    /// Milliseconds between two moments by the clock; zero when the second is not later.
    pub fn measure(&self, clock: Clock, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        match clock {
            Clock::Elapsed => (to - from).num_milliseconds().max(0),
            Clock::Working => self.worked_between(from, to),
        }
    }

    /// Whether it is working time.
    pub fn is_working(&self, at: DateTime<Utc>) -> bool {
        let local = self.local(at);
        let time = local.rem_euclid(DAY);
        self.hours_of(local.div_euclid(DAY)).iter().any(|(opens, closes)| (*opens..*closes).contains(&time))
    }

    fn working_days(&self, from: DateTime<Utc>, days: u32) -> DateTime<Utc> {
        if days == 0 {
            return from;
        }
        let local = self.local(from);
        let (today, mut time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let open = |day: &i64| !self.hours_of(*day).is_empty();
        let within = |day: i64, time: i64| {
            let hours = self.hours_of(day);
            match hours.iter().find(|(_, closes)| time <= *closes) {
                Some((opens, _)) => (time.max(*opens), false),
                None => (hours.last().map_or(DAY, |last| last.1), true),
            }
        };
        let mut ahead = (today..today.saturating_add(FARTHEST)).filter(open).peekable();
        // Too late today, or no working day: the count starts when work next begins.
        if ahead.peek() == Some(&today) && within(today, time).1 {
            ahead.next();
        }
        match ahead.next() {
            Some(day) if day == today => time = within(day, time).0,
            Some(day) => time = within(day, 0).0,
            None => return DateTime::<Utc>::MAX_UTC,
        }
        match ahead.nth(usize::try_from(days - 1).unwrap_or(usize::MAX)) {
            Some(day) => self.utc(day * DAY + within(day, time).0, from),
            None => DateTime::<Utc>::MAX_UTC,
        }
    }

    fn hours_of(&self, day: i64) -> &[(i64, i64)] {
        // 1970-01-01 was a Thursday.
        let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
        if self.holidays.contains(&day) { &[] } else { self.week.get(weekday).map_or(&[], Vec::as_slice) }
    }

    fn local(&self, at: DateTime<Utc>) -> i64 {
        at.timestamp_millis() + self.offset
    }

    /// Back to UTC; what `from` has beyond its milliseconds stays, so that nothing is early.
    fn utc(&self, local: i64, from: DateTime<Utc>) -> DateTime<Utc> {
        let rest = Duration::nanoseconds(i64::from(from.timestamp_subsec_nanos() % 1_000_000));
        DateTime::from_timestamp_millis(local - self.offset)
            .and_then(|at| at.checked_add_signed(rest))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// The hours of a day, in order and apart from each other.
fn hours(day: &OneOrMany<Sp<String>>, found: &mut Vec<Diagnostic>) -> Vec<(i64, i64)> {
    let mut hours: Vec<(i64, i64)> = Vec::new();
    for text in day {
        let span =
            text.value.split_once(['-', '–']).and_then(|(a, b)| Some((clock_time(a)?, clock_time(b)?)));
        match span {
            Some((opens, closes)) if opens < closes && hours.last().is_none_or(|last| last.1 <= opens) => {
                hours.push((opens, closes));
            }
            Some(_) => found.push(
                Diagnostic::error("AC0021", text.place, format!("`{}` does not follow in time", text.value))
                    .help("work ends after it begins on the same day, and the next hours begin later"),
            ),
            None => found.push(
                Diagnostic::error("AC0021", text.place, format!("`{}` are no working hours", text.value))
                    .help("write them such as `08:00-17:00`"),
            ),
        }
    }
    hours
}

fn clock_time(text: &str) -> Option<i64> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let time = (hours * 60 + minutes) * MINUTE;
    ((0..=24).contains(&hours) && (0..60).contains(&minutes) && time <= DAY).then_some(time)
}

fn day_off(file: &CalendarFile, holiday: &Holiday) -> Result<i64, Box<Diagnostic>> {
    let day = match (&holiday.date, &holiday.jalali) {
        (Some(text), None) => date::gregorian(text)?,
        (None, Some(text)) => date::jalali(text)?,
        _ => {
            let place = holiday.date.as_ref().map_or(file.calendar.place, |text| text.place);
            let message = "a holiday has one of `date` and `jalali`";
            return Err(Box::new(Diagnostic::error("AC0023", place, message)));
        }
    };
    Ok(i64::from(day.num_days_from_ce()) - i64::from(NaiveDate::default().num_days_from_ce()))
}

#[cfg(test)]
mod tests;
