//! A statement: what moved an account in a period, with the balance after each line and what of it is still open.

use std::collections::HashMap;
use std::sync::Arc;

use aftercare_engine::company::numbering::Parts;
use aftercare_engine::ledger::Voucher;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Turn;
use super::ledger::Item;
use crate::catalog::Version;
use crate::effects::json;
use crate::entity::statement;
use crate::i18n;
use crate::store::StoreError;
use crate::store::read::balances::{Movement, Over};
use crate::store::step::Numbering;

/// A line of a statement, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub date: NaiveDate,
    /// Of the voucher; none: made with this statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    pub text: String,
    pub debit: i64,
    pub credit: i64,
    /// After this line, on the account's own side.
    pub balance: i64,
    /// What of it is not settled yet: the oldest is settled first.
    pub open: i64,
}

/// What statements tell of: the lines of the period, and what has come into earlier periods since they were told.
#[derive(Default)]
pub(super) struct Told {
    moved: Vec<Movement>,
    earlier: Option<Earlier>,
}

/// The period before, which this run has done.
struct Earlier {
    to: NaiveDate,
    /// What each statement closed with, and when it was made.
    closings: HashMap<String, (i64, DateTime<Utc>)>,
    /// When the period was done.
    at: DateTime<Utc>,
    late: Vec<Movement>,
}

impl Told {
    pub(super) async fn look(turn: &Turn<'_>, over: &Over<'_>) -> Result<Self, StoreError> {
        let (store, run) = (&turn.app.store, turn.run.name.as_ref());
        let moved = store.movements(over).await?;
        let done = store.last_period(run).await?.filter(|done| done.period_to.succ_opt() == Some(over.from));
        let Some(done) = done else { return Ok(Self { moved, earlier: None }) };
        let statements = store.statements_of(run, done.period_to).await?;
        let first = statements.iter().map(|row| row.at).min().unwrap_or(done.at).min(done.at);
        let late = store.late_movements(over, first).await?;
        let closings = statements.into_iter().map(|row| (row.party, (row.closing, row.at))).collect();
        Ok(Self { moved, earlier: Some(Earlier { to: done.period_to, closings, at: done.at, late }) })
    }

    /// Whether something has come into an earlier period since its statement was made.
    pub(super) fn is_late(&self, item: &Item) -> bool {
        self.earlier.as_ref().is_some_and(|earlier| earlier.closing(item) != item.balance.opening)
    }
}

impl Earlier {
    fn closing(&self, item: &Item) -> i64 {
        self.closings.get(&item.code).map_or(0, |(closing, _)| *closing)
    }

    /// The lines that explain how the last statement's closing became this one's opening.
    fn lines(&self, turn: &Turn<'_>, item: &Item) -> Vec<Line> {
        let since = self.closings.get(&item.code).map_or(self.at, |(_, at)| *at);
        let own = self.late.iter().filter(|moved| moved.code == item.code && moved.entered_at > since);
        let mut lines: Vec<Line> = own.map(line).collect();
        let told: i64 = lines.iter().map(|line| line.debit - line.credit).sum();
        let told = if item.credit { -told } else { told };
        // Two customers who became one, or a voucher that was entered while the statement was made.
        let rest = item.balance.opening - self.closing(item) - told;
        if rest != 0 {
            let debit = if item.credit { -rest } else { rest };
            lines.push(Line {
                date: self.to,
                reference: None,
                ticket: None,
                text: i18n::text(turn.version.language(), "statement-earlier", &[]),
                debit: debit.max(0),
                credit: (-debit).max(0),
                balance: 0,
                open: 0,
            });
        }
        lines
    }
}

fn line(moved: &Movement) -> Line {
    Line {
        date: moved.date,
        reference: Some(moved.reference),
        ticket: moved.ticket.clone(),
        text: moved.text.clone(),
        debit: moved.debit,
        credit: moved.credit,
        balance: 0,
        open: 0,
    }
}

