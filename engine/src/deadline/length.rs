//! A length of time as an author writes it.

use std::fmt;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Sp};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// A hundred years: longer is a mistake.
const LONGEST: i64 = 36_525 * DAY;

/// A length of time that is at least zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Length {
    written: Arc<str>,
    pub(super) measure: Measure,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Milliseconds that simply pass.
    Elapsed(i64),
    /// Milliseconds of working hours.
    Working(i64),
    WorkingDays(u32),
}

/// What makes the time of a length pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// Every moment.
    Elapsed,
    /// Working hours only.
    Working,
}

impl Length {
    /// Reads `20 minutes`, `2 working days`, `PT20M` and the like.
    ///
    /// # Errors
    /// What is wrong with it, and what it could be.
    pub fn parse(text: &str) -> Result<Self, String> {
        let trimmed = text.trim();
        let measure = if trimmed.starts_with('P') { iso(trimmed) } else { words(trimmed) }?;
        let (Measure::Elapsed(ms) | Measure::Working(ms)) = measure else {
            return Ok(Self { written: trimmed.into(), measure });
        };
        if ms > LONGEST {
            return Err(format!("`{trimmed}` is more than a hundred years"));
        }
        Ok(Self { written: trimmed.into(), measure })
    }

    /// [`parse`](Self::parse) with the place for an author.
    ///
    /// # Errors
    /// A diagnostic at the place.
    pub fn compile(text: &Sp<String>) -> Result<Self, Box<Diagnostic>> {
        Self::parse(&text.value).map_err(|message| {
            Box::new(Diagnostic::error("AC0020", text.place, message).help(
                "write a number and a unit, such as `250 ms`, `90 s`, `20 minutes`, `4 hours`, `3 days`, \
                 `2 working hours`, `2 working days`, or ISO 8601 such as `PT20M`",
            ))
        })
    }

    /// As the author wrote it.
    pub fn text(&self) -> &str {
        &self.written
    }

