//! The periods that runs go by: months, quarters and years of the fiscal calendar.

use chrono::NaiveDate;

use crate::company::FiscalYear;
use crate::definition::run::Every;

/// From a day to a day, both in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Period {
    /// The period that a day lies in; none beyond what the calendar reaches.
    pub fn of(every: Every, day: NaiveDate, year: &FiscalYear) -> Option<Self> {
        let months = match every {
            Every::Month => 1,
            Every::Quarter => 3,
            Every::Year => 12,
        };
        let number = year.of(day);
        let starts: Option<Vec<NaiveDate>> =
            (0..12).step_by(months).map(|n| year.month_start(number, n)).collect();
        let mut starts = starts?;
        starts.push(year.month_start(number.checked_add(1)?, 0)?);
        let at = starts.iter().rposition(|start| *start <= day)?;
        Some(Self { from: *starts.get(at)?, to: starts.get(at + 1)?.pred_opt()? })
    }

    /// All periods that have ended by a day, beginning with the one that another day lies in.
    pub fn ended(every: Every, since: NaiveDate, until: NaiveDate, year: &FiscalYear) -> Vec<Self> {
        let mut periods = Vec::new();
        let mut day = since;
        while let Some(period) = Self::of(every, day, year).filter(|period| period.to <= until) {
            periods.push(period);
            match period.to.succ_opt() {
                Some(next) => day = next,
                None => break,
            }
        }
        periods
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::Company;
    use crate::definition::node::Node;
    use crate::diagnostic::SourceId;

    fn year(system: &str, starts: &str) -> FiscalYear {
        let text = format!(
            "company: c\nname: {{en: C}}\ncurrency: {{code: IRR, minor_digits: 0}}\ntime_zone: Z\n\
             books_language: en\nfiscal_year: {{calendar: {system}, starts: {starts}}}\n\
             vat: {{rounding: line, rates: [{{kind: standard, from: 2020-01-01, percent: 10}}]}}\n\
             urgency_percent: 0\nnumbers: {{}}\n"
        );
        let file = Node::read(SourceId::default(), &text).unwrap().to().unwrap();
        Company::compile(&file).unwrap().fiscal_year
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[track_caller]
    fn lies_in(every: Every, on: &str, year: &FiscalYear, from: &str, to: &str) {
        let period = Period::of(every, day(on), year).unwrap();
        assert_eq!(period, Period { from: day(from), to: day(to) });
    }

    #[test]
    fn months_quarters_and_years_are_those_of_the_fiscal_calendar() {
        let jalali = year("jalali", "01-01");
        lies_in(Every::Month, "2026-11-21", &jalali, "2026-10-23", "2026-11-21");
        lies_in(Every::Month, "2026-11-22", &jalali, "2026-11-22", "2026-12-21");
        lies_in(Every::Quarter, "2026-11-21", &jalali, "2026-09-23", "2026-12-21");
        lies_in(Every::Year, "2026-11-21", &jalali, "2026-03-21", "2027-03-20");
        let april = year("gregorian", "04-01");
        lies_in(Every::Month, "2028-02-29", &april, "2028-02-01", "2028-02-29");
        lies_in(Every::Quarter, "2028-02-29", &april, "2028-01-01", "2028-03-31");
        lies_in(Every::Year, "2028-02-29", &april, "2027-04-01", "2028-03-31");
    }

    #[test]
    fn a_period_has_ended_only_when_its_last_day_is_reached() {
        let plain = year("gregorian", "01-01");
        let ended = |until| Period::ended(Every::Month, day("2026-01-15"), day(until), &plain).len();
        assert_eq!([ended("2026-01-30"), ended("2026-01-31"), ended("2026-03-30")], [0, 1, 2]);
    }
}
