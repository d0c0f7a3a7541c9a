//! The journal, and the general, subsidiary and detail ledgers with their running balance: a piece at a time.

use aftercare_engine::ledger::DetailKind;

use super::accounts_under;
use crate::app::App;
use crate::store::StoreError;
use crate::store::read::report::Span;
use crate::store::read::report::ledger::{BookLine, LedgerOf, Place};

/// A piece of a ledger.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// Debits less credits before the first line here.
    pub opening: i64,
    /// Lines with the balance after each.
    pub lines: Vec<(BookLine, i64)>,
    /// More lines follow this place.
    pub next: Option<Place>,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Code of any level: 1 digit a group, 3 a general ledger, 6 a subsidiary one.
    pub account: &'a str,
    pub detail: Option<(DetailKind, &'a str)>,
    pub span: Span,
    pub after: Option<Place>,
    pub limit: usize,
}

/// A piece of a ledger.
pub async fn ledger(app: &App, asked: &Asked<'_>) -> Result<Ledger, StoreError> {
    let accounts = accounts_under(app, asked.account).await?;
    of_accounts(app, &accounts, asked).await
}

/// A piece of the ledger over several subsidiary accounts.
pub async fn of_accounts(app: &App, accounts: &[String], asked: &Asked<'_>) -> Result<Ledger, StoreError> {
    let of = LedgerOf { accounts, detail: asked.detail, span: asked.span };
    let opening = app.store.ledger_balance(&of, asked.after).await?;
    let found = app.store.ledger_lines(&of, asked.after, asked.limit as u64 + 1).await?;
    let (found, next) = piece(found, asked.limit);
    let mut balance = opening;
    let lines = found.into_iter().map(|line| {
        balance = balance.saturating_add(line.debit).saturating_sub(line.credit);
        (line, balance)
    });
    Ok(Ledger { opening, lines: lines.collect(), next })
}

/// A piece of the journal, and where the next one begins.
pub async fn journal(
    app: &App,
    span: &Span,
    after: Option<Place>,
    limit: usize,
) -> Result<(Vec<BookLine>, Option<Place>), StoreError> {
    Ok(piece(app.store.journal(span, after, limit as u64 + 1).await?, limit))
}

/// One more than asked for tells whether something follows.
fn piece(mut lines: Vec<BookLine>, limit: usize) -> (Vec<BookLine>, Option<Place>) {
    let is_more = lines.len() > limit;
    lines.truncate(limit);
    let last = lines.last().filter(|_| is_more);
    let next = last.map(|line| Place { date: line.date, reference: line.reference, line: line.line });
    (lines, next)
}
