//! Days and time zones as authors write them; Jalali and Gregorian.

use chrono::{Datelike, NaiveDate};
use icu_calendar::{Date, cal::Persian};

use crate::definition::company::CalendarSystem;
use crate::diagnostic::{Diagnostic, Sp};

/// Year, month, day.
pub type Ymd = (i32, u8, u8);

/// The day of a Jalali date, if there is such a date.
pub fn from_jalali((year, month, day): Ymd) -> Option<NaiveDate> {
    let iso = Date::try_new_persian(year, month, day).ok()?.to_calendar(icu_calendar::Iso);
    NaiveDate::from_ymd_opt(
        iso.year().extended_year(),
        u32::from(iso.month().ordinal),
        u32::from(iso.day_of_month().0),
    )
}

/// The Jalali date of a day.
pub fn to_jalali(day: NaiveDate) -> Ymd {
    let (month, date) = (u8::try_from(day.month()).unwrap_or(1), u8::try_from(day.day()).unwrap_or(1));
    match Date::try_new_iso(day.year(), month, date) {
        Ok(iso) => {
            let jalali = iso.to_calendar(Persian);
            (jalali.year().extended_year(), jalali.month().ordinal, jalali.day_of_month().0)
        }
        // Only years that no clock reaches.
        Err(_) => (day.year(), month, date),
    }
}

/// A day in a calendar.
pub fn in_system(day: NaiveDate, system: CalendarSystem) -> Ymd {
    match system {
        CalendarSystem::Jalali => to_jalali(day),
        CalendarSystem::Gregorian => {
            (day.year(), u8::try_from(day.month()).unwrap_or(1), u8::try_from(day.day()).unwrap_or(1))
        }
    }
}

/// The day of a date in a calendar, if there is such a date.
pub fn from_system((year, month, day): Ymd, system: CalendarSystem) -> Option<NaiveDate> {
    match system {
        CalendarSystem::Jalali => from_jalali((year, month, day)),
        CalendarSystem::Gregorian => NaiveDate::from_ymd_opt(year, month.into(), day.into()),
    }
}

/// The same day so many months later, or earlier; a day that the month does not have becomes its last. None: a year
/// that no four digits write.
pub fn months_after(day: NaiveDate, months: i64, system: CalendarSystem) -> Option<NaiveDate> {
    let (year, month, date) = in_system(day, system);
    let count = (i64::from(year) * 12 + i64::from(month) - 1).checked_add(months)?;
    let year = i32::try_from(count.div_euclid(12)).ok().filter(|year| (1..=9999).contains(year))?;
    let month = u8::try_from(count.rem_euclid(12) + 1).ok()?;
    let later = (1..=date).rev().find_map(|date| from_system((year, month, date), system));
    later.filter(|day| (1..=9999).contains(&day.year()))
}

/// Reads a Gregorian day.
///
/// # Errors
/// When there is no such day.
pub fn gregorian(text: &Sp<String>) -> Result<NaiveDate, Box<Diagnostic>> {
    parts(&text.value)
        .and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m.into(), d.into()))
        .ok_or_else(|| no_day(text, "write it such as `2026-03-21`"))
}

/// Reads a Jalali day.
///
/// # Errors
/// When there is no such day.
pub fn jalali(text: &Sp<String>) -> Result<NaiveDate, Box<Diagnostic>> {
    parts(&text.value).and_then(from_jalali).ok_or_else(|| no_day(text, "write it such as `1405-01-01`"))
}

fn no_day(text: &Sp<String>, help: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("AC0023", text.place, format!("there is no day `{}`", text.value)).help(help))
}

fn parts(text: &str) -> Option<Ymd> {
    let mut numbers = text.trim().splitn(3, '-');
    let ymd = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    (ymd.0 > 0).then_some(ymd)
}

