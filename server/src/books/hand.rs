//! A voucher that a person enters: half-entered as a note, or whole as a draft that balances.

use std::collections::BTreeMap;

use aftercare_engine::ledger::{
    Account, Amount, DetailKind, Explanation, Header, Posting, Side, Voucher, VoucherKind,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::catalog::Version;

/// The template of vouchers that have none.
pub const BY_HAND: &str = "by_hand";

/// What somebody enters.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    pub date: NaiveDate,
    pub text: String,
    pub memo: bool,
    #[serde(default)]
    pub closing: bool,
    pub lines: Vec<EntryLine>,
}

/// A line as it is entered: the amounts as texts in major units.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EntryLine {
    pub account: String,
    #[serde(default)]
    pub details: BTreeMap<String, String>,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub debit: Option<String>,
    #[serde(default)]
    pub credit: Option<String>,
}

impl Entry {
    /// Which books it belongs to.
    pub fn kind(&self) -> VoucherKind {
        match (self.memo, self.closing) {
            (true, _) => VoucherKind::Memo,
            (false, true) => VoucherKind::Closing,
            (false, false) => VoucherKind::Ordinary,
        }
    }

    /// The voucher, or in words why it is none.
    pub fn voucher(&self, version: &Version) -> Result<Voucher, String> {
        let currency = version.currency();
        let header = Header {
            template: BY_HAND.into(),
            kind: self.kind(),
            date: self.date,
            currency: currency.clone(),
            text: self.text.clone(),
            values: Vec::new(),
            reversal: false,
        };
        let mut postings = Vec::with_capacity(self.lines.len());
        for (line, number) in self.lines.iter().zip(1..) {
            let told = |error: String| format!("line {number}: {error}");
            let (side, written) = line.side().map_err(told)?;
            let amount = written.parse::<Decimal>().map_err(|_| told(format!("`{written}` is no amount")))?;
            let amount = Amount::exact(amount, &currency).map_err(|error| told(error.to_string()))?;
            postings.push(Posting {
                account: line.account(version).map_err(told)?,
                side,
                amount,
                details: line.details().map_err(told)?,
                text: line.text.clone().unwrap_or_else(|| self.text.clone()),
                explanation: Explanation::default(),
            });
        }
        postings.sort_by_key(|posting| posting.side == Side::Credit);
        Voucher::new(header, postings).map_err(|error| error.to_string())
    }
}

impl EntryLine {
    fn side(&self) -> Result<(Side, &str), String> {
        match (self.debit.as_deref(), self.credit.as_deref()) {
            (Some(debit), None) => Ok((Side::Debit, debit)),
            (None, Some(credit)) => Ok((Side::Credit, credit)),
            _ => Err("it has either a debit or a credit".to_owned()),
        }
    }

    fn account<'v>(&self, version: &'v Version) -> Result<&'v Account, String> {
        let accounts = &version.library().accounts;
        let found = accounts.get(&self.account).filter(|account| account.code.len() == 6);
        found.ok_or_else(|| format!("nothing can be posted to an account `{}`", self.account))
    }

    fn details(&self) -> Result<BTreeMap<DetailKind, String>, String> {
        let known = self.details.iter().map(|(word, code)| match DetailKind::named(word) {
            Some(kind) => Ok((kind, code.clone())),
            None => Err(format!("there is no detail `{word}`")),
        });
        known.collect()
    }
}
