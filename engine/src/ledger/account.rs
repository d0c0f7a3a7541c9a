//! The compiled chart of accounts: who may be posted to, and with which details.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{AccountClass, Currency, DetailKind, Nature, StandsFor};
use crate::definition::Translated;
use crate::definition::books::{AccountEntry, AccountsFile, Control};
use crate::diagnostic::{Diagnostic, Sp};

/// An account of any level.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    pub code: Arc<str>,
    pub level: Level,
    pub title: Translated,
    pub nature: Nature,
    /// Outside the balance sheet.
    pub memo: bool,
    pub class: AccountClass,
    /// What reports look for under it.
    pub stands_for: Option<StandsFor>,
    pub details: Details,
    /// The register whose value it carries.
    pub control: Option<Control>,
}

impl Account {
    /// Whether something is set aside for products on it: a provision.
    pub fn sets_aside(&self) -> bool {
        !self.memo && self.nature == Nature::Credit && self.details.required.contains(&DetailKind::Product)
    }
}

/// How deep an account stands in the chart; its code has 1, 3 or 6 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Group,
    General,
    Subsidiary,
}

/// The details that a line of an account gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// All of these.
    pub required: BTreeSet<DetailKind>,
    /// Exactly one of these, unless there are none.
    pub one_of: BTreeSet<DetailKind>,
    /// Any of these.
    pub optional: BTreeSet<DetailKind>,
}

impl Details {
    /// What is wrong with giving exactly these kinds.
    pub fn objection(&self, given: impl IntoIterator<Item = DetailKind>) -> Option<String> {
        let given: BTreeSet<DetailKind> = given.into_iter().collect();
        if let Some(kind) = self.required.difference(&given).next() {
            return Some(format!("needs the detail `{}`", kind.word()));
        }
        let chosen = self.one_of.intersection(&given).count();
        if !self.one_of.is_empty() && chosen != 1 {
            let words: Vec<&str> = self.one_of.iter().map(|kind| kind.word()).collect();
            return Some(format!("needs exactly one of the details `{}`", words.join("`, `")));
        }
        let known = |kind: &&DetailKind| {
            [&self.required, &self.one_of, &self.optional].iter().any(|set| set.contains(*kind))
        };
        let other = given.iter().find(|kind| !known(kind))?;
        Some(format!("has no detail `{}`", other.word()))
    }
}

/// The chart of accounts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accounts {
    by_code: BTreeMap<Arc<str>, Account>,
}

/// What templates are compiled against: the chart, the money and the language of the books.
#[derive(Clone, Debug)]
pub struct Books<'a> {
    pub accounts: &'a Accounts,
    pub currency: Currency,
    /// Language of the texts in vouchers.
    pub language: Arc<str>,
}

impl Accounts {
    /// Checks the chart: levels, parents, natures, details.
    ///
    /// # Errors
    /// Every finding at once.
    pub fn compile(file: &AccountsFile) -> Result<Self, Vec<Diagnostic>> {
        let mut found = Vec::new();
        let mut accounts = Self::default();
        // Parents first: a shorter code is a level above.
        let mut entries: Vec<_> = file.accounts.iter().collect();
        entries.sort_by(|a, b| (a.0.len(), &a.0.value).cmp(&(b.0.len(), &b.0.value)));
        for (code, entry) in entries {
            match accounts.account(code, entry) {
                Ok(account) => {
                    accounts.by_code.insert(account.code.clone(), account);
                }
                Err(diagnostic) => found.push(*diagnostic),
            }
        }
        if found.is_empty() { Ok(accounts) } else { Err(found) }
    }

    fn account(&self, code: &Sp<String>, entry: &AccountEntry) -> Result<Account, Box<Diagnostic>> {
        let level = level(code)?;
        let above = match level {
            Level::Group => None,
            Level::General => Some(self.parent(code, 1)?),
            Level::Subsidiary => Some(self.parent(code, 3)?),
        };
        let nature = match (&entry.nature, above) {
            (Some(nature), _) => nature.value,
            (None, Some(above)) => above.nature,
            (None, None) => {
                return Err(Box::new(
                    Diagnostic::error("AC0611", code.place, format!("group `{}` has no nature", code.value))
                        .help("add `nature: debit`, `credit` or `neutral`; the accounts below follow it"),
                ));
            }
        };
        let memo = entry.memo.as_ref().map_or(above.is_some_and(|above| above.memo), |memo| memo.value);
        let details = details(entry)?;
        let by_nature = match nature {
            Nature::Debit => AccountClass::Asset,
            Nature::Credit => AccountClass::Liability,
            Nature::Neutral => AccountClass::Equity,
        };
        let class = entry.class.as_ref().map(|class| class.value).or(above.map(|above| above.class));
        let own = entry.stands_for.as_ref().map(|word| word.value);
        Ok(Account {
            code: Arc::from(code.value.as_str()),
            level,
            title: entry.title.clone(),
            nature,
            memo,
            class: class.unwrap_or(by_nature),
            stands_for: own.or(above.and_then(|above| above.stands_for)),
            control: control(entry, &details)?,
            details,
        })
    }

