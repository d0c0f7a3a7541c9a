//! Warranty cards.

use poem_openapi::Object;
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Deserialize;

use chrono::NaiveDate;

use super::routes::register_routes;
use super::{Entry, Reading, Writing};
use crate::entity::card;

register_routes!(
    /// Warranty cards.
    Cards,
    Card,
    "/cards",
    "/cards/:key",
    RegistriesWrite
);

/// A warranty card with its three terms
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    pub number: String,
    /// Serial
    pub device: String,
    /// `issued`, `active`, `void`
    pub status: String,
    /// `internal` or `outsourced`
    pub kind: String,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub partner: Option<String>,
    /// Customer code
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub holder: Option<String>,
    pub issued_on: NaiveDate,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub sold_on: Option<NaiveDate>,
    /// Who sold the goods
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub seller: Option<String>,
    /// The seller's invoice
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub invoice_no: Option<String>,
    #[serde(default)]
    #[oai(default)]
    pub stamped: bool,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub guarantee_from: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub guarantee_to: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub warranty_from: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub warranty_to: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub commitment_from: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub commitment_to: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub extended_from: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub extended_to: Option<NaiveDate>,
    /// Which picture of it this is; needed to change it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub version: Option<i64>,
}

impl Entry for Card {
    type Table = card::Entity;

    fn key(&self) -> &str {
        &self.number
    }

    fn version(&self) -> Option<i64> {
        self.version
    }

    fn read(row: card::Model, _: &Reading<'_>) -> Self {
        Self {
            number: row.number,
            device: row.device,
            status: row.status,
            kind: row.kind,
            partner: row.partner,
            holder: row.holder,
            issued_on: row.issued_on,
            sold_on: row.sold_on,
            seller: row.seller,
            invoice_no: row.invoice_no,
            stamped: row.stamped,
            guarantee_from: row.guarantee_from,
            guarantee_to: row.guarantee_to,
            warranty_from: row.warranty_from,
            warranty_to: row.warranty_to,
            commitment_from: row.commitment_from,
            commitment_to: row.commitment_to,
            extended_from: row.extended_from,
            extended_to: row.extended_to,
            version: Some(row.version),
        }
    }

    fn write(&self, writing: &mut Writing<'_>) -> card::ActiveModel {
        card::ActiveModel {
            number: Set(writing.key("number", &self.number)),
            device: Set(self.device.clone()),
            status: Set(writing.word("status", &self.status, &["issued", "active", "void"])),
            kind: Set(writing.word("kind", &self.kind, &["internal", "outsourced"])),
            partner: Set(self.partner.clone()),
            holder: Set(self.holder.clone()),
            issued_on: Set(self.issued_on),
            sold_on: Set(self.sold_on),
            store: NotSet,
            seller: Set(self.seller.clone()),
            invoice_no: Set(self.invoice_no.clone()),
            stamped: Set(self.stamped),
            stamped_on: NotSet,
            stamped_by: NotSet,
            guarantee_from: Set(self.guarantee_from),
            guarantee_to: Set(self.guarantee_to),
            warranty_from: Set(self.warranty_from),
            warranty_to: Set(self.warranty_to),
            commitment_from: Set(self.commitment_from),
            commitment_to: Set(self.commitment_to),
            extended_from: Set(self.extended_from),
            extended_to: Set(self.extended_to),
            created_at: NotSet,
            updated_at: NotSet,
            version: NotSet,
        }
    }
}
