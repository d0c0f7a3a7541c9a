//! One compiled bundle.

use std::sync::{Arc, Mutex, PoisonError};

use aftercare_engine::bundle::Bundle;
use aftercare_engine::company::Company;
use aftercare_engine::deadline::Calendar;
use aftercare_engine::facts::{Value, shape};
use aftercare_engine::language::Language;
use aftercare_engine::ledger::Currency;
use aftercare_engine::library::Library;
use aftercare_engine::statechart::Statechart;
use chrono::{DateTime, NaiveDate, Utc};

/// A bundle, ready to use.
#[derive(Debug)]
pub struct Version {
    bundle: Bundle,
    /// The rates that were asked for last, and their day.
    rates: Mutex<Option<(NaiveDate, Arc<Value>)>>,
}

impl Version {
    /// Before anything is deployed.
    pub fn empty() -> Self {
        Self::of(Bundle::default())
    }

    pub(super) fn of(bundle: Bundle) -> Self {
        Self { bundle, rates: Mutex::default() }
    }

    /// Its content's hash.
    pub fn hash(&self) -> &str {
        &self.bundle.hash
    }

    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    pub fn library(&self) -> &Arc<Library> {
        &self.bundle.library
    }

    /// Names of its processes.
    pub fn processes(&self) -> impl Iterator<Item = &str> {
        self.bundle.processes.keys().map(String::as_str)
    }

    pub fn chart(&self, process: &str) -> Option<&Arc<Statechart>> {
        self.bundle.chart(process)
    }

    pub fn company(&self) -> Option<&Company> {
        self.bundle.library.company.as_ref()
    }

    /// The currency of the books; without a company, units without a name.
    pub fn currency(&self) -> Currency {
        self.company().map_or_else(|| Currency::new("XXX", 0), |company| company.currency.clone())
    }

    /// The language of the books.
    pub fn language(&self) -> Language {
        let code = self.company().map(|company| company.books_language.clone());
        code.and_then(|code| Language::of_code(&code)).unwrap_or(Language::En)
    }

    /// The fact `rates` on a day; none without a company. Most ask for the same day as the one before.
    pub fn rates(&self, on: NaiveDate) -> Option<Arc<Value>> {
        let company = self.company()?;
        let mut last = self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, rates)) = last.as_ref().filter(|(day, _)| *day == on) {
            return Some(Arc::clone(rates));
        }
        let rates = Arc::new(shape::read("rates", company.rates(on)));
        *last = Some((on, Arc::clone(&rates)));
        Some(rates)
    }

    /// A branch's working calendar, or the company's.
    pub fn calendar(&self, name: Option<&str>) -> Arc<Calendar> {
        let library = self.library();
        let own = name.and_then(|name| library.calendars.get(name));
        own.cloned().unwrap_or_else(|| library.calendar())
    }

    /// The day in the company's time zone.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.library().zone()).date_naive()
    }
}