/// The statement's row; it gets its number when it is written. It begins with what the one before closed with: what
/// has come into that period since stands here as lines of its own.
pub(super) fn row(
    turn: &Turn<'_>,
    item: &Item,
    told: &Told,
    vouchers: &[Voucher],
) -> Result<statement::Model, StoreError> {
    let (opening, mut lines) = match &told.earlier {
        Some(earlier) => (earlier.closing(item), earlier.lines(turn, item)),
        None => (item.balance.opening, Vec::new()),
    };
    lines.extend(told.moved.iter().filter(|moved| moved.code == item.code).map(line));
    lines.extend(own(turn, item, vouchers));
    settle(&mut lines, opening, item.credit);
    let sum = |of: fn(&Line) -> i64| lines.iter().map(of).sum();
    Ok(statement::Model {
        number: String::new(),
        run: turn.run.name.to_string(),
        period_from: turn.period.from,
        period_to: turn.period.to,
        kind: turn.run.by.word().to_owned(),
        party: item.code.clone(),
        currency: turn.version.currency().code.to_string(),
        opening,
        debit: sum(|line| line.debit),
        credit: sum(|line| line.credit),
        closing: lines.last().map_or(opening, |line| line.balance),
        lines: json("statement", &lines)?,
        actor: turn.asked.who.clone(),
        at: turn.app.clock.now(),
    })
}

/// What the run itself posts to the account.
fn own(turn: &Turn<'_>, item: &Item, vouchers: &[Voucher]) -> Vec<Line> {
    let lines = vouchers.iter().flat_map(|voucher| {
        let date = voucher.header().date;
        voucher.lines().iter().map(move |line| (date, line))
    });
    lines
        .filter(|(_, line)| {
            turn.run.accounts.contains(&line.account) && line.details.get(&turn.run.by) == Some(&item.code)
        })
        .map(|(date, line)| Line {
            date,
            reference: None,
            ticket: None,
            text: line.text.clone(),
            debit: line.debit_minor,
            credit: line.credit_minor,
            balance: 0,
            open: 0,
        })
        .collect()
}

/// The balance after each line, and what of each is open: what settles goes to the oldest.
pub fn settle(lines: &mut [Line], opening: i64, credit: bool) {
    let (mut balance, mut settled) = (opening, (-opening).max(0));
    for line in lines.iter_mut() {
        let (owed, paid) = if credit { (line.credit, line.debit) } else { (line.debit, line.credit) };
        balance += owed - paid;
        line.balance = balance;
        line.open = owed;
        settled += paid;
    }
    settled -= opening.max(0);
    for line in lines.iter_mut() {
        let taken = line.open.min(settled.max(0));
        line.open -= taken;
        settled -= taken;
    }
}

/// How statements get their numbers; the company as a whole counts them.
pub(super) fn numbering(version: &Version, series: &str, day: NaiveDate) -> Numbering {
    let format = version.company().and_then(|company| Some((company, company.numbers.get(series)?.clone())));
    let Some((company, format)) = format else {
        return Numbering { counter: series.to_owned(), format: Arc::new(|count| count.to_string()) };
    };
    let fiscal_year = company.fiscal_year.of(day);
    let parts = Parts { store: "", branch: "", day, fiscal_year };
    let counter = format.counter(&parts);
    let format = move |count: i64| {
        let parts = Parts { store: "", branch: "", day, fiscal_year };
        format.format(&parts, u64::try_from(count).unwrap_or_default())
    };
    Numbering { counter, format: Arc::new(format) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(debit: i64, credit: i64) -> Line {
        let date = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        Line {
            date,
            reference: Some(1),
            ticket: None,
            text: String::new(),
            debit,
            credit,
            balance: 0,
            open: 0,
        }
    }

    #[track_caller]
    fn is_settled(opening: i64, credit: bool, lines: &[(i64, i64)], expected: &[(i64, i64)]) {
        let mut lines: Vec<Line> = lines.iter().map(|(debit, credit)| line(*debit, *credit)).collect();
        settle(&mut lines, opening, credit);
        let told: Vec<(i64, i64)> = lines.iter().map(|line| (line.balance, line.open)).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn what_is_paid_settles_the_oldest_first() {
        is_settled(0, true, &[(0, 100), (0, 50), (120, 0)], &[(100, 0), (150, 30), (30, 0)]);
        is_settled(40, true, &[(0, 100), (60, 0)], &[(140, 80), (80, 0)]);
        is_settled(-30, false, &[(100, 0)], &[(70, 70)]);
        is_settled(0, false, &[(100, 0), (0, 130)], &[(100, 0), (-30, 0)]);
    }
}
