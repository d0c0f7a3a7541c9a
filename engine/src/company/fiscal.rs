//! Fiscal years.

use chrono::NaiveDate;

use super::date::{from_system, in_system};
use crate::definition::company::{CalendarSystem, FiscalYearEntry};
use crate::diagnostic::Diagnostic;

/// When the fiscal year begins, in which calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiscalYear {
    system: CalendarSystem,
    month: u8,
    day: u8,
}

impl FiscalYear {
    pub(super) fn compile(entry: &FiscalYearEntry) -> Result<Self, Box<Diagnostic>> {
        let system = entry.calendar.value;
        let read = entry.starts.value.split_once('-').and_then(|(month, day)| {
            let (month, day): (u8, u8) = (month.parse().ok()?, day.parse().ok()?);
            // A day that not every year has cannot begin one.
            [1403, 1405, 2023, 2024]
                .iter()
                .all(|year| from_system((*year, month, day), system).is_some())
                .then_some(Self { system, month, day })
        });
        read.ok_or_else(|| {
            let message = format!("no fiscal year can begin on `{}`", entry.starts.value);
            Box::new(
                Diagnostic::error("AC0623", entry.starts.place, message)
                    .help("give month and day that every year has, such as `01-01`"),
            )
        })
    }

    /// The number of the fiscal year that a day belongs to: the year in which it begins.
    pub fn of(&self, day: NaiveDate) -> i32 {
        let (year, month, date) = in_system(day, self.system);
        if (month, date) < (self.month, self.day) { year - 1 } else { year }
    }

    /// First and last day of a fiscal year, if the calendar reaches that far.
    pub fn span(&self, year: i32) -> Option<(NaiveDate, NaiveDate)> {
        let first = from_system((year, self.month, self.day), self.system)?;
        let next = from_system((year.checked_add(1)?, self.month, self.day), self.system)?;
        Some((first, next.pred_opt()?))
    }

    /// First day of a month of a fiscal year, counted from 0: the year's own first day, and the same day of the
    /// months after it.
    pub fn month_start(&self, year: i32, month: usize) -> Option<NaiveDate> {
        let at = usize::from(self.month).checked_sub(1)?.checked_add(month)?;
        let years = i32::try_from(at / 12).ok()?;
        let month = u8::try_from(at % 12 + 1).ok()?;
        from_system((year.checked_add(years)?, month, self.day), self.system)
    }
}
