//! How the numbers of documents look, and which counter they come from.
//!
//! Giving the next number of a counter is the store's part; here are only its name and its face.

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::NaiveDate;

use super::date::{Ymd, in_system};
use crate::definition::company::{CalendarSystem, CounterOwner, NumberEntry, Restart};
use crate::diagnostic::{Diagnostic, Sp};

/// Widest padding of a number.
const WIDEST: usize = 12;

/// The compiled face of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberFormat {
    series: Arc<str>,
    pieces: Vec<Piece>,
    system: CalendarSystem,
    restarts: Restart,
    per: CounterOwner,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// A part, padded with zeros to this width.
    Part(Part, usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Store,
    Branch,
    Year,
    ShortYear,
    Month,
    Day,
    Fiscal,
    Seq,
}

const PARTS: [(&str, Part, usize); 8] = [
    ("store", Part::Store, 0),
    ("branch", Part::Branch, 0),
    ("yyyy", Part::Year, 4),
    ("yy", Part::ShortYear, 2),
    ("mm", Part::Month, 2),
    ("dd", Part::Day, 2),
    ("fiscal", Part::Fiscal, 4),
    ("seq", Part::Seq, 0),
];

/// What a number is made of, but for the count itself.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    pub store: &'a str,
    pub branch: &'a str,
    pub day: NaiveDate,
    pub fiscal_year: i32,
}

impl NumberFormat {
    /// Checks a pattern: known parts, a count, and everything that makes two numbers differ.
    ///
    /// # Errors
    /// The first finding.
    pub fn compile(series: &Sp<String>, entry: &NumberEntry) -> Result<Self, Box<Diagnostic>> {
        let format = Self {
            series: Arc::from(series.value.as_str()),
            pieces: pieces(&entry.pattern)?,
            system: entry.calendar.as_ref().map_or_else(Default::default, |system| system.value),
            restarts: entry.restarts.as_ref().map_or_else(Default::default, |restarts| restarts.value),
            per: entry.per.as_ref().map_or_else(Default::default, |per| per.value),
        };
        match format.missing() {
            None => Ok(format),
            Some((part, why)) => Err(Box::new(
                Diagnostic::error(
                    "AC0626",
                    entry.pattern.place,
                    format!("two numbers of `{}` could be the same: {why}", series.value),
                )
                .help(format!("put `{{{part}}}` into the pattern")),
            )),
        }
    }

    /// A part that the counter needs and the pattern does not show.
    fn missing(&self) -> Option<(&'static str, &'static str)> {
        let has = |part| self.pieces.iter().any(|piece| matches!(piece, Piece::Part(p, _) if *p == part));
        let year = has(Part::Year) || has(Part::ShortYear);
        if !has(Part::Seq) {
            return Some(("seq:4", "the pattern has no count"));
        }
        match self.per {
            CounterOwner::Company => {}
            CounterOwner::Store if !has(Part::Store) => {
                return Some(("store", "each store counts for itself"));
            }
            CounterOwner::Branch if !has(Part::Branch) => {
                return Some(("branch", "each branch counts for itself"));
            }
            // Branches of two stores may have one number.
            CounterOwner::Branch if !has(Part::Store) => {
                return Some(("store", "each store has branches of its own"));
            }
            CounterOwner::Store | CounterOwner::Branch => {}
        }
        match self.restarts {
            Restart::FiscalYear if !has(Part::Fiscal) => Some(("fiscal", "counting starts again every year")),
            Restart::Year | Restart::Month | Restart::Day if !year => {
                Some(("yyyy", "counting starts again every year"))
            }
            Restart::Month | Restart::Day if !has(Part::Month) => {
                Some(("mm", "counting starts again every month"))
            }
            Restart::Day if !has(Part::Day) => Some(("dd", "counting starts again every day")),
            _ => None,
        }
    }

    /// The name of the counter that gives the next number.
    pub fn counter(&self, parts: &Parts<'_>) -> String {
        let (year, month, day) = in_system(parts.day, self.system);
        let owner = match self.per {
            CounterOwner::Company => String::new(),
            CounterOwner::Store => format!("/{}", parts.store),
            CounterOwner::Branch => format!("/{}/{}", parts.store, parts.branch),
        };
        let period = match self.restarts {
            Restart::Never => String::new(),
            Restart::FiscalYear => format!("/f{}", parts.fiscal_year),
            Restart::Year => format!("/{year:04}"),
            Restart::Month => format!("/{year:04}-{month:02}"),
            Restart::Day => format!("/{year:04}-{month:02}-{day:02}"),
        };
        format!("{}{owner}{period}", self.series)
    }

    /// The number as people read it.
    pub fn format(&self, parts: &Parts<'_>, seq: u64) -> String {
        let ymd = in_system(parts.day, self.system);
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Part(part, width) => _ = write!(text, "{:0>width$}", shown(*part, parts, ymd, seq)),
            }
        }
        text
    }
}

