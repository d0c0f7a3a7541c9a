//! Dates and times as each language writes them: Persian in the Jalali calendar with Persian digits.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike, Utc};

use super::{Language, digits};
use crate::company::date::to_jalali;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A day: `21 Nov 2026`, `۱۴۰۵/۰۸/۳۰`, `2026年11月21日`, `21.11.2026`.
pub fn date(day: NaiveDate, language: Language) -> String {
    let (y, m, d) = (day.year(), day.month(), day.day());
    match language {
        Language::En => format!("{d} {} {y}", MONTHS.get(day.month0() as usize).unwrap_or(&"")),
        Language::Zh => format!("{y}年{m}月{d}日"),
        Language::Pl => format!("{d:02}.{m:02}.{y}"),
        Language::Fa => {
            let (y, m, d) = to_jalali(day);
            digits(&format!("{y}/{m:02}/{d:02}"), language)
        }
    }
}

/// The time of day at the company's place: `14:05`.
pub fn time(moment: DateTime<Utc>, zone: FixedOffset, language: Language) -> String {
    let local = moment.with_timezone(&zone);
    digits(&format!("{:02}:{:02}", local.hour(), local.minute()), language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_dates_its_own_way() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let written = Language::ALL.map(|language| date(day, language));
        assert_eq!(written, ["21 Nov 2026", "۱۴۰۵/۰۸/۳۰", "2026年11月21日", "21.11.2026"]);
    }

    #[test]
    fn a_jalali_leap_day_is_kept() {
        assert_eq!(to_jalali(NaiveDate::from_ymd_opt(2025, 3, 20).unwrap()), (1403, 12, 30));
        assert_eq!(to_jalali(NaiveDate::from_ymd_opt(2025, 3, 21).unwrap()), (1404, 1, 1));
    }

    #[test]
    fn times_are_those_of_the_companys_place() {
        let moment = DateTime::parse_from_rfc3339("2026-11-21T10:35:00Z").unwrap().to_utc();
        let tehran = FixedOffset::east_opt(12_600).unwrap();
        assert_eq!(time(moment, tehran, Language::Fa), "۱۴:۰۵");
    }
}
