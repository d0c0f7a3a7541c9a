//! Warranty cards.

use poem_openapi::Object;
use serde::Deserialize;

use chrono::NaiveDate;

use super::routes::register;
use super::{Change, Entry, Reading, Writing};
use crate::effects::json;
use crate::entity::{card, card_change};
use crate::facts::card_fact;
use crate::http::once::Stop;
use crate::store::Transaction;
use crate::store::registry::{card as cards, one};

register!(
    /// Warranty cards.
    Cards, Card by number, "/cards", "/cards/:key", RegistriesWrite
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

    fn write(&self, writing: &mut Writing<'_>) -> card::Model {
        card::Model {
            number: writing.key("number", &self.number),
            device: self.device.clone(),
            status: writing.word("status", &self.status, &["issued", "active", "void"]),
            kind: writing.word("kind", &self.kind, &["internal", "outsourced"]),
            partner: self.partner.clone(),
            holder: self.holder.clone(),
            issued_on: self.issued_on,
            sold_on: self.sold_on,
            seller: self.seller.clone(),
            invoice_no: self.invoice_no.clone(),
            stamped: self.stamped,
            guarantee_from: self.guarantee_from,
            guarantee_to: self.guarantee_to,
            warranty_from: self.warranty_from,
            warranty_to: self.warranty_to,
            commitment_from: self.commitment_from,
            commitment_to: self.commitment_to,
            extended_from: self.extended_from,
            extended_to: self.extended_to,
            ..Default::default()
        }
    }

    /// What a step does to a card is in the card's own history; so is what a person does.
    async fn accompany(&self, tx: &Transaction, change: Change<card::Model>) -> Result<(), Stop> {
        let after = one::<card::Entity>(tx, &self.number).await?;
        if let Some((before, after)) = change.before.zip(after) {
            let edited = card_change::Model {
                id: 0,
                card: after.number.clone(),
                ticket: None,
                source: format!("card/{}/{}", after.number, after.version),
                change: "edited".to_owned(),
                reason: String::new(),
                before: Some(json("card", &card_fact(&before))?),
                after: json("card", &card_fact(&after))?,
                actor: change.who,
                at: change.now,
            };
            cards::note(tx, edited).await?;
        }
        Ok(())
    }
}
