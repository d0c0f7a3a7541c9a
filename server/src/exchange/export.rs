//! A register goes out as a file: read piece by piece, written into a file on the disk.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};

use rust_xlsxwriter::{Format as Style, Workbook, XlsxError};

use super::columns::{self, Column};
use super::{Format, csv};
use crate::auth::Scope;
use crate::register::check::Entry;
use crate::register::value::Locale;
use crate::register::{Register, enter};
use crate::store::registry::{self, Window, category};
use crate::store::{Store, StoreError};

/// Entries in one piece.
const PIECE: u64 = 500;
/// Widest column of a sheet, in letters.
const WIDTH: u16 = 18;
/// Most lines that a sheet has.
pub const LINES: u64 = 1_048_575;

/// What is to be exported.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub register: &'static Register,
    pub format: Format,
    /// As the list of the register is searched.
    pub search: Vec<String>,
    /// Whose entries.
    pub scope: Scope,
    /// Names of facts that the asker never sees.
    pub hidden: BTreeSet<String>,
    pub locale: Locale,
}

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("the file cannot be written: {0}")]
    File(#[from] io::Error),
    #[error("the sheet cannot be written: {0}")]
    Sheet(#[from] XlsxError),
    #[error("a sheet holds at most {LINES} entries")]
    TooLong,
}

/// The file, at its beginning; it is gone when it is closed. And how many entries are in it.
pub async fn export(store: &Store, wanted: &Wanted) -> Result<(File, u64), Failed> {
    let attributes = category::attributes(store.reader()).await?;
    let columns = columns::of(wanted.register, &attributes, &wanted.hidden);
    let mut out = Out::begin(wanted.format, &columns)?;
    let (mut after, mut lines) = (None, 0);
    loop {
        let window =
            Window { search: wanted.search.clone(), after, scope: Some(wanted.scope.clone()), limit: PIECE };
        let rows = registry::page(store.reader(), wanted.register, &window).await?;
        let Some(last) = rows.last().map(|row| row.key().to_owned()) else { break };
        let is_last = (rows.len() as u64) < PIECE;
        for entry in enter::shown(store.reader(), wanted.register, rows, &wanted.locale).await? {
            lines += 1;
            out.line(&columns, &entry, lines)?;
        }
        if is_last {
            break;
        }
        after = Some(last);
    }
    Ok((out.end()?, lines))
}

enum Out {
    Csv(Box<::csv::Writer<BufWriter<File>>>),
    Xlsx(Box<Workbook>),
}

impl Out {
    fn begin(format: Format, columns: &[Column]) -> Result<Self, Failed> {
        match format {
            Format::Csv => {
                let mut file = BufWriter::new(tempfile::tempfile()?);
                // Without it a spreadsheet takes Persian for something else.
                file.write_all(csv::MARK.as_bytes())?;
                let mut writer = ::csv::Writer::from_writer(file);
                writer.write_record(columns.iter().map(|column| column.header.as_str())).map_err(broken)?;
                Ok(Self::Csv(Box::new(writer)))
            }
            Format::Xlsx => {
                let mut book = Workbook::new();
                let bold = Style::new().set_bold();
                let sheet = book.add_worksheet_with_constant_memory()?;
                sheet.set_freeze_panes(1, 1)?;
                for (place, column) in (0..).zip(columns) {
                    sheet.set_column_width(place, WIDTH)?;
                    sheet.write_string_with_format(0, place, &column.header, &bold)?;
                }
                Ok(Self::Xlsx(Box::new(book)))
            }
        }
    }

    fn line(&mut self, columns: &[Column], entry: &Entry, line: u64) -> Result<(), Failed> {
        let cells = columns.iter().map(|column| column.show(entry));
        match self {
            Self::Csv(writer) => {
                Ok(writer.write_record(cells.map(|cell| csv::guarded(&cell))).map_err(broken)?)
            }
            Self::Xlsx(book) => {
                let row = u32::try_from(line).ok().filter(|_| line <= LINES).ok_or(Failed::TooLong)?;
                let sheet = book.worksheet_from_index(0)?;
                for ((place, column), cell) in (0..).zip(columns).zip(cells) {
                    // A number stays one as long as a sheet holds it exactly.
                    match cell.parse::<i32>() {
                        Ok(number) if column.is_number() => drop(sheet.write_number(row, place, number)?),
                        _ if cell.is_empty() => {}
                        // As a text it is never taken for a formula.
                        _ => drop(sheet.write_string(row, place, cell)?),
                    }
                }
                Ok(())
            }
        }
    }

    fn end(self) -> Result<File, Failed> {
        let mut file = match self {
            Self::Csv(writer) => {
                let file = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
                file.into_inner().map_err(io::IntoInnerError::into_error)?
            }
            Self::Xlsx(mut book) => {
                let mut file = tempfile::tempfile()?;
                book.save_to_writer(&mut file)?;
                file
            }
        };
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}

fn broken(error: ::csv::Error) -> io::Error {
    io::Error::other(error)
}