    /// What makes it pass.
    pub fn clock(&self) -> Clock {
        match self.measure {
            Measure::Elapsed(_) => Clock::Elapsed,
            Measure::Working(_) | Measure::WorkingDays(_) => Clock::Working,
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

fn words(text: &str) -> Result<Measure, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits).unwrap_or(("", text));
    let unit = unit.trim();
    if number.is_empty() {
        return Err(format!("`{text}` does not begin with a whole number"));
    }
    let count: i64 = number.parse().map_err(|_| format!("`{number}` is too large"))?;
    let working = unit.strip_prefix("working").filter(|rest| rest.starts_with(char::is_whitespace));
    if let Some(unit) = working.map(str::trim) {
        if matches!(unit, "day" | "days" | "d") {
            let most = u32::try_from(LONGEST / DAY).unwrap_or(u32::MAX);
            let days = u32::try_from(count).ok().filter(|days| *days <= most);
            return days
                .map(Measure::WorkingDays)
                .ok_or_else(|| format!("`{text}` is more than a hundred years"));
        }
        return match unit_millis(unit) {
            Some(size) if size <= HOUR => times(text, count, size).map(Measure::Working),
            _ => Err(format!("unknown unit `working {unit}`")),
        };
    }
    match unit_millis(unit) {
        Some(size) => times(text, count, size).map(Measure::Elapsed),
        None if unit.is_empty() => Err(format!("`{text}` has no unit")),
        None if unit.starts_with("month") || unit.starts_with("year") => {
            Err(format!("`{unit}` differ in length; write days or weeks"))
        }
        None => Err(format!("unknown unit `{unit}`")),
    }
}

fn unit_millis(unit: &str) -> Option<i64> {
    Some(match unit {
        "ms" | "millisecond" | "milliseconds" => 1,
        "s" | "sec" | "second" | "seconds" => SECOND,
        "m" | "min" | "minute" | "minutes" => MINUTE,
        "h" | "hour" | "hours" => HOUR,
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => 7 * DAY,
        _ => return None,
    })
}

fn times(text: &str, count: i64, size: i64) -> Result<i64, String> {
    count.checked_mul(size).ok_or_else(|| format!("`{text}` is more than a hundred years"))
}

/// ISO 8601: `P` days or weeks, then `T` hours, minutes, seconds. Months and years have no fixed length.
fn iso(text: &str) -> Result<Measure, String> {
    let wrong = || format!("`{text}` is not an ISO 8601 length of time");
    let body = text.strip_prefix('P').unwrap_or(text);
    let (date, time) = match body.split_once('T') {
        Some((_, "")) => return Err(wrong()),
        Some((date, time)) => (date, time),
        None => (body, ""),
    };
    if date.is_empty() && time.is_empty() {
        return Err(wrong());
    }
    if date.contains(['Y', 'M']) {
        return Err(format!("months and years in `{text}` differ in length; write days"));
    }
    let days = iso_part(date, &[('W', 7 * DAY), ('D', DAY)]).ok_or_else(wrong)?;
    let hours = iso_part(time, &[('H', HOUR), ('M', MINUTE), ('S', SECOND)]).ok_or_else(wrong)?;
    days.checked_add(hours).map(Measure::Elapsed).ok_or_else(wrong)
}

/// The numbers before these letters, each letter at most once and in this order.
fn iso_part(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut total = 0i64;
    for (letter, size) in units {
        if let Some((number, rest)) = text.split_once(*letter) {
            total = total.checked_add(iso_number(number, *size)?)?;
            text = rest;
        }
    }
    text.is_empty().then_some(total)
}

/// A whole number of a unit; seconds may have a fraction.
fn iso_number(number: &str, size: i64) -> Option<i64> {
    let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) {
        return None;
    }
    let mut total = whole.parse::<i64>().ok()?.checked_mul(size)?;
    if number.contains(['.', ',']) {
        if size != SECOND || !digits(fraction) || fraction.len() > 3 {
            return None;
        }
        total = total.checked_add(format!("{fraction:0<3}").parse().ok()?)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(text: &str) -> Measure {
        Length::parse(text).unwrap().measure
    }

    #[test]
    fn lengths_in_words_have_singular_plural_and_short_units() {
        for (text, ms) in [
            ("250 ms", 250),
            ("90 s", 90 * SECOND),
            ("1 second", SECOND),
            ("20 minutes", 20 * MINUTE),
            ("20 min", 20 * MINUTE),
            ("4 hours", 4 * HOUR),
            ("4h", 4 * HOUR),
            ("3 days", 3 * DAY),
            ("1 day", DAY),
            ("2 weeks", 14 * DAY),
            ("0 s", 0),
        ] {
            assert_eq!(measure(text), Measure::Elapsed(ms), "{text}");
        }
        assert_eq!(measure("2 working hours"), Measure::Working(2 * HOUR));
        assert_eq!(measure("90 working minutes"), Measure::Working(90 * MINUTE));
        assert_eq!(measure("2 working days"), Measure::WorkingDays(2));
        assert_eq!(measure("1 working day"), Measure::WorkingDays(1));
    }

    #[test]
    fn lengths_in_iso_8601_are_read() {
        for (text, ms) in [
            ("PT20M", 20 * MINUTE),
            ("P3D", 3 * DAY),
            ("P1DT2H", DAY + 2 * HOUR),
            ("P2W", 14 * DAY),
            ("PT1H30M15S", HOUR + 30 * MINUTE + 15 * SECOND),
            ("PT0.25S", 250),
        ] {
            assert_eq!(measure(text), Measure::Elapsed(ms), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_length_is_told() {
        for (text, message) in [
            ("soon", "`soon` does not begin with a whole number"),
            ("-3 days", "`-3 days` does not begin with a whole number"),
            ("5", "`5` has no unit"),
            ("5 fortnights", "unknown unit `fortnights`"),
            ("2 months", "`months` differ in length; write days or weeks"),
            ("2 working weeks", "unknown unit `working weeks`"),
            ("99999999999999999999 s", "`99999999999999999999` is too large"),
            ("9223372036854775807 s", "`9223372036854775807 s` is more than a hundred years"),
            ("200000 weeks", "`200000 weeks` is more than a hundred years"),
            ("P", "`P` is not an ISO 8601 length of time"),
            ("PT", "`PT` is not an ISO 8601 length of time"),
            ("P1DT", "`P1DT` is not an ISO 8601 length of time"),
            ("P1M", "months and years in `P1M` differ in length; write days"),
            ("PT5", "`PT5` is not an ISO 8601 length of time"),
            ("PT1S1H", "`PT1S1H` is not an ISO 8601 length of time"),
            ("1.5 hours", "unknown unit `.5 hours`"),
        ] {
            assert_eq!(Length::parse(text).unwrap_err(), message);
        }
    }
}
