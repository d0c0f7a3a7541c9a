//! A statement: what moved an account in a period, with the balance after each line and what of it is still open.

use std::sync::Arc;

use aftercare_engine::company::numbering::Parts;
use aftercare_engine::ledger::Voucher;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Turn;
use super::ledger::Item;
use crate::catalog::Version;
use crate::effects::json;
use crate::entity::statement;
use crate::store::StoreError;
use crate::store::read::balances::Movement;
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

/// The statement's row; it gets its number when it is written.
pub(super) fn row<'m>(
    turn: &Turn<'_>,
    item: &Item,
    moved: impl Iterator<Item = &'m Movement>,
    vouchers: &[Voucher],
) -> Result<statement::Model, StoreError> {
    let mut lines: Vec<Line> = moved
        .map(|moved| Line {
            date: moved.date,
            reference: Some(moved.reference),
            ticket: moved.ticket.clone(),
            text: moved.text.clone(),
            debit: moved.debit,
            credit: moved.credit,
            balance: 0,
            open: 0,
        })
        .collect();
    lines.extend(own(turn, item, vouchers));
    let opening = item.balance().opening;
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
