//! Vouchers for other programs: hledger and beancount journals, CSV and XLSX tables.
//!
//! One voucher after the other, in the order of their days, never all of them in memory. Notes have no lines, so
//! they are in no export; drafts are, marked as such.

mod beancount;
pub mod csv;
mod hledger;
pub mod report;
mod table;
pub mod tickets;
mod xlsx;

use std::io::{Seek, Write};
use std::sync::Arc;

use aftercare_engine::export::Layout;
use aftercare_engine::language::Language;
use aftercare_engine::ledger::amount::decimal;
use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::app::App;
use crate::catalog::Version;
use crate::store::StoreError;
use crate::store::read::report::Span;
use crate::store::read::report::ledger::{BookLine, Place};

/// The layout of a table when none is named.
pub const LAYOUT: &str = "vouchers";

/// Lines read at once.
const PIECE: u64 = 5000;

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Hledger,
    Beancount,
    Csv,
    Xlsx,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub format: Format,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// Which columns, of a table.
    pub layout: Option<String>,
    /// Only final vouchers and those that were reversed.
    pub only_final: bool,
}

/// Why nothing is exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("there is no export `{name}`; there are: {known}")]
    UnknownLayout { name: String, known: String },
    #[error("a sheet holds {0} rows at most; name fewer days")]
    TooManyRows(u32),
    #[error("it cannot be written: {0}")]
    Write(#[from] std::io::Error),
    #[error("it cannot be written: {0}")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub vouchers: u64,
    pub lines: u64,
}

/// What an exporter knows besides the lines.
pub struct Books<'a> {
    pub version: &'a Version,
    pub language: Language,
    /// Codes of all accounts that may come.
    pub accounts: Vec<String>,
    pub names: crate::reports::Names,
}

/// One kind of file: a head, vouchers, an end.
trait Exporter {
    fn begin(&mut self, books: &Books<'_>) -> Result<(), ExportError>;
    /// The lines of one voucher.
    fn voucher(&mut self, books: &Books<'_>, lines: &[BookLine]) -> Result<(), ExportError>;
    fn end(self: Box<Self>) -> Result<(), ExportError>;
}

impl Format {
    pub const ALL: [(&'static str, Self); 4] = [
        ("hledger", Self::Hledger),
        ("beancount", Self::Beancount),
        ("csv", Self::Csv),
        ("xlsx", Self::Xlsx),
    ];

    /// The format by its word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == word).map(|(_, format)| format)
    }

    /// How a file of it is called.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Hledger => "vouchers.journal",
            Self::Beancount => "vouchers.beancount",
            Self::Csv => "vouchers.csv",
            Self::Xlsx => "vouchers.xlsx",
        }
    }
}

/// Writes the vouchers of the days.
pub async fn vouchers<W: Write + Seek + Send>(
    app: &App,
    asked: &Asked,
    out: W,
) -> Result<Written, ExportError> {
    let version = app.catalog.current();
    let is_table = matches!(asked.format, Format::Csv | Format::Xlsx);
    // A journal has no columns.
    let layout = if is_table { Some(layout(&version, asked.layout.as_deref())?) } else { None };
    let own = layout.as_ref().and_then(|layout| layout.language);
    let language = own.unwrap_or_else(|| version.language());
    let accounts = app.store.posted_accounts().await?;
    let mut books = Books { version: &version, language, accounts, names: crate::reports::Names::default() };
    let mut exporter: Box<dyn Exporter + Send> = match (asked.format, layout) {
        (Format::Xlsx, Some(layout)) => Box::new(xlsx::Sheet::new(out, layout)?),
        (_, Some(layout)) => Box::new(csv::Sheet::new(out, layout)),
        (Format::Beancount, None) => Box::new(beancount::Journal(out)),
        (_, None) => Box::new(hledger::Journal(out)),
    };
    exporter.begin(&books)?;
    let first = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default();
    let last = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
    let days = Span::days(asked.from.unwrap_or(first), asked.to.unwrap_or(last));
    let span = Span { only_final: asked.only_final, ..days };
    let (mut written, mut after, mut open) = (Written::default(), None, Vec::new());
    loop {
        let piece = app.store.journal(&span, after, PIECE).await?;
        let Some(end) = piece.last() else { break };
        after = Some(Place { date: end.date, reference: end.reference, line: end.line });
        if is_table {
            books.names = names(app, &piece, language).await?;
        }
        for line in piece {
            if open.last().is_some_and(|last: &BookLine| last.reference != line.reference) {
                written.add(&open);
                exporter.voucher(&books, &open)?;
                open.clear();
            }
            open.push(line);
        }
    }
    if !open.is_empty() {
        written.add(&open);
        exporter.voucher(&books, &open)?;
    }
    exporter.end()?;
    Ok(written)
}

impl Written {
    fn add(&mut self, lines: &[BookLine]) {
        self.vouchers += 1;
        self.lines += lines.len() as u64;
    }
}

fn layout(version: &Version, name: Option<&str>) -> Result<Arc<Layout>, ExportError> {
    let layouts = &version.library().exports;
    let name = name.unwrap_or(LAYOUT);
    let known = || layouts.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    layouts
        .get(name)
        .cloned()
        .ok_or_else(|| ExportError::UnknownLayout { name: name.to_owned(), known: known() })
}

async fn names(
    app: &App,
    lines: &[BookLine],
    language: Language,
) -> Result<crate::reports::Names, StoreError> {
    let all: Vec<_> =
        lines.iter().map(|line| crate::reports::details(&line.details)).collect::<Result<_, _>>()?;
    crate::reports::Names::of(&app.store, all.iter(), language).await
}

/// Debits above zero, credits below.
fn signed(books: &Books<'_>, line: &BookLine) -> Decimal {
    decimal(line.debit - line.credit, &books.version.currency())
}

/// Whether a voucher still may change.
fn is_draft(line: &BookLine) -> bool {
    matches!(line.status.as_str(), "draft" | "reviewed")
}

/// A text on one line.
fn one_line(text: &str) -> String {
    text.split(char::is_control).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
