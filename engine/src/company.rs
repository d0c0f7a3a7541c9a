//! The compiled company: money, rates by day, fiscal years and document numbers.
//!
//! Everything is a pure function of a day that the caller names; nothing here knows what day it is.

pub mod date;
pub mod fiscal;
pub mod numbering;
pub mod vat;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::deadline::Length;
use crate::definition::Translated;
use crate::definition::company::{
    CalendarSystem, CompanyFile, DispatchEntry, Exact, VatRounding, WarrantyCosts,
};
use crate::diagnostic::{Diagnostic, Sp};
use crate::facts::charges::Rounding;
use crate::facts::{Map, Value};
use crate::ledger::{Accounts, Books, Currency};

pub use fiscal::FiscalYear;
pub use numbering::NumberFormat;
pub use vat::VatRates;

/// What languages the product speaks; the books are kept in one of them.
pub const LANGUAGES: [&str; 4] = ["en", "fa", "zh", "pl"];

/// When the company does not say when an open ticket is stale.
const STALE_AFTER_DAYS: u16 = 7;

/// Who keeps the books, in what money and by what rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Company {
    pub code: Arc<str>,
    pub name: Translated,
    pub economic_code: Option<Arc<str>>,
    pub currency: Currency,
    /// Local time less UTC.
    pub offset_minutes: i32,
    /// What the leading 0 of a phone number stands for.
    pub calling_code: Option<Arc<str>>,
    pub books_language: Arc<str>,
    pub fiscal_year: FiscalYear,
    /// Whose months the terms of warranties and contracts are counted in.
    pub calendar: CalendarSystem,
    pub vat: VatRates,
    pub vat_rounding: VatRounding,
    /// What a customer pays is a multiple of this many units of the currency; 1 for no rounding.
    pub rounding: u32,
    pub urgency_percent: u16,
    pub warranty_costs: WarrantyCosts,
    pub provision_percent: Decimal,
    pub labour_absorption: bool,
    pub goodwill_vat: bool,
    pub withholding_percent: Decimal,
    pub reviewed_by_another: bool,
    /// How long nothing may happen to an open ticket before it is listed as stale.
    pub stale_after_days: u16,
    pub dispatch: Option<Dispatch>,
    pub numbers: BTreeMap<Arc<str>, NumberFormat>,
}

/// How requests find somebody. That there are such rules is for [`check`](crate::check).
#[derive(Clone, Debug, PartialEq)]
pub struct Dispatch {
    pub suits: Sp<String>,
    pub urgency: Sp<String>,
    pub job: Length,
}

impl Dispatch {
    fn compile(entry: &DispatchEntry) -> Result<Self, Box<Diagnostic>> {
        let job = Length::compile(&entry.job)?;
        Ok(Self { suits: entry.suits.clone(), urgency: entry.urgency.clone(), job })
    }
}

impl Company {
    /// Checks the company file.
    ///
    /// # Errors
    /// Every finding at once.
    pub fn compile(file: &CompanyFile) -> Result<Self, Vec<Diagnostic>> {
        let mut found = Vec::new();
        let offset_minutes = keep(date::offset_minutes(&file.time_zone), &mut found);
        let fiscal_year = keep(FiscalYear::compile(&file.fiscal_year), &mut found);
        let vat = VatRates::compile(&file.vat).map_err(|more| found.extend(more)).ok();
        let dispatch = file.dispatch.as_ref().and_then(|entry| keep(Dispatch::compile(entry), &mut found));
        let mut numbers = BTreeMap::new();
        for (series, entry) in file.numbers.iter() {
            match NumberFormat::compile(series, entry) {
                Ok(format) => _ = numbers.insert(Arc::from(series.value.as_str()), format),
                Err(diagnostic) => found.push(*diagnostic),
            }
        }
        check_words(file, &mut found);
        match (offset_minutes, fiscal_year, vat) {
            (Some(offset_minutes), Some(fiscal_year), Some(vat)) if found.is_empty() => Ok(Self {
                code: Arc::from(file.company.value.as_str()),
                name: file.name.clone(),
                economic_code: file.economic_code.as_ref().map(|code| Arc::from(code.value.as_str())),
                currency: Currency::new(file.currency.code.value.as_str(), file.currency.minor_digits.value),
                offset_minutes,
                calling_code: file.calling_code.as_ref().map(|code| Arc::from(code.value.as_str())),
                books_language: Arc::from(file.books_language.value.as_str()),
                fiscal_year,
                calendar: file.calendar.as_ref().unwrap_or(&file.fiscal_year.calendar).value,
                vat,
                vat_rounding: file.vat.rounding.value,
                rounding: file.document_rounding.as_ref().map_or(1, |rounding| rounding.to.value),
                urgency_percent: file.urgency_percent.value,
                warranty_costs: file
                    .warranty_costs
                    .as_ref()
                    .map_or_else(Default::default, |costs| costs.value),
                provision_percent: percent(file.provision_percent.as_ref()),
                withholding_percent: percent(file.withholding_percent.as_ref()),
                labour_absorption: file.labour_absorption.as_ref().is_some_and(|flag| flag.value),
                goodwill_vat: file.goodwill_vat.as_ref().is_some_and(|flag| flag.value),
                reviewed_by_another: file.reviewed_by_another.as_ref().is_none_or(|flag| flag.value),
                stale_after_days: file.stale_after_days.as_ref().map_or(STALE_AFTER_DAYS, |days| days.value),
                dispatch,
                numbers,
            }),
            _ => Err(found),
        }
    }

