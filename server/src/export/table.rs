//! The cells of a table: what a layout's columns show of a line.

use aftercare_engine::definition::export::ColumnValue;
use aftercare_engine::export::{Content, Layout};
use aftercare_engine::ledger::amount::decimal;
use rust_decimal::Decimal;

use super::{Books, ExportError, signed};
use crate::reports::{Details, details, title};
use crate::store::read::report::ledger::BookLine;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Whole(i64),
    Amount(Decimal),
    Empty,
}

/// The row of a line.
pub fn cells(books: &Books<'_>, layout: &Layout, line: &BookLine) -> Result<Vec<Cell>, ExportError> {
    let details = details(&line.details)?;
    let columns = layout.columns.iter().map(|column| match &column.content {
        Content::Fixed(text) => Cell::Text(text.to_string()),
        Content::Value(value) => cell(books, layout, line, &details, *value),
    });
    Ok(columns.collect())
}

fn cell(books: &Books<'_>, layout: &Layout, line: &BookLine, details: &Details, value: ColumnValue) -> Cell {
    let currency = books.version.currency();
    let code = |digits: usize| line.account.get(..digits).unwrap_or(&line.account);
    let called = |digits: usize| Cell::Text(title(books.version, code(digits), books.language));
    let text = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
    let detail = |n: usize| details.values().nth(n).map_or(Cell::Empty, |code| text(code));
    match value {
        ColumnValue::Date => Cell::Text(layout.date(line.date)),
        ColumnValue::FiscalYear => text(&line.fiscal_year),
        ColumnValue::Number => line.voucher_no.map_or(Cell::Empty, Cell::Whole),
        ColumnValue::Reference => Cell::Whole(line.reference),
        ColumnValue::Line => Cell::Whole(line.line),
        ColumnValue::Status => text(&line.status),
        ColumnValue::VoucherText => text(&line.head),
        ColumnValue::Text => text(&line.text),
        ColumnValue::Group => text(code(1)),
        ColumnValue::General => text(code(3)),
        ColumnValue::Account => text(&line.account),
        ColumnValue::GroupTitle => called(1),
        ColumnValue::GeneralTitle => called(3),
        ColumnValue::AccountTitle => called(line.account.len()),
        ColumnValue::Detail1 => detail(0),
        ColumnValue::Detail2 => detail(1),
        ColumnValue::Detail3 => detail(2),
        ColumnValue::DetailNames => text(&books.names.told(details)),
        ColumnValue::Debit => Cell::Amount(decimal(line.debit, &currency)),
        ColumnValue::Credit => Cell::Amount(decimal(line.credit, &currency)),
        ColumnValue::Amount => Cell::Amount(signed(books, line)),
        ColumnValue::Currency => text(&line.currency),
        ColumnValue::Ticket => text(line.ticket.as_deref().unwrap_or_default()),
        ColumnValue::Template => text(&line.template),
    }
}
