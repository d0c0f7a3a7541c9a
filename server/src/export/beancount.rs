//! A ledger for beancount: accounts under their class, details as metadata.

use std::io::Write;

use aftercare_engine::ledger::AccountClass;

use super::{Books, ExportError, Exporter, is_draft, one_line, signed};
use crate::reports::{details, title};
use crate::store::read::report::ledger::BookLine;

/// Before every voucher: beancount wants accounts opened first.
const OPENED: &str = "1900-01-01";

pub struct Journal<W>(pub W);

impl<W: Write + Send> Exporter for Journal<W> {
    fn begin(&mut self, books: &Books<'_>) -> Result<(), ExportError> {
        let currency = books.version.currency().code;
        let company = books.version.company();
        let name = company.map_or("", |company| company.name.best(books.language));
        writeln!(self.0, "option \"title\" {}", quoted(name))?;
        writeln!(self.0, "option \"operating_currency\" \"{currency}\"\n")?;
        for account in &books.accounts {
            writeln!(self.0, "{OPENED} open {} {currency}", path(books, account))?;
            writeln!(self.0, "  title: {}", quoted(&title(books.version, account, books.language)))?;
        }
        writeln!(self.0)?;
        Ok(())
    }

    fn voucher(&mut self, books: &Books<'_>, lines: &[BookLine]) -> Result<(), ExportError> {
        let Some(head) = lines.first() else { return Ok(()) };
        let mark = if is_draft(head) { '!' } else { '*' };
        writeln!(self.0, "{} {mark} {}", head.date, quoted(&head.head))?;
        writeln!(self.0, "  reference: \"{}\"", head.reference)?;
        if let Some(number) = head.voucher_no {
            writeln!(self.0, "  number: \"{number}\"")?;
        }
        writeln!(self.0, "  template: {}", quoted(&head.template))?;
        if let Some(ticket) = &head.ticket {
            writeln!(self.0, "  ticket: {}", quoted(ticket))?;
        }
        for line in lines {
            writeln!(self.0, "  {}  {} {}", path(books, &line.account), signed(books, line), line.currency)?;
            writeln!(self.0, "    text: {}", quoted(&line.text))?;
            for (kind, code) in details(&line.details)? {
                writeln!(self.0, "    {}: {}", kind.word(), quoted(&code))?;
            }
        }
        writeln!(self.0)?;
        Ok(())
    }

    fn end(mut self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.0.flush()?)
    }
}

/// `Assets:1:110:110001`.
fn path(books: &Books<'_>, code: &str) -> String {
    let known = books.version.library().accounts.get(code);
    let class = known.map_or("Equity", |known| match known.class {
        AccountClass::Asset => "Assets",
        AccountClass::Liability => "Liabilities",
        AccountClass::Equity => "Equity",
        AccountClass::Income => "Income",
        AccountClass::Expense => "Expenses",
    });
    let levels = [1, 3, code.len()].into_iter().filter_map(|digits| code.get(..digits));
    [class].into_iter().chain(levels).collect::<Vec<_>>().join(":")
}

/// A text between quotation marks.
fn quoted(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}
