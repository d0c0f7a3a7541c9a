//! The end of a fiscal year: balances go in, the vouchers that close and open come out.
//!
//! It looks nothing up and posts nothing, as with [runs](super).

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::Period;
use crate::company::FiscalYear;
use crate::definition::Translated;
use crate::definition::books::{AccountClass, DetailKind, VoucherKind};
use crate::definition::closing::ClosingFile;
use crate::diagnostic::{Diagnostic, Place, Sources};
use crate::facts::Value;
use crate::language::Language;
use crate::ledger::amount::decimal;
use crate::ledger::{Account, Accounts, Currency, Explanation, Header, Line, Voucher, VoucherError};

/// A compiled closing.
#[derive(Clone, Debug)]
pub struct Closing {
    pub name: Arc<str>,
    pub title: Translated,
    /// The account that takes the result.
    pub result: Arc<str>,
    pub place: Place,
    text: Translated,
    carry: Option<(Translated, Translated)>,
    /// Where the lines' amounts are said to come from.
    source: String,
}

/// What stands on an account for some details, in minor units: debits less credits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub account: Arc<str>,
    pub details: BTreeMap<DetailKind, String>,
    pub balance: i64,
}

/// What a year's end needs to know of the company.
#[derive(Clone, Copy, Debug)]
pub struct Books<'a> {
    pub accounts: &'a Accounts,
    pub currency: &'a Currency,
    pub language: Language,
    pub year: &'a FiscalYear,
}

impl Closing {
    /// Checks a closing against the chart of accounts.
    ///
    /// # Errors
    /// Every finding at once.
    pub fn compile(
        file: &ClosingFile,
        accounts: &Accounts,
        sources: &Sources,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut found = Vec::new();
        match accounts.postable(&file.result) {
            Ok(account) => found.extend(objection(account, file)),
            Err(wrong) => found.push(*wrong),
        }
        let carry = file.carry.as_ref().map(|carry| (&carry.closing, &carry.opening));
        let texts = [Some(&file.text), carry.map(|both| both.0), carry.map(|both| both.1)];
        texts.into_iter().flatten().for_each(|text| found.extend(placeholders(text)));
        if !found.is_empty() {
            return Err(found);
        }
        Ok(Self {
            name: file.closing.value.as_str().into(),
            title: file.title.clone(),
            result: file.result.value.as_str().into(),
            place: file.closing.place,
            text: file.text.clone(),
            carry: carry.map(|(closing, opening)| (closing.clone(), opening.clone())),
            source: format!("{}:{}", sources.path(file.result.place.source), file.result.place.line),
        })
    }

