//! Days and moments by calculation; the present moment is a fact (`now`, `today`), never asked for here.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta};

use super::{Function, args, whole, words};
use crate::company::date::months_after;
use crate::definition::company::CalendarSystem;
use crate::facts::Value;
use crate::facts::shape::Kind;

pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "date",
        parameters: &[("year", Kind::Int), ("month", Kind::Int), ("day", Kind::Int)],
        result: Kind::Date,
        about: "a day of the Gregorian calendar",
        run: |values| {
            let [year, month, day] = args(values)?;
            let (year, month, day) =
                (i32::try_from(whole(year)?), u32::try_from(whole(month)?), u32::try_from(whole(day)?));
            let date = match (year, month, day) {
                (Ok(year @ 1..=9999), Ok(month), Ok(day)) => NaiveDate::from_ymd_opt(year, month, day),
                _ => None,
            };
            date.map(Value::Date).ok_or_else(|| "there is no such day".to_owned())
        },
    },
    Function {
        name: "date",
        parameters: &[("text", Kind::Text)],
        result: Kind::Date,
        about: "a day from a text such as `2026-11-21`",
        run: |values| {
            let [text] = args(values)?;
            let text = words(text)?;
            text.parse().map(Value::Date).map_err(|_| format!("`{text}` is not a day such as `2026-11-21`"))
        },
    },
    Function {
        name: "moment",
        parameters: &[("text", Kind::Text)],
        result: Kind::Time,
        about: "a moment from a text such as `2026-11-21T08:30:00Z`",
        run: |values| {
            let [text] = args(values)?;
            let text = words(text)?;
            DateTime::parse_from_rfc3339(text)
                .map(|moment| Value::Time(moment.to_utc()))
                .map_err(|_| format!("`{text}` is not a moment such as `2026-11-21T08:30:00Z`"))
        },
    },
    Function {
        name: "months_after",
        parameters: &[("date", Kind::Date), ("months", Kind::Int)],
        result: Kind::Date,
        about: "the same Gregorian day so many months later, or the last day of that month if it is shorter",
        run: |values| {
            let [date, months] = args(values)?;
            later(date, months, CalendarSystem::Gregorian)
        },
    },
    Function {
        name: "months_after",
        parameters: &[("date", Kind::Date), ("months", Kind::Int), ("calendar", Kind::Text)],
        result: Kind::Date,
        about: "the same by the months of `gregorian` or `jalali`; terms are counted by `rates.calendar`",
        run: |values| {
            let [date, months, calendar] = args(values)?;
            let word = words(calendar)?;
            let unknown = || format!("`{word}` is not a calendar; there are `gregorian` and `jalali`");
            later(date, months, CalendarSystem::named(word).ok_or_else(unknown)?)
        },
    },
    Function {
        name: "days_after",
        parameters: &[("date", Kind::Date), ("days", Kind::Int)],
        result: Kind::Date,
        about: "the day so many days later",
        run: |values| {
            let [date, days] = args(values)?;
            let days = whole(days)?;
            let step = Days::new(days.unsigned_abs());
            let date = day(date)?;
            if days < 0 { date.checked_sub_days(step) } else { date.checked_add_days(step) }
                .filter(|date| (1..=9999).contains(&date.year()))
                .map(Value::Date)
                .ok_or_else(|| FAR.to_owned())
        },
    },
    Function {
        name: "days_between",
        parameters: &[("from", Kind::Date), ("to", Kind::Date)],
        result: Kind::Int,
        about: "days from one day to another; negative when the second comes first",
        run: |values| {
            let [from, to] = args(values)?;
            Ok(Value::Int((day(to)? - day(from)?).num_days()))
        },
    },
    Function {
        name: "hours_after",
        parameters: &[("moment", Kind::Time), ("hours", Kind::Int)],
        result: Kind::Time,
        about: "the moment so many hours later",
        run: |values| {
            let [from, hours] = args(values)?;
            let step = TimeDelta::try_hours(whole(hours)?).ok_or_else(|| FAR.to_owned())?;
            moment(from)?
                .checked_add_signed(step)
                .filter(|moment| (1..=9999).contains(&moment.year()))
                .map(Value::Time)
                .ok_or_else(|| FAR.to_owned())
        },
    },
    Function {
        name: "hours_between",
        parameters: &[("from", Kind::Time), ("to", Kind::Time)],
        result: Kind::Int,
        about: "whole hours from one moment to another",
        run: |values| {
            let [from, to] = args(values)?;
            Ok(Value::Int((moment(to)? - moment(from)?).num_hours()))
        },
    },
];

const FAR: &str = "the day is too far away";

fn later(date: &Value, months: &Value, system: CalendarSystem) -> Result<Value, String> {
    let later = months_after(day(date)?, whole(months)?, system);
    later.map(Value::Date).ok_or_else(|| FAR.to_owned())
}

fn day(value: &Value) -> Result<NaiveDate, String> {
    match value {
        Value::Date(date) => Ok(*date),
        _ => Err(format!("a date is expected, not {}", value.kind())),
    }
}

fn moment(value: &Value) -> Result<DateTime<chrono::Utc>, String> {
    match value {
        Value::Time(moment) => Ok(*moment),
        _ => Err(format!("a moment is expected, not {}", value.kind())),
    }
}

/// The value that keys lead to, through records and into the parts of a day.
pub fn follow<'v, 'k>(root: &'v Value, keys: impl IntoIterator<Item = &'k str>) -> Option<Cow<'v, Value>> {
    keys.into_iter().try_fold(Cow::Borrowed(root), |value, key| match part(&value, key) {
        Some(part) => Some(Cow::Owned(part)),
        None => match value {
            Cow::Borrowed(value) => value.get(key).map(Cow::Borrowed),
            Cow::Owned(_) => None,
        },
    })
}

/// A part of a day or moment (in UTC): `year`, `month`, `day`.
pub fn part(value: &Value, name: &str) -> Option<Value> {
    let date = match value {
        Value::Date(date) => *date,
        Value::Time(moment) => moment.date_naive(),
        _ => return None,
    };
    let number = match name {
        "year" => i64::from(date.year()),
        "month" => i64::from(date.month()),
        "day" => i64::from(date.day()),
        _ => return None,
    };
    Some(Value::Int(number))
}
