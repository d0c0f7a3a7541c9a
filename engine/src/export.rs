//! Layouts of exports: checked, with every default filled in, ready to write cells by.
//!
//! It writes days and amounts and knows no file format.

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::company::date::in_system;
use crate::definition::Translated;
use crate::definition::company::CalendarSystem;
use crate::definition::export::{ColumnValue, ExportFile};
use crate::diagnostic::{Diagnostic, Place, Sp};
use crate::language::Language;

/// A table of voucher lines.
#[derive(Clone, Debug)]
pub struct Layout {
    pub name: Arc<str>,
    pub title: Translated,
    /// Where its name stands.
    pub place: Place,
    /// None: the language of the books.
    pub language: Option<Language>,
    pub columns: Vec<Column>,
    /// Between the cells of a CSV file.
    pub separator: char,
    pub header: bool,
    pub byte_order_mark: bool,
    pub empty_zero: bool,
    decimal_point: char,
    calendar: CalendarSystem,
    pattern: Arc<str>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    pub title: Translated,
    pub content: Content,
}

/// What stands in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Value(ColumnValue),
    Fixed(Arc<str>),
}

/// What a pattern of days can have.
const PIECES: [&str; 4] = ["{yyyy}", "{yy}", "{mm}", "{dd}"];

impl Layout {
    /// Checks an export's file.
    ///
    /// # Errors
    /// Every finding at once.
    pub fn compile(file: &ExportFile) -> Result<Self, Vec<Diagnostic>> {
        let mut found = Vec::new();
        let mut columns = Vec::with_capacity(file.columns.len());
        for column in &file.columns {
            let content = match (&column.value, &column.fixed) {
                (Some(value), None) => Content::Value(value.value),
                (None, Some(fixed)) => Content::Fixed(fixed.value.as_str().into()),
                (value, _) => {
                    let place = value.as_ref().map_or(file.export.place, |value| value.place);
                    let message = "a column has either `value` or `fixed`";
                    found.push(Diagnostic::error("AC0650", place, message));
                    continue;
                }
            };
            columns.push(Column { title: column.title.clone(), content });
        }
        if file.columns.is_empty() {
            found.push(Diagnostic::error("AC0650", file.export.place, "the export has no columns"));
        }
        let dates = file.dates.as_ref();
        let pattern = dates.and_then(|dates| dates.pattern.as_ref());
        found.extend(pattern.and_then(objection));
        let (csv, amounts) = (file.csv.as_ref(), file.amounts.as_ref());
        let separator = csv.and_then(|csv| csv.separator.as_ref());
        let decimal_point = amounts.and_then(|amounts| amounts.decimal_point.as_ref());
        let (separator, point) = (one(separator, ',', &mut found), one(decimal_point, '.', &mut found));
        if separator == point || ['"', '\n', '\r'].contains(&separator) {
            let place = decimal_point.map_or(file.export.place, |point| point.place);
            let message = "the separator cannot be told from what stands in the cells";
            found.push(Diagnostic::error("AC0652", place, message).help("choose `;` or a tabulator"));
        }
        if !found.is_empty() {
            return Err(found);
        }
        let is = |flag: Option<&Sp<bool>>, default| flag.map_or(default, |flag| flag.value);
        Ok(Self {
            name: file.export.value.as_str().into(),
            title: file.title.clone(),
            place: file.export.place,
            language: file.language.as_ref().map(|language| language.value),
            columns,
            separator,
            header: is(csv.and_then(|csv| csv.header.as_ref()), true),
            byte_order_mark: is(csv.and_then(|csv| csv.byte_order_mark.as_ref()), true),
            empty_zero: is(amounts.and_then(|amounts| amounts.empty_zero.as_ref()), false),
            decimal_point: point,
            calendar: dates
                .and_then(|dates| dates.calendar.as_ref())
                .map_or(CalendarSystem::default(), |calendar| calendar.value),
            pattern: pattern.map_or("{yyyy}-{mm}-{dd}", |pattern| &pattern.value).into(),
        })
    }

    /// A day as the layout writes it.
    pub fn date(&self, day: NaiveDate) -> String {
        let (year, month, date) = in_system(day, self.calendar);
        self.pattern
            .replace("{yyyy}", &format!("{year:04}"))
            .replace("{yy}", &format!("{:02}", year.rem_euclid(100)))
            .replace("{mm}", &format!("{month:02}"))
            .replace("{dd}", &format!("{date:02}"))
    }