    /// All texts that people read, with what they are.
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &Translated)> {
        let carry =
            self.carry.iter().flat_map(|(out, back)| [("closing voucher", out), ("opening voucher", back)]);
        [("title", &self.title), ("voucher", &self.text)].into_iter().chain(carry)
    }

    /// The vouchers of a year: income and expenses to the result, then all others out of the year and into the next.
    ///
    /// # Errors
    /// When what stands on the accounts is no voucher: it did not balance before.
    pub fn work(
        &self,
        books: &Books<'_>,
        standing: &[Standing],
        period: Period,
    ) -> Result<Vec<Voucher>, VoucherError> {
        let own = |one: &&Standing| one.balance != 0 && books.class(&one.account).is_some();
        let is_result = |one: &&Standing| {
            matches!(books.class(&one.account), Some(AccountClass::Income | AccountClass::Expense))
        };
        let (results, others): (Vec<&Standing>, Vec<&Standing>) =
            standing.iter().filter(own).partition(is_result);
        let mut vouchers = Vec::new();
        let made = |kind, date: NaiveDate, text: &Translated, lines: Vec<Line>| {
            let year = books.year.of(date).to_string();
            let header = Header {
                template: self.name.clone(),
                kind,
                date,
                currency: books.currency.clone(),
                text: text.best(books.language).replace("{year}", &year),
                values: vec![("year".to_owned(), Value::text(year.as_str()))],
                reversal: false,
            };
            let (debits, credits): (Vec<Line>, Vec<Line>) =
                lines.into_iter().partition(|line| line.debit_minor > 0);
            let mut lines = [debits, credits].concat();
            lines.iter_mut().for_each(|line| line.text.clone_from(&header.text));
            Voucher::from_lines(header, lines)
        };
        let result = results.iter().fold(0_i64, |sum, one| sum.saturating_add(one.balance));
        if !results.is_empty() {
            let mut lines: Vec<Line> = results.iter().map(|one| self.line(books, one, -1)).collect();
            lines.extend((result != 0).then(|| self.line(books, &self.taken(result), 1)));
            vouchers.push(made(VoucherKind::Closing, period.to, &self.text, lines)?);
        }
        let Some((out, back)) = &self.carry else { return Ok(vouchers) };
        let mut carried: Vec<Standing> = others.into_iter().cloned().collect();
        match carried.iter_mut().find(|one| one.account == self.result && one.details.is_empty()) {
            Some(one) => one.balance = one.balance.saturating_add(result),
            None => carried.push(self.taken(result)),
        }
        carried.retain(|one| one.balance != 0);
        let next = period.to.succ_opt().filter(|_| !carried.is_empty());
        if let Some(next) = next {
            for (date, text, sign) in [(period.to, out, -1), (next, back, 1)] {
                let lines = carried.iter().map(|one| self.line(books, one, sign)).collect();
                vouchers.push(made(VoucherKind::Carry, date, text, lines)?);
            }
        }
        Ok(vouchers)
    }

    fn taken(&self, balance: i64) -> Standing {
        Standing { account: self.result.clone(), details: BTreeMap::new(), balance }
    }

    /// A line that adds a balance to an account, or takes it away.
    fn line(&self, books: &Books<'_>, one: &Standing, sign: i64) -> Line {
        let amount = one.balance.saturating_mul(sign);
        let value = Value::Decimal(decimal(one.balance.saturating_abs(), books.currency));
        Line {
            account: one.account.clone(),
            memo: false,
            details: one.details.clone(),
            debit_minor: amount.max(0),
            credit_minor: amount.saturating_neg().max(0),
            text: String::new(),
            explanation: Explanation {
                amount: "balance.closing".to_owned(),
                source: self.source.clone(),
                values: vec![("balance.closing".to_owned(), value)],
            },
        }
    }
}

impl Books<'_> {
    /// What an account is in the statements; none: outside of them.
    fn class(&self, code: &str) -> Option<AccountClass> {
        match self.accounts.get(code) {
            Some(account) if account.memo => None,
            Some(account) => Some(account.class),
            // It was taken out of the chart, and what stands on it still goes over.
            None => Some(AccountClass::Asset),
        }
    }
}

fn objection(account: &Account, file: &ClosingFile) -> Option<Diagnostic> {
    let code = &file.result;
    let problem = if account.class != AccountClass::Equity || account.memo {
        "is not an account of equity".to_owned()
    } else {
        account.details.objection([])?
    };
    let help = "the year's result goes to an account of equity without details, such as retained earnings";
    Some(Diagnostic::error("AC0644", code.place, format!("account `{}` {problem}", code.value)).help(help))
}

/// Only `{year}` is filled in.
fn placeholders(text: &Translated) -> Option<Diagnostic> {
    let unknown = |language: Language| {
        let text = text.get(language)?;
        let rest = text.value.replace("{year}", "");
        rest.contains(['{', '}']).then_some(text.place)
    };
    let place = Language::ALL.into_iter().find_map(unknown)?;
    let message = "the description of a closing knows `{year}` alone";
    Some(Diagnostic::error("AC0645", place, message).help("write `{year}` for the fiscal year"))
}

#[cfg(test)]
mod tests;
