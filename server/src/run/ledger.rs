//! From sums of accounts to items with their balances, what a preview would have posted laid over them.

use std::collections::BTreeMap;
use std::sync::Arc;

use aftercare_engine::facts::{Map, Value};
use aftercare_engine::ledger::{Currency, DetailKind, Nature, Voucher, amount};
use aftercare_engine::run::Run;

use crate::catalog::Version;
use crate::store::StoreError;
use crate::store::read::balances::{Over, Sums};

/// What a run goes through: one code with its accounts, in minor units on the accounts' own side.
#[derive(Clone, Debug)]
pub struct Item {
    pub code: String,
    /// The accounts' balances stand on the credit side.
    pub credit: bool,
    /// The sum over all accounts.
    pub balance: Balance,
    accounts: Vec<(String, Balance)>,
}

/// What stands on an account, on its own side.
#[derive(Clone, Copy, Debug, Default)]
pub struct Balance {
    pub opening: i64,
    pub debit: i64,
    pub credit: i64,
    pub closing: i64,
}

/// Groups sums by code.
pub fn items(sums: Vec<Sums>, run: &Run, version: &Version) -> Result<Vec<Item>, StoreError> {
    let first = run.accounts.first().and_then(|code| version.library().accounts.get(code));
    let credit = first.is_some_and(|account| account.nature == Nature::Credit);
    let mut items: BTreeMap<String, Vec<(String, Balance)>> = BTreeMap::new();
    for sums in sums {
        let closing = sums.before.checked_add(sums.debit).and_then(|sum| sum.checked_sub(sums.credit));
        let on_own_side = |amount: Option<i64>| {
            let own = amount.and_then(|amount| if credit { amount.checked_neg() } else { Some(amount) });
            own.ok_or_else(|| too_large(&sums.code))
        };
        let balance = Balance {
            opening: on_own_side(Some(sums.before))?,
            debit: sums.debit,
            credit: sums.credit,
            closing: on_own_side(closing)?,
        };
        items.entry(sums.code).or_default().push((sums.account, balance));
    }
    let items = items.into_iter().map(|(code, accounts)| {
        let sum = accounts.iter().try_fold(Balance::default(), |sum, (_, one)| sum.plus(one));
        let balance = sum.ok_or_else(|| too_large(&code))?;
        Ok(Item { code, credit, balance, accounts })
    });
    items.collect()
}

fn too_large(code: &str) -> StoreError {
    StoreError::corrupt("balance", format!("that of `{code}` is too large"))
}

impl Balance {
    fn plus(self, other: &Self) -> Option<Self> {
        Some(Self {
            opening: self.opening.checked_add(other.opening)?,
            debit: self.debit.checked_add(other.debit)?,
            credit: self.credit.checked_add(other.credit)?,
            closing: self.closing.checked_add(other.closing)?,
        })
    }
}

impl Item {
    /// Whether there is anything to tell in a statement.
    pub fn is_told(&self) -> bool {
        let balance = self.balance;
        balance.opening != 0 || balance.closing != 0 || balance.debit != 0 || balance.credit != 0
    }

    /// The ticket that it is, if it is one.
    pub fn ticket(&self, run: &Run) -> Option<String> {
        matches!(run.by, DetailKind::Contract | DetailKind::Case).then(|| self.code.clone())
    }

    /// The fact `balance`.
    pub fn fact(&self, run: &Run, currency: &Currency) -> Value {
        let mut fact = amounts(&self.balance, currency);
        fact.insert("kind".into(), Value::text(run.by.word()));
        fact.insert("code".into(), Value::text(self.code.as_str()));
        let accounts = self.accounts.iter().map(|(account, balance)| {
            let mut one = amounts(balance, currency);
            one.insert("account".into(), Value::text(account.as_str()));
            Value::Map(one)
        });
        fact.insert("accounts".into(), Value::List(accounts.collect()));
        Value::Map(fact)
    }
}

fn amounts(balance: &Balance, currency: &Currency) -> Map {
    let money = |minor: i64| Value::Decimal(amount::decimal(minor, currency));
    let entries = [
        ("opening", money(balance.opening)),
        ("debit", money(balance.debit)),
        ("credit", money(balance.credit)),
        ("closing", money(balance.closing)),
    ];
    entries.into_iter().map(|(name, value)| (Arc::from(name), value)).collect()
}

/// Vouchers that a preview would have posted in earlier periods.
#[derive(Default)]
pub struct Previewed(Vec<Voucher>);

impl Previewed {
    pub fn keep(&mut self, vouchers: &[Voucher]) {
        self.0.extend_from_slice(vouchers);
    }

    /// Adds what they would have moved to the sums of a later period.
    pub fn lay_over(&self, sums: &mut [Sums], over: &Over<'_>) {
        for voucher in self.0.iter().filter(|voucher| voucher.header().date <= over.to) {
            let before = voucher.header().date < over.from;
            for line in voucher.lines() {
                let code = DetailKind::named(over.by).and_then(|kind| line.details.get(&kind));
                let own = |sums: &&mut Sums| *sums.account == *line.account && Some(&sums.code) == code;
                let Some(sums) = sums.iter_mut().find(own) else { continue };
                if before {
                    let moved = line.debit_minor.saturating_sub(line.credit_minor);
                    sums.before = sums.before.saturating_add(moved);
                } else {
                    sums.debit = sums.debit.saturating_add(line.debit_minor);
                    sums.credit = sums.credit.saturating_add(line.credit_minor);
                }
            }
        }
    }
}
