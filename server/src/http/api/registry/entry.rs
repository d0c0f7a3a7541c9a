//! What an entry of a register must be able to do, and the parts that many entries share.

use aftercare_engine::ledger::amount::{Amount, Currency, decimal};
use chrono::{DateTime, Utc};
use poem_openapi::Object;
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::http::once::Stop;
use crate::http::problem::{FieldError, Problem};
use crate::store::registry::{Editable, Row};
use crate::store::{Store, StoreError, Transaction};

/// What names an entry, and which picture of it this is: the version that its reader saw.
pub trait Keyed {
    fn key(&self) -> &str;
    fn version(&self) -> Option<i64>;
}

/// One entry as it travels.
pub trait Entry:
    Keyed + Type + ParseFromJSON + ToJSON + DeserializeOwned + Clone + Send + Sync + 'static
{
    type Table: Editable;
    /// What people call one.
    const THING: &'static str = "entry";
    /// Name of the facts that hold one, by which roles hide parts of it; empty: nothing can be hidden.
    const FACTS: &'static str = "";

    /// The branch that it belongs to: people who are bound to another one do not change it. None: the whole
    /// company's.
    fn branch(&self) -> Option<&str> {
        None
    }

    /// From its row.
    fn read(row: Row<Self::Table>, reading: &Reading<'_>) -> Self;
    /// To its row; what is wrong is noted. What the store itself sets is left at its default.
    fn write(&self, writing: &mut Writing<'_>) -> Row<Self::Table>;

    /// Adds what stands in other tables.
    fn complete(self, _store: &Store) -> impl Future<Output = Result<Self, StoreError>> + Send {
        async { Ok(self) }
    }

    /// Checks what only the store knows and writes what stands in other tables, in the same transaction.
    fn accompany(
        &self,
        _tx: &Transaction,
        _change: Change<Row<Self::Table>>,
    ) -> impl Future<Output = Result<(), Stop>> + Send {
        async { Ok(()) }
    }
}

/// How an entry comes to be as it is.
pub struct Change<R> {
    /// The row that it replaces; none: it is new.
    pub before: Option<R>,
    pub who: String,
    pub now: DateTime<Utc>,
}

/// What reading a row needs to know.
pub struct Reading<'a> {
    pub currency: &'a Currency,
}

impl Reading<'_> {
    /// Minor units as the wire has them.
    pub fn amount(&self, minor: i64) -> String {
        decimal(minor, self.currency).to_string()
    }
}

/// What writing a row needs to know, and the mistakes found on the way.
pub struct Writing<'a> {
    pub currency: &'a Currency,
    /// Calling code that a leading 0 of a phone number stands for.
    pub country: &'a str,
    pub errors: Vec<FieldError>,
}

impl Writing<'_> {
    /// An amount in minor units.
    pub fn amount(&mut self, field: &str, text: &str) -> i64 {
        let number = Decimal::from_str_exact(text.trim()).ok().filter(|number| !number.is_sign_negative());
        let minor =
            number.and_then(|number| Amount::exact(number, self.currency).ok()).map(|amount| amount.minor());
        minor.unwrap_or_else(|| {
            let digits = self.currency.minor_digits.to_string();
            self.errors.push(FieldError::new(field, "field-amount", vec![("digits", digits)]));
            0
        })
    }

    /// A text that must say something.
    pub fn required(&mut self, field: &str, text: &str) -> String {
        if text.trim().is_empty() {
            self.errors.push(FieldError::new(field, "field-required", vec![]));
        }
        text.trim().to_owned()
    }

    /// A key: letters, digits and `-_./`, without spaces.
    pub fn key(&mut self, field: &str, text: &str) -> String {
        let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
        if text.is_empty() || text.chars().count() > 64 || !text.chars().all(fits) {
            self.wrong(field, "it must be 1 to 64 letters, digits, `-`, `_` or `.`");
        }
        text.to_owned()
    }

    /// One of a few words.
    pub fn word(&mut self, field: &str, text: &str, words: &[&str]) -> String {
        if !words.contains(&text) {
            self.wrong(field, &format!("it must be one of {}", words.join(", ")));
        }
        text.to_owned()
    }

    pub fn wrong(&mut self, field: &str, reason: &str) {
        self.errors.push(FieldError::new(field, "field-invalid", vec![("reason", reason.to_owned())]));
    }

    /// The mistakes as a problem, if there are any.
    pub fn finish(self) -> Result<(), Problem> {
        if self.errors.is_empty() { Ok(()) } else { Err(Problem::fields(self.errors)) }
    }
}

/// A name in the four languages; at least one is there.
#[derive(Clone, Debug, Default, Object, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Names {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fa: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zh: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pl: Option<String>,
}

impl Names {
    /// From the stored JSON.
    pub fn read(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// As JSON to store.
    pub fn write(&self, writing: &mut Writing<'_>) -> String {
        let texts = [&self.en, &self.fa, &self.zh, &self.pl];
        if texts.into_iter().flatten().all(|text| text.trim().is_empty()) {
            writing.errors.push(FieldError::new("name", "field-required", vec![]));
        }
        serde_json::to_string(self).unwrap_or_default()
    }
}