    /// The day in the company's time zone.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.checked_add_signed(Duration::minutes(self.offset_minutes.into())).unwrap_or(at).date_naive()
    }

    /// The fact `rates` on a day, by the names of [`shape::RATES`](crate::facts::shape::RATES).
    pub fn rates(&self, on: NaiveDate) -> Value {
        let costs = match self.warranty_costs {
            WarrantyCosts::Provision => "provision",
            WarrantyCosts::Expense => "expense",
        };
        let rates: [(&str, Value); 11] = [
            ("calendar", self.calendar.word().into()),
            ("vat", self.vat.percent("standard", on).into()),
            ("urgency_percent", i64::from(self.urgency_percent).into()),
            ("currency", Value::text(self.currency.code.clone())),
            ("minor_digits", i64::from(self.currency.minor_digits).into()),
            ("rounding", i64::from(self.rounding).into()),
            ("warranty_costs", costs.into()),
            ("provision_percent", self.provision_percent.into()),
            ("labour_absorption", self.labour_absorption.into()),
            ("goodwill_vat", self.goodwill_vat.into()),
            ("withholding_percent", self.withholding_percent.into()),
        ];
        Value::Map(rates.into_iter().map(|(name, value)| (Arc::from(name), value)).collect::<Map>())
    }

    /// How documents are rounded.
    pub fn document_rounding(&self) -> Rounding {
        Rounding {
            minor_digits: self.currency.minor_digits.into(),
            vat: self.vat_rounding,
            to: self.rounding,
        }
    }

    /// What voucher templates are compiled against.
    pub fn books<'a>(&self, accounts: &'a Accounts) -> Books<'a> {
        Books { accounts, currency: self.currency.clone(), language: self.books_language.clone() }
    }
}

fn percent(written: Option<&Exact>) -> Decimal {
    written.map_or(Decimal::ZERO, |percent| percent.0.value)
}

fn keep<T>(result: Result<T, Box<Diagnostic>>, found: &mut Vec<Diagnostic>) -> Option<T> {
    result.map_err(|diagnostic| found.push(*diagnostic)).ok()
}

fn check_words(file: &CompanyFile, found: &mut Vec<Diagnostic>) {
    let code = &file.currency.code;
    if code.value.len() != 3 || !code.value.bytes().all(|byte| byte.is_ascii_uppercase()) {
        found.push(
            Diagnostic::error("AC0620", code.place, format!("`{}` is not a currency code", code.value))
                .help("ISO 4217 has three capital letters, such as `IRR`, `PLN`, `CNY`"),
        );
    }
    let digits = &file.currency.minor_digits;
    if digits.value > 4 {
        let message = format!("no currency has {} minor digits", digits.value);
        found.push(Diagnostic::error("AC0620", digits.place, message));
    }
    if let Some(code) = &file.calling_code
        && !((1..=3).contains(&code.value.len()) && code.value.bytes().all(|byte| byte.is_ascii_digit()))
    {
        let message = format!("`{}` is not a calling code", code.value);
        found.push(
            Diagnostic::error("AC0627", code.place, message).help("write its digits alone, such as `98`"),
        );
    }
    let language = &file.books_language;
    if !LANGUAGES.contains(&language.value.as_str()) {
        let message = format!("the books cannot be kept in `{}`", language.value);
        found.push(Diagnostic::error("AC0621", language.place, message).nearest(
            "language",
            &language.value,
            LANGUAGES,
        ));
    }
    if let Some(rounding) = file.document_rounding.as_ref().filter(|rounding| rounding.to.value == 0) {
        found.push(Diagnostic::error("AC0622", rounding.to.place, "documents cannot be rounded to `0`"));
    }
}

#[cfg(test)]
mod tests;
