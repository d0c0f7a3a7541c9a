//! The reports that accountants open: one file per report. They read, add up and tell; they change nothing.
//!
//! Amounts are minor units. Accounts are found by what the chart says they stand for, never by a code.

pub mod agency;
pub mod check;
pub mod customer;
pub mod ledger;
pub mod roll_forward;
pub mod tickets;
pub mod trial_balance;
pub mod vat;

use std::collections::BTreeMap;

use aftercare_engine::language::Language;
use aftercare_engine::ledger::{DetailKind, StandsFor};

use crate::app::App;
use crate::catalog::Version;
use crate::facts::in_language;
use crate::store::{Store, StoreError};

/// Codes of the accounts that stand for one of these.
pub fn accounts_for(version: &Version, what: &[StandsFor]) -> Vec<String> {
    let chart = &version.library().accounts;
    what.iter().flat_map(|what| chart.standing_for(*what)).map(ToString::to_string).collect()
}

/// Codes of all accounts below a code of any level that can have lines: those of the chart, and those that the
/// chart had once.
pub async fn accounts_under(app: &App, code: &str) -> Result<Vec<String>, StoreError> {
    let mut codes = app.store.posted_accounts().await?;
    codes.retain(|posted| posted.starts_with(code));
    Ok(codes)
}

/// The title of an account in the reader's language; its code when the chart does not have it any more.
pub fn title(version: &Version, account: &str, language: Language) -> String {
    let known = version.library().accounts.get(account);
    known.map_or_else(|| account.to_owned(), |known| known.title.best(language).to_owned())
}

/// Details of a line, by kind.
pub type Details = BTreeMap<DetailKind, String>;

/// Details as the store has them.
pub fn details(json: &str) -> Result<Details, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::corrupt("voucher line", error))
}

/// What details are called, in the reader's language.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<(DetailKind, String), String>);

impl Names {
    /// Looks up all names of these details, one question for each kind.
    pub async fn of<'d>(
        store: &Store,
        all: impl Iterator<Item = &'d Details>,
        language: Language,
    ) -> Result<Self, StoreError> {
        let mut codes: BTreeMap<DetailKind, std::collections::BTreeSet<&str>> = BTreeMap::new();
        for (kind, code) in all.flatten() {
            codes.entry(*kind).or_default().insert(code);
        }
        let mut names = BTreeMap::new();
        for (kind, codes) in codes {
            let codes: Vec<&str> = codes.into_iter().collect();
            let found = store.detail_names(kind, &codes).await?;
            names.extend(found.into_iter().map(|(code, name)| ((kind, code), in_language(&name, language))));
        }
        Ok(Self(names))
    }

    /// The names of these details, in one line; empty when none has one.
    pub fn told(&self, details: &Details) -> String {
        let names = details.iter().filter_map(|(kind, code)| self.0.get(&(*kind, code.clone())));
        names.cloned().collect::<Vec<_>>().join(", ")
    }
}
