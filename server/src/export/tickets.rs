//! Requests as a sheet. Texts are stored as texts, so no cell is ever a formula.

use aftercare_engine::language::Language;
use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// A request in a line: its texts, then its amounts.
pub struct Line {
    pub texts: Vec<String>,
    pub amounts: [Decimal; 2],
}

/// The sheet's bytes.
pub fn sheet(titles: &[String], lines: &[Line], language: Language) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_right_to_left(language == Language::Fa);
    sheet.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for (title, column) in titles.iter().zip(0u16..) {
        sheet.write_string_with_format(0, column, title, &bold)?;
    }
    for (line, row) in lines.iter().zip(1u32..) {
        let mut column = 0;
        for text in &line.texts {
            sheet.write_string(row, column, text)?;
            column += 1;
        }
        for amount in line.amounts {
            sheet.write(row, column, amount)?;
            column += 1;
        }
    }
    book.save_to_buffer()
}