    /// An amount as the layout writes it: plain digits, no grouping.
    pub fn amount(&self, amount: Decimal) -> String {
        if amount.is_zero() && self.empty_zero {
            return String::new();
        }
        let written = amount.to_string();
        if self.decimal_point == '.' {
            written
        } else {
            written.replace('.', &self.decimal_point.to_string())
        }
    }
}

/// What is wrong with a pattern of days.
fn objection(pattern: &Sp<String>) -> Option<Diagnostic> {
    let rest = PIECES.iter().fold(pattern.value.clone(), |rest, piece| rest.replace(piece, ""));
    let has = |piece: &str| pattern.value.contains(piece);
    let whole = (has("{yyyy}") || has("{yy}")) && has("{mm}") && has("{dd}");
    (!whole || rest.contains(['{', '}'])).then(|| {
        let message = format!("`{}` does not write a whole day", pattern.value);
        Diagnostic::error("AC0651", pattern.place, message)
            .help("use `{yyyy}` or `{yy}`, `{mm}` and `{dd}`, such as `{yyyy}/{mm}/{dd}`")
    })
}

/// The one character of a text.
fn one(text: Option<&Sp<String>>, default: char, found: &mut Vec<Diagnostic>) -> char {
    let Some(text) = text else { return default };
    let mut characters = text.value.chars();
    match (characters.next(), characters.next()) {
        (Some(one), None) => one,
        _ => {
            let message = format!("`{}` is not one character", text.value);
            found.push(Diagnostic::error("AC0652", text.place, message));
            default
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::node::Node;
    use crate::diagnostic::Sources;

    fn compiled(text: &str) -> Result<Layout, Vec<&'static str>> {
        let mut sources = Sources::default();
        let source = sources.add("workflows/exports/t.yaml", text);
        let file: ExportFile = Node::read(source, text).unwrap().to().unwrap();
        Layout::compile(&file).map_err(|found| found.iter().map(|finding| finding.code).collect())
    }

    const TITLE: &str = "export: t\ntitle: {en: T, fa: T, zh: T, pl: T}\n";
    const COLUMN: &str = "columns: [{title: {en: D, fa: D, zh: D, pl: D}, value: date}]\n";

    #[test]
    fn days_are_written_in_the_calendar_and_pattern_of_the_file() {
        let dates = "dates: {calendar: jalali, pattern: \"{yyyy}/{mm}/{dd}\"}\n";
        let layout = compiled(&format!("{TITLE}{dates}{COLUMN}")).unwrap();
        assert_eq!(layout.date("2026-11-22".parse().unwrap()), "1405/09/01");
        let plain = compiled(&format!("{TITLE}{COLUMN}")).unwrap();
        assert_eq!(plain.date("2026-11-22".parse().unwrap()), "2026-11-22");
    }

    #[test]
    fn amounts_have_no_grouping_and_the_point_of_the_file() {
        let csv = "csv: {separator: \";\"}\namounts: {decimal_point: \",\", empty_zero: true}\n";
        let layout = compiled(&format!("{TITLE}{csv}{COLUMN}")).unwrap();
        assert_eq!(layout.amount("1234567.50".parse().unwrap()), "1234567,50");
        assert_eq!(layout.amount(Decimal::ZERO), "");
    }

    #[test]
    fn what_cannot_be_written_is_found_before_anything_is_exported() {
        for (rest, code) in [
            ("columns: []\n".to_owned(), "AC0650"),
            ("columns: [{title: {en: D}}]\n".to_owned(), "AC0650"),
            ("columns: [{title: {en: D}, value: date, fixed: x}]\n".to_owned(), "AC0650"),
            (format!("dates: {{pattern: \"{{mm}}/{{dd}}\"}}\n{COLUMN}"), "AC0651"),
            (format!("dates: {{pattern: \"{{yyyy}}{{mm}}{{dd}}{{hh}}\"}}\n{COLUMN}"), "AC0651"),
            (format!("csv: {{separator: \"::\"}}\n{COLUMN}"), "AC0652"),
            (format!("amounts: {{decimal_point: \",\"}}\n{COLUMN}"), "AC0652"),
        ] {
            assert_eq!(compiled(&format!("{TITLE}{rest}")).unwrap_err(), [code], "{rest}");
        }
    }
}
