//! CSV by RFC 4180, in which no cell of ours is ever a formula.

use std::io::Write;
use std::sync::Arc;

use aftercare_engine::export::Layout;

use super::table::{Cell, cells};
use super::{Books, ExportError, Exporter};
use crate::store::read::report::ledger::BookLine;

pub struct Sheet<W> {
    out: W,
    layout: Arc<Layout>,
}

impl<W: Write> Sheet<W> {
    pub fn new(out: W, layout: Arc<Layout>) -> Self {
        Self { out, layout }
    }

    fn row(&mut self, cells: impl Iterator<Item = String>) -> Result<(), ExportError> {
        let separator = self.layout.separator;
        let row: Vec<String> = cells.map(|cell| quoted(&cell, separator)).collect();
        write!(self.out, "{}\r\n", row.join(&separator.to_string()))?;
        Ok(())
    }
}

impl<W: Write + Send> Exporter for Sheet<W> {
    fn begin(&mut self, books: &Books<'_>) -> Result<(), ExportError> {
        if self.layout.byte_order_mark {
            write!(self.out, "\u{feff}")?;
        }
        let layout = Arc::clone(&self.layout);
        if layout.header {
            let titles = layout.columns.iter().map(|column| harmless(column.title.best(books.language)));
            self.row(titles)?;
        }
        Ok(())
    }

    fn voucher(&mut self, books: &Books<'_>, lines: &[BookLine]) -> Result<(), ExportError> {
        let layout = Arc::clone(&self.layout);
        for line in lines {
            let cells = cells(books, &layout, line)?;
            self.row(cells.into_iter().map(|cell| match cell {
                Cell::Text(text) => harmless(&text),
                Cell::Whole(number) => number.to_string(),
                Cell::Amount(amount) => layout.amount(amount),
                Cell::Empty => String::new(),
            }))?;
        }
        Ok(())
    }

    fn end(mut self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.out.flush()?)
    }
}

/// A text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it.
pub fn harmless(text: &str) -> String {
    let begins = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').chars().next();
    let is_formula = matches!(begins, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '|' | '%'));
    if is_formula || text.starts_with(['\t', '\r', '\n']) { format!("'{text}") } else { text.to_owned() }
}

/// A cell, between quotation marks where it needs them.
pub fn quoted(cell: &str, separator: char) -> String {
    let needs = cell.contains([separator, '"', '\n', '\r']) || cell.starts_with(' ') || cell.ends_with(' ');
    if needs { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for attack in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1"] {
            assert_eq!(harmless(attack), format!("'{attack}"));
        }
        assert_eq!(harmless("Kazemi – 12"), "Kazemi – 12");
    }

    #[test]
    fn separators_quotation_marks_and_line_ends_are_quoted() {
        assert_eq!(quoted("a,b", ','), "\"a,b\"");
        assert_eq!(quoted("a,b", ';'), "a,b");
        assert_eq!(quoted("say \"no\"\n", ','), "\"say \"\"no\"\"\n\"");
    }
}
