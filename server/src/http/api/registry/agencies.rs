//! Agencies and partners.

use poem_openapi::Object;
use serde::Deserialize;

use chrono::NaiveDate;

use super::routes::register;
use super::{Entry, Names, Reading, Writing};
use crate::entity::agency;

register!(
    /// Agencies and partners.
    Agencies, Agency by code, "/agencies", "/agencies/:key", RegistriesWrite
);

/// An agency or partner company
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    pub code: String,
    pub name: Names,
    /// `service`, `sales`, `both`, `partner`
    pub kind: String,
    /// `active` or `suspended`
    pub status: String,
    /// Branch that looks after it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub branch: Option<String>,
    /// Last day of its vetting
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub vetted_to: Option<NaiveDate>,
    /// In major units
    #[serde(default = "zero")]
    #[oai(default = "zero")]
    pub credit_limit: String,
    /// Its tariff in percent of the labour price
    #[serde(default = "hundred")]
    #[oai(default = "hundred")]
    pub labour_percent: i64,
    /// `fa`, `en`, `zh`, `pl`
    pub language: String,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub email: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub phone: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub city: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub address: Option<String>,
    /// Which picture of it this is; needed to change it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub version: Option<i64>,
}

impl Entry for Agency {
    type Table = agency::Entity;
    const FACTS: &'static str = "agency";

    fn branch(&self) -> Option<&str> {
        self.branch.as_deref()
    }

    fn read(row: agency::Model, reading: &Reading<'_>) -> Self {
        Self {
            code: row.code,
            name: Names::read(&row.name),
            kind: row.kind,
            status: row.status,
            branch: row.branch,
            vetted_to: row.vetted_to,
            credit_limit: reading.amount(row.credit_limit),
            labour_percent: row.labour_percent,
            language: row.language,
            email: row.email,
            phone: row.phone,
            city: row.city,
            address: row.address,
            version: Some(row.version),
        }
    }

    fn write(&self, writing: &mut Writing<'_>) -> agency::Model {
        agency::Model {
            code: writing.key("code", &self.code),
            name: self.name.write(writing),
            kind: writing.word("kind", &self.kind, &["service", "sales", "both", "partner"]),
            status: writing.word("status", &self.status, &["active", "suspended"]),
            branch: self.branch.clone(),
            vetted_to: self.vetted_to,
            credit_limit: writing.amount("credit_limit", &self.credit_limit),
            labour_percent: self.labour_percent,
            language: writing.word("language", &self.language, &["en", "fa", "zh", "pl"]),
            email: self.email.clone(),
            phone: self.phone.clone(),
            city: self.city.clone(),
            address: self.address.clone(),
            ..Default::default()
        }
    }
}

fn zero() -> String {
    "0".into()
}

fn hundred() -> i64 {
    100
}
