//! A report as a file: titles, rows, and what they come to.

use aftercare_engine::language::Language;
use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::csv::{harmless, quoted};

/// A report in its reader's words.
#[derive(Clone, Debug)]
pub struct Table {
    pub titles: Vec<String>,
    /// What the row is about, then its numbers. The last row is the sum of all.
    pub rows: Vec<(Vec<String>, Vec<Decimal>)>,
    pub language: Language,
}

impl Table {
    /// CSV in UTF-8 with its mark, so that spreadsheets read every alphabet.
    pub fn csv(&self) -> Vec<u8> {
        let line = |cells: Vec<String>| {
            let cells: Vec<String> = cells.iter().map(|cell| quoted(cell, ',')).collect();
            format!("{}\r\n", cells.join(","))
        };
        let mut text = String::from("\u{feff}");
        text += &line(self.titles.iter().map(|title| harmless(title)).collect());
        for (texts, numbers) in &self.rows {
            let texts = texts.iter().map(|text| harmless(text));
            text += &line(texts.chain(numbers.iter().map(ToString::to_string)).collect());
        }
        text.into_bytes()
    }

    /// A sheet. Texts are stored as texts, so no cell is ever a formula.
    ///
    /// # Errors
    /// When it has more rows or columns than a sheet can hold.
    pub fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_right_to_left(self.language == Language::Fa);
        sheet.set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold();
        for (title, column) in self.titles.iter().zip(0u16..) {
            sheet.write_string_with_format(0, column, title, &bold)?;
        }
        for ((texts, numbers), row) in self.rows.iter().zip(1u32..) {
            let mut columns = 0u16..;
            for (text, column) in texts.iter().zip(&mut columns) {
                sheet.write_string(row, column, text)?;
            }
            for (number, column) in numbers.iter().zip(columns) {
                sheet.write(row, column, *number)?;
            }
        }
        book.save_to_buffer()
    }
}
