//! Agencies and partners.

use poem_openapi::Object;
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Deserialize;

use chrono::NaiveDate;

use super::routes::register_routes;
use super::{Entry, Names, Reading, Writing};
use crate::entity::agency;

register_routes!(
    /// Agencies and partners.
    Agencies,
    Agency,
    "/agencies",
    "/agencies/:key",
    RegistriesWrite
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

    fn key(&self) -> &str {
        &self.code
    }

    fn version(&self) -> Option<i64> {
        self.version
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

    fn write(&self, writing: &mut Writing<'_>) -> agency::ActiveModel {
        agency::ActiveModel {
            code: Set(writing.key("code", &self.code)),
            name: Set(self.name.write(writing)),
            kind: Set(writing.word("kind", &self.kind, &["service", "sales", "both", "partner"])),
            status: Set(writing.word("status", &self.status, &["active", "suspended"])),
            branch: Set(self.branch.clone()),
            vetted_to: Set(self.vetted_to),
            credit_limit: Set(writing.amount("credit_limit", &self.credit_limit)),
            labour_percent: Set(self.labour_percent),
            language: Set(writing.word("language", &self.language, &["en", "fa", "zh", "pl"])),
            email: Set(self.email.clone()),
            phone: Set(self.phone.clone()),
            city: Set(self.city.clone()),
            address: Set(self.address.clone()),
            created_at: NotSet,
            updated_at: NotSet,
            version: NotSet,
        }
    }
}

fn zero() -> String {
    "0".into()
}

fn hundred() -> i64 {
    100
}
