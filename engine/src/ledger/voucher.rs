//! A voucher that is balanced because there is no way to make another.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Account, Amount, AmountError, Currency, DetailKind, VoucherKind};
use crate::facts::Value;

/// A balanced voucher: at least two lines, one currency, each line on one side, debits equal to credits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Draft")]
pub struct Voucher {
    #[serde(flatten)]
    header: Header,
    lines: Vec<Line>,
}

/// What a voucher says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Template that made it.
    pub template: Arc<str>,
    pub kind: VoucherKind,
    pub date: NaiveDate,
    pub currency: Currency,
    /// Description in the language of the books.
    pub text: String,
    /// Facts that the description shows, so that it can be told in another language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(String, Value)>,
    /// It takes back another voucher.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reversal: bool,
}

/// A line of a voucher. One of the two amounts is zero, the other is above it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub account: Arc<str>,
    /// The account is outside the balance sheet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub memo: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<DetailKind, String>,
    pub debit_minor: i64,
    pub credit_minor: i64,
    pub text: String,
    pub explanation: Explanation,
}

/// Why an amount is what it is: enough to read it and to calculate it again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The amount as the template has it.
    pub amount: String,
    /// File and line, such as `workflows/vouchers/customer_invoice.yaml:12`.
    pub source: String,
    /// Facts that it reads, by path, with their values then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(String, Value)>,
}

/// Which side of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Debit,
    Credit,
}

impl Side {
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Debit => Self::Credit,
            Self::Credit => Self::Debit,
        }
    }
}

/// An amount on its way to a side of an account.
#[derive(Clone, Debug)]
pub struct Posting<'a> {
    pub account: &'a Account,
    pub side: Side,
    pub amount: Amount,
    pub details: BTreeMap<DetailKind, String>,
    pub text: String,
    pub explanation: Explanation,
}

/// Why lines are not a voucher. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VoucherError {
    #[error("a voucher has at least two lines, this one has {0}")]
    TooFewLines(usize),
    #[error("debits are {debit} and credits are {credit}")]
    Unbalanced { debit: String, credit: String },
    #[error("line {0} is on neither side")]
    NoSide(usize),
    #[error("line {0} is on both sides")]
    BothSides(usize),
    #[error("line {0} has a negative amount")]
    Negative(usize),
    #[error("line {line} uses account `{account}`, which is for {belongs} vouchers")]
    WrongBooks { line: usize, account: Arc<str>, belongs: &'static str },
    #[error("line {line}: account `{account}` {objection}")]
    Details { line: usize, account: Arc<str>, objection: String },
    #[error(transparent)]
    Amount(#[from] AmountError),
}

/// A voucher as stored, before it is checked.
#[derive(Deserialize)]
struct Draft {
    #[serde(flatten)]
    header: Header,
    lines: Vec<Line>,
}

impl TryFrom<Draft> for Voucher {
    type Error = VoucherError;
    fn try_from(draft: Draft) -> Result<Self, VoucherError> {
        check(&draft.header, &draft.lines)?;
        Ok(Self { header: draft.header, lines: draft.lines })
    }
}

impl Voucher {
    /// Makes a voucher of postings.
    ///
    /// # Errors
    /// When they are not one: see [`VoucherError`].
    pub fn new(header: Header, postings: Vec<Posting<'_>>) -> Result<Self, VoucherError> {
        let mut lines = Vec::with_capacity(postings.len());
        for (posting, number) in postings.into_iter().zip(1usize..) {
            lines.push(line(&header, number, posting)?);
        }
        check(&header, &lines)?;
        Ok(Self { header, lines })
    }

    /// Makes a voucher of lines that were stored.
    ///
    /// # Errors
    /// When they are not one: see [`VoucherError`].
    pub fn from_lines(header: Header, lines: Vec<Line>) -> Result<Self, VoucherError> {
        Draft { header, lines }.try_into()
    }

    pub fn header(&self) -> &Header {
        &self.header
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Sum of the debits, which is the sum of the credits.
    pub fn total(&self) -> Amount {
        let minor = self.lines.iter().map(|line| line.debit_minor).sum();
        Amount::from_minor(minor, &self.header.currency)
    }

    /// The voucher that takes this one back: every amount on the other side. The reversal of a reversal is
    /// the voucher itself again.
    #[must_use]
    pub fn reversal(&self, on: NaiveDate) -> Self {
        let mut reversal = self.clone();
        reversal.header.date = on;
        reversal.header.reversal = !self.header.reversal;
        for line in &mut reversal.lines {
            std::mem::swap(&mut line.debit_minor, &mut line.credit_minor);
        }
        reversal
    }
}

fn line(header: &Header, number: usize, posting: Posting<'_>) -> Result<Line, VoucherError> {
    let account = posting.account;
    if posting.amount.currency() != &header.currency {
        let codes = (header.currency.code.clone(), posting.amount.currency().code.clone());
        return Err(AmountError::TwoCurrencies(codes.0, codes.1).into());
    }
    if let Some(objection) = account.details.objection(posting.details.keys().copied()) {
        return Err(VoucherError::Details { line: number, account: account.code.clone(), objection });
    }
    let (debit_minor, credit_minor) = match posting.side {
        Side::Debit => (posting.amount.minor(), 0),
        Side::Credit => (0, posting.amount.minor()),
    };
    Ok(Line {
        account: account.code.clone(),
        memo: account.memo,
        details: posting.details,
        debit_minor,
        credit_minor,
        text: posting.text,
        explanation: posting.explanation,
    })
}

fn check(header: &Header, lines: &[Line]) -> Result<(), VoucherError> {
    if lines.len() < 2 {
        return Err(VoucherError::TooFewLines(lines.len()));
    }
    let (mut debit, mut credit) = (0i128, 0i128);
    for (line, number) in lines.iter().zip(1usize..) {
        match (line.debit_minor, line.credit_minor) {
            (0, 0) => return Err(VoucherError::NoSide(number)),
            (d, c) if d < 0 || c < 0 => return Err(VoucherError::Negative(number)),
            (d, c) if d != 0 && c != 0 => return Err(VoucherError::BothSides(number)),
            (d, c) => {
                debit += i128::from(d);
                credit += i128::from(c);
            }
        }
        if line.memo != (header.kind == VoucherKind::Memo) {
            let belongs = if line.memo { "memo" } else { "ordinary" };
            let account = line.account.clone();
            return Err(VoucherError::WrongBooks { line: number, account, belongs });
        }
    }
    let shown = |minor: i128| match i64::try_from(minor) {
        Ok(minor) => Ok(Amount::from_minor(minor, &header.currency).to_string()),
        Err(_) => Err(AmountError::TooLarge(minor.to_string(), header.currency.code.clone())),
    };
    let (debits, credits) = (shown(debit)?, shown(credit)?);
    if debit == credit { Ok(()) } else { Err(VoucherError::Unbalanced { debit: debits, credit: credits }) }
}

#[cfg(test)]
mod tests;