fn shown(part: Part, parts: &Parts<'_>, (year, month, day): Ymd, seq: u64) -> String {
    match part {
        Part::Store => parts.store.to_owned(),
        Part::Branch => parts.branch.to_owned(),
        Part::Year => year.to_string(),
        Part::ShortYear => (year.rem_euclid(100)).to_string(),
        Part::Month => month.to_string(),
        Part::Day => day.to_string(),
        Part::Fiscal => parts.fiscal_year.to_string(),
        Part::Seq => seq.to_string(),
    }
}

fn pieces(pattern: &Sp<String>) -> Result<Vec<Piece>, Box<Diagnostic>> {
    let wrong = |message: String| Diagnostic::error("AC0625", pattern.place, message);
    let mut pieces = Vec::new();
    let mut rest = pattern.value.as_str();
    while let Some((text, more)) = rest.split_once('{') {
        pieces.push(Piece::Text(text.to_owned()));
        let Some((inside, after)) = more.split_once('}') else {
            return Err(Box::new(wrong(format!("`{{{more}` has no closing brace"))));
        };
        let (name, width) = inside.split_once(':').unwrap_or((inside, ""));
        let Some((_, part, own)) = PARTS.iter().find(|(known, ..)| *known == name) else {
            let names = PARTS.iter().map(|(known, ..)| *known);
            return Err(Box::new(
                wrong(format!("a number has no part `{name}`")).nearest("part", name, names),
            ));
        };
        let width = match width {
            "" => *own,
            text => text.parse().ok().filter(|width| *width <= WIDEST).ok_or_else(|| {
                Box::new(wrong(format!("`{text}` is no width")).help(format!("give 1 to {WIDEST} digits")))
            })?,
        };
        pieces.push(Piece::Part(*part, width));
        rest = after;
    }
    if rest.contains('}') {
        return Err(Box::new(wrong(format!("`{rest}` has no opening brace"))));
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces.retain(|piece| *piece != Piece::Text(String::new()));
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(pattern: &str, restarts: Restart, per: CounterOwner) -> Result<NumberFormat, Box<Diagnostic>> {
        let place = Default::default();
        let entry = NumberEntry {
            pattern: Sp::new(pattern.to_owned(), place),
            calendar: Some(Sp::new(CalendarSystem::Jalali, place)),
            restarts: Some(Sp::new(restarts, place)),
            per: Some(Sp::new(per, place)),
        };
        NumberFormat::compile(&Sp::new("tracking_code".to_owned(), place), &entry)
    }

    fn parts(day: &str) -> Parts<'static> {
        Parts { store: "01", branch: "03", day: day.parse().unwrap(), fiscal_year: 1405 }
    }

    #[test]
    fn a_tracking_code_has_store_branch_jalali_month_and_count() {
        let format =
            compile("{store}-{branch}-{yyyy}-{mm}-{seq:4}", Restart::Month, CounterOwner::Branch).unwrap();
        assert_eq!(format.format(&parts("2026-11-21"), 7), "01-03-1405-08-0007");
        assert_eq!(format.format(&parts("2026-11-21"), 12_345), "01-03-1405-08-12345");
        assert_eq!(format.counter(&parts("2026-11-21")), "tracking_code/01/03/1405-08");
        // 30 Aban is the last day of its month.
        assert_eq!(format.counter(&parts("2026-11-22")), "tracking_code/01/03/1405-09");
    }

    #[test]
    fn a_pattern_that_could_give_one_number_twice_is_refused() {
        for (pattern, restarts, per, help) in [
            ("{yyyy}", Restart::Never, CounterOwner::Company, "put `{seq:4}` into the pattern"),
            ("{seq}", Restart::Month, CounterOwner::Company, "put `{yyyy}` into the pattern"),
            ("{yy}{seq}", Restart::Month, CounterOwner::Company, "put `{mm}` into the pattern"),
            ("{yy}{mm}{seq}", Restart::Day, CounterOwner::Company, "put `{dd}` into the pattern"),
            ("{seq}", Restart::FiscalYear, CounterOwner::Company, "put `{fiscal}` into the pattern"),
            ("{store}-{seq}", Restart::Never, CounterOwner::Branch, "put `{branch}` into the pattern"),
            ("{branch}-{seq}", Restart::Never, CounterOwner::Branch, "put `{store}` into the pattern"),
        ] {
            assert_eq!(compile(pattern, restarts, per).unwrap_err().help.as_deref(), Some(help), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_cannot_be_read_is_told() {
        for (pattern, message) in [
            ("{sec}", "a number has no part `sec`"),
            ("{seq", "`{seq` has no closing brace"),
            ("seq}", "`seq}` has no opening brace"),
            ("{seq:99}", "`99` is no width"),
        ] {
            assert_eq!(compile(pattern, Restart::Never, CounterOwner::Company).unwrap_err().message, message);
        }
    }
}
