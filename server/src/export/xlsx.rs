//! An Excel sheet, written row by row. Texts are stored as texts, so no cell is ever a formula.

use std::io::{Seek, Write};
use std::sync::Arc;

use aftercare_engine::export::Layout;
use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use super::table::{Cell, cells};
use super::{Books, ExportError, Exporter};
use crate::store::read::report::ledger::BookLine;

/// Rows of a sheet.
const ROWS: u32 = 1_048_576;
/// Excel keeps fifteen digits of a number; an amount with more is a text, so that none is lost.
const EXACT: i128 = 999_999_999_999_999;
/// Longest text of a cell.
const LONGEST: usize = 32_767;

pub struct Sheet<W> {
    out: W,
    layout: Arc<Layout>,
    book: Workbook,
    next: u32,
}

impl<W: Write + Seek> Sheet<W> {
    pub fn new(out: W, layout: Arc<Layout>) -> Result<Self, ExportError> {
        let mut book = Workbook::new();
        book.add_worksheet_with_constant_memory()?;
        Ok(Self { out, layout, book, next: 0 })
    }

    fn row(&mut self, cells: &[Cell], format: &Format) -> Result<(), ExportError> {
        if self.next >= ROWS {
            return Err(ExportError::TooManyRows(ROWS));
        }
        let (row, empty_zero) = (self.next, self.layout.empty_zero);
        let sheet = self.book.worksheet_from_index(0)?;
        for (cell, column) in cells.iter().zip(0u16..) {
            put(sheet, row, column, cell, empty_zero, format)?;
        }
        self.next += 1;
        Ok(())
    }
}

fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    empty_zero: bool,
    format: &Format,
) -> Result<(), ExportError> {
    match cell {
        Cell::Empty => {}
        Cell::Amount(amount) if amount.is_zero() && empty_zero => {}
        Cell::Amount(amount) if amount.mantissa().abs() <= EXACT => {
            sheet.write_with_format(row, column, *amount, format)?;
        }
        Cell::Amount(amount) => {
            sheet.write_string(row, column, amount.to_string())?;
        }
        Cell::Whole(number) => {
            sheet.write(row, column, Decimal::from(*number))?;
        }
        Cell::Text(text) => {
            let text: String = text.chars().take(LONGEST).collect();
            sheet.write_string_with_format(row, column, text, format)?;
        }
    }
    Ok(())
}

impl<W: Write + Seek + Send> Exporter for Sheet<W> {
    fn begin(&mut self, books: &Books<'_>) -> Result<(), ExportError> {
        let layout = Arc::clone(&self.layout);
        let sheet = self.book.worksheet_from_index(0)?;
        if books.language == aftercare_engine::language::Language::Fa {
            sheet.set_right_to_left(true);
        }
        if layout.header {
            sheet.set_freeze_panes(1, 0)?;
            let titles = layout.columns.iter();
            let titles: Vec<Cell> =
                titles.map(|column| Cell::Text(column.title.best(books.language).to_owned())).collect();
            self.row(&titles, &Format::new().set_bold())?;
        }
        Ok(())
    }

    fn voucher(&mut self, books: &Books<'_>, lines: &[BookLine]) -> Result<(), ExportError> {
        let layout = Arc::clone(&self.layout);
        let plain = Format::new();
        for line in lines {
            self.row(&cells(books, &layout, line)?, &plain)?;
        }
        Ok(())
    }

    fn end(mut self: Box<Self>) -> Result<(), ExportError> {
        self.book.save_to_writer(&mut self.out)?;
        Ok(self.out.flush()?)
    }
}