/// Reads an offset from UTC such as `+03:30`, in minutes.
///
/// # Errors
/// When it is none.
pub fn offset_minutes(text: &Sp<String>) -> Result<i32, Box<Diagnostic>> {
    let read = |text: &str| {
        let (sign, rest) = match text.as_bytes().first()? {
            b'+' => (1, text.get(1..)?),
            b'-' => (-1, text.get(1..)?),
            _ => return (text == "Z" || text == "UTC").then_some(0),
        };
        let (hours, minutes) = rest.split_once(':')?;
        let two = |part: &str| (part.len() == 2).then(|| part.parse::<u8>().ok()).flatten();
        let (hours, minutes) = (two(hours)?, two(minutes)?);
        (hours <= 14 && minutes < 60).then(|| sign * (i32::from(hours) * 60 + i32::from(minutes)))
    };
    read(text.value.trim()).ok_or_else(|| {
        Box::new(
            Diagnostic::error("AC0024", text.place, format!("`{}` is no offset from UTC", text.value))
                .help("write it such as `+03:30`, `+01:00` or `Z`"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn jalali_dates_are_the_days_that_iran_has() {
        for (jalali, gregorian) in [
            ((1405, 1, 1), "2026-03-21"),
            ((1405, 8, 30), "2026-11-21"),
            ((1403, 12, 30), "2025-03-20"),
            ((1404, 1, 1), "2025-03-21"),
            ((1399, 12, 30), "2021-03-20"),
        ] {
            assert_eq!(from_jalali(jalali), Some(day(gregorian)));
            assert_eq!(to_jalali(day(gregorian)), jalali);
        }
        assert_eq!(from_jalali((1405, 12, 30)), None, "1405 is no leap year");
        assert_eq!(from_jalali((1405, 13, 1)), None);
    }

    #[test]
    fn every_day_of_a_century_comes_back_from_its_jalali_date() {
        for day in day("1980-01-01").iter_days().take(36_525) {
            assert_eq!(from_jalali(to_jalali(day)), Some(day));
        }
    }

    #[test]
    fn months_end_with_the_calendar_that_counts_them() {
        let jalali = |from: Ymd, months: i64| {
            let day = months_after(from_jalali(from).unwrap(), months, CalendarSystem::Jalali);
            to_jalali(day.unwrap())
        };
        // Six months of 31 days, five of 30, and Esfand of 29 or 30.
        assert_eq!(jalali((1404, 1, 31), 6), (1404, 7, 30));
        assert_eq!(jalali((1404, 6, 31), 6), (1404, 12, 29));
        assert_eq!(jalali((1403, 6, 31), 6), (1403, 12, 30), "1403 is a leap year");
        assert_eq!(jalali((1403, 12, 30), 12), (1404, 12, 29));
        assert_eq!(jalali((1404, 12, 29), 12), (1405, 12, 29));
        assert_eq!(jalali((1404, 7, 30), 18), (1406, 1, 30));
        assert_eq!(jalali((1404, 1, 31), -1), (1403, 12, 30));
        assert_eq!(jalali((1404, 5, 5), 0), (1404, 5, 5));
        let gregorian = |from: &str, months| months_after(day(from), months, CalendarSystem::Gregorian);
        assert_eq!(gregorian("2026-01-31", 1), Some(day("2026-02-28")));
        assert_eq!(gregorian("2028-02-29", 12), Some(day("2029-02-28")));
        assert_eq!(gregorian("2026-08-31", -6), Some(day("2026-02-28")));
        for months in [i64::MAX, i64::MIN, 1_000_000, -1_000_000] {
            for system in [CalendarSystem::Gregorian, CalendarSystem::Jalali] {
                assert_eq!(months_after(day("2026-01-31"), months, system), None, "{months}");
            }
        }
    }

    #[test]
    fn an_offset_has_a_sign_and_two_digits_each() {
        let minutes = |text: &str| offset_minutes(&Sp::new(text.to_owned(), Default::default())).ok();
        assert_eq!(minutes("+03:30"), Some(210));
        assert_eq!(minutes("-05:00"), Some(-300));
        assert_eq!(minutes("Z"), Some(0));
        for wrong in ["", "3:30", "+3:30", "+03:60", "+15:00", "+0330", "Tehran", "+é:00"] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
    }
}