    fn parent(&self, code: &Sp<String>, digits: usize) -> Result<&Account, Box<Diagnostic>> {
        let above = code.value.get(..digits).unwrap_or_default();
        self.by_code.get(above).ok_or_else(|| {
            Box::new(
                Diagnostic::error(
                    "AC0612",
                    code.place,
                    format!("account `{}` has no level above", code.value),
                )
                .help(format!("add the account `{above}`")),
            )
        })
    }

    pub fn get(&self, code: &str) -> Option<&Account> {
        self.by_code.get(code)
    }

    /// All accounts in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &Account> {
        self.by_code.values()
    }

    /// Codes of the accounts that lines are posted to and that stand for something.
    pub fn standing_for(&self, what: StandsFor) -> impl Iterator<Item = &Arc<str>> {
        let fitting =
            move |account: &&Account| account.level == Level::Subsidiary && account.stands_for == Some(what);
        self.iter().filter(fitting).map(|account| &account.code)
    }

    /// The account that a template may post to.
    ///
    /// # Errors
    /// When it is unknown, or a level that only sums up.
    pub fn postable(&self, code: &Sp<String>) -> Result<&Account, Box<Diagnostic>> {
        let leaves = || self.iter().filter(|account| account.level == Level::Subsidiary);
        match self.get(&code.value) {
            Some(account) if account.level == Level::Subsidiary => Ok(account),
            Some(_) => Err(Box::new(
                Diagnostic::error(
                    "AC0602",
                    code.place,
                    format!("account `{}` only sums up others", code.value),
                )
                .help("post to a subsidiary account, which has six digits"),
            )),
            None => Err(Box::new(
                Diagnostic::error("AC0601", code.place, format!("there is no account `{}`", code.value))
                    .nearest("account", &code.value, leaves().map(|account| &*account.code)),
            )),
        }
    }
}

fn level(code: &Sp<String>) -> Result<Level, Box<Diagnostic>> {
    let digits = code.value.bytes().all(|byte| byte.is_ascii_digit());
    match (digits, code.value.len()) {
        (true, 1) => Ok(Level::Group),
        (true, 3) => Ok(Level::General),
        (true, 6) => Ok(Level::Subsidiary),
        _ => Err(Box::new(
            Diagnostic::error("AC0610", code.place, format!("`{}` is not an account code", code.value))
                .help("a group has 1 digit, a general account 3, a subsidiary account 6"),
        )),
    }
}

fn details(entry: &AccountEntry) -> Result<Details, Box<Diagnostic>> {
    let mut seen = BTreeSet::new();
    for kind in entry.details.iter().chain(&entry.one_of).chain(&entry.optional) {
        if !seen.insert(kind.value) {
            let message = format!("the detail `{}` is given twice", kind.value.word());
            return Err(Box::new(Diagnostic::error("AC0613", kind.place, message)));
        }
    }
    let set = |kinds: &[Sp<DetailKind>]| kinds.iter().map(|kind| kind.value).collect();
    Ok(Details { required: set(&entry.details), one_of: set(&entry.one_of), optional: set(&entry.optional) })
}

/// A register's value can only be held against lines that say which part of it they are about.
fn control(entry: &AccountEntry, details: &Details) -> Result<Option<Control>, Box<Diagnostic>> {
    let Some(control) = &entry.control else { return Ok(None) };
    let (Control::Stock, needed) = (control.value, DetailKind::Warehouse);
    if details.required.contains(&needed) {
        return Ok(Some(control.value));
    }
    let message = format!("an account that carries stock needs the detail `{}`", needed.word());
    Err(Box::new(
        Diagnostic::error("AC0614", control.place, message).help("add it to the account's `details`"),
    ))
}
