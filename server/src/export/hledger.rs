//! A journal for hledger (and ledger): accounts by their codes, level under level, details as tags.

use std::io::Write;

use aftercare_engine::ledger::AccountClass;

use super::{Books, ExportError, Exporter, is_draft, one_line, signed};
use crate::reports::{details, title};
use crate::store::read::report::ledger::BookLine;

pub struct Journal<W>(pub W);

impl<W: Write + Send> Exporter for Journal<W> {
    fn begin(&mut self, books: &Books<'_>) -> Result<(), ExportError> {
        let currency = books.version.currency();
        let digits = "0".repeat(currency.minor_digits.into());
        writeln!(self.0, "commodity 1000.{digits} {}\n", currency.code)?;
        let mut declared = Vec::new();
        for account in &books.accounts {
            for digits in [1, 3] {
                let above = account.get(..digits).unwrap_or(account);
                if !declared.contains(&above) {
                    self.account(books, above)?;
                    declared.push(above);
                }
            }
            self.account(books, account)?;
        }
        writeln!(self.0)?;
        Ok(())
    }

    fn voucher(&mut self, books: &Books<'_>, lines: &[BookLine]) -> Result<(), ExportError> {
        let Some(head) = lines.first() else { return Ok(()) };
        let mark = if is_draft(head) { '!' } else { '*' };
        let number = head.voucher_no.map(|number| format!("({number}) ")).unwrap_or_default();
        writeln!(self.0, "{} {mark} {number}{}", head.date, text(&head.head))?;
        writeln!(self.0, "    ; reference:{}, template:{}", head.reference, tag(&head.template))?;
        if let Some(ticket) = &head.ticket {
            writeln!(self.0, "    ; ticket:{}", tag(ticket))?;
        }
        for line in lines {
            let amount = format!("{} {}", signed(books, line), line.currency);
            writeln!(self.0, "    {}  {amount}  ; text:{}", path(&line.account), tag(&line.text))?;
            for (kind, code) in details(&line.details)? {
                writeln!(self.0, "    ; {}:{}", kind.word(), tag(&code))?;
            }
        }
        writeln!(self.0)?;
        Ok(())
    }

    fn end(mut self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.0.flush()?)
    }
}

impl<W: Write> Journal<W> {
    fn account(&mut self, books: &Books<'_>, code: &str) -> Result<(), ExportError> {
        let known = books.version.library().accounts.get(code);
        let class = known.map_or("E", |known| match known.class {
            AccountClass::Asset => "A",
            AccountClass::Liability => "L",
            AccountClass::Equity => "E",
            AccountClass::Income => "R",
            AccountClass::Expense => "X",
        });
        let title = tag(&title(books.version, code, books.language));
        writeln!(self.0, "account {}  ; type:{class}, title:{title}", path(code))?;
        Ok(())
    }
}

/// `1:110:110001`.
fn path(code: &str) -> String {
    let above =
        [1, 3].into_iter().filter_map(|digits| code.get(..digits).filter(|above| above.len() < code.len()));
    above.chain([code]).collect::<Vec<_>>().join(":")
}

/// A description: a semicolon would begin a comment.
fn text(text: &str) -> String {
    one_line(&text.replace(';', ","))
}

/// The value of a tag, which a comma would end. What is no value is looked through for tags and dates in brackets,
/// which may move a posting to another day: nothing that people write may stand there.
fn tag(value: &str) -> String {
    one_line(&value.replace([',', ';'], " ").replace('[', "(").replace(']', ")"))
}
