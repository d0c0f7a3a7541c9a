//! Customers: one entry per person or company, found by phone, never twice under one number.

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::text;
use poem::http::StatusCode;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::routes::register;
use super::{Change, Entry, Reading, Writing, change, show};
use crate::app::App;
use crate::entity::customer;
use crate::http::access;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{FieldError, Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::registry::customer::{self as customers, Phone};
use crate::store::{Store, StoreError, Transaction, registry};

register!(
    /// Customers.
    Customers, Customer by code, "/customers", "/customers/:key", RegistriesWrite
);

/// A consumer or company
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    pub code: String,
    /// `person` or `company`
    pub kind: String,
    pub name: String,
    /// The first one gets messages. However they are written, a number belongs to one customer
    pub phones: Vec<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub national_id: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub tax_id: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub email: Option<String>,
    /// Language of messages: `fa`, `en`, `zh`, `pl`
    pub language: String,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub province: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub city: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub address: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub postcode: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub notes: Option<String>,
    /// In major units
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub credit_limit: Option<String>,
    /// Code of the customer that this one is now part of
    #[oai(skip_serializing_if_is_none, read_only)]
    #[serde(default)]
    pub merged_into: Option<String>,
    /// Which picture of it this is; needed to change it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub version: Option<i64>,
    /// The numbers as they are matched; made when the entry is written.
    #[oai(skip)]
    #[serde(skip)]
    matched: std::sync::Arc<std::sync::OnceLock<Vec<Phone>>>,
}

impl Entry for Customer {
    type Table = customer::Entity;
    const THING: &'static str = "customer";
    const FACTS: &'static str = "customer";

    fn read(row: customer::Model, reading: &Reading<'_>) -> Self {
        Self {
            code: row.code,
            kind: row.kind,
            name: row.name,
            phones: Vec::new(),
            national_id: row.national_id,
            tax_id: row.tax_id,
            email: row.email,
            language: row.language,
            province: row.province,
            city: row.city,
            address: row.address,
            postcode: row.postcode,
            notes: row.notes,
            credit_limit: row.credit_limit.map(|minor| reading.amount(minor)),
            merged_into: row.merged_into,
            version: Some(row.version),
            matched: Default::default(),
        }
    }

    fn write(&self, writing: &mut Writing<'_>) -> customer::Model {
        let mut phones = Vec::new();
        for (n, number) in self.phones.iter().enumerate() {
            match text::phone(number, writing.country) {
                Some(digits) => {
                    phones.push(Phone {
                        number: number.clone(),
                        digits: digits.trim_start_matches('+').to_owned(),
                    });
                }
                None => writing.errors.push(FieldError::new(&format!("phones[{n}]"), "field-phone", vec![])),
            }
        }
        phones.dedup_by(|one, other| one.digits == other.digits);
        // A clone that is written twice has the same numbers.
        let _ = self.matched.set(phones);
        customer::Model {
            code: writing.key("code", &self.code),
            kind: writing.word("kind", &self.kind, &["person", "company"]),
            name: writing.required("name", &self.name),
            name_key: text::folded(&self.name),
            national_id: self.national_id.as_deref().map(text::latin_digits),
            tax_id: self.tax_id.as_deref().map(text::latin_digits),
            email: self.email.clone(),
            language: writing.word("language", &self.language, &["en", "fa", "zh", "pl"]),
            province: self.province.clone(),
            city: self.city.clone(),
            address: self.address.clone(),
            postcode: self.postcode.clone(),
            notes: self.notes.clone(),
            credit_limit: self.credit_limit.as_ref().map(|limit| writing.amount("credit_limit", limit)),
            ..Default::default()
        }
    }

    async fn complete(mut self, store: &Store) -> Result<Self, StoreError> {
        self.phones = customers::phones(store.reader(), &self.code)
            .await?
            .into_iter()
            .map(|phone| phone.number)
            .collect();
        Ok(self)
    }

    async fn accompany(&self, tx: &Transaction, _change: Change<customer::Model>) -> Result<(), Stop> {
        let phones = self.matched.get().cloned().unwrap_or_default();
        let digits: Vec<String> = phones.iter().map(|phone| phone.digits.clone()).collect();
        let same = customers::same(tx, &digits, self.national_id.as_deref(), &self.code).await?;
        if let Some(other) = same.first() {
            let values = vec![
                ("what", Self::THING.to_owned()),
                ("field", "phones".to_owned()),
                ("value", self.phones.join(", ")),
            ];
            let problem = Problem::new(Kind::Conflict, "detail-exists", values);
            return Err(problem.with("existing", other.as_str().into()).into());
        }
        customers::set_phones(tx, &self.code, &phones).await?;
        Ok(())
    }
}

/// Two customers who are one.
pub struct Merge(pub App);

/// Which customer becomes part of another.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
struct MergeInto {
    /// Code of the customer that stays
    into: String,
    /// Version of the customer that goes, as you saw it
    version: i64,
}

#[OpenApi(tag = "Tag::Registers")]
impl Merge {
    /// Makes one customer out of two: phones, devices, cards and tickets go to the one that stays
    #[oai(path = "/customers/:key/merge", method = "post")]
    async fn merge(
        &self,
        who: SignedIn,
        key: Path<String>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<MergeInto>,
    ) -> Result<Answer<Customer>, Problem> {
        who.may(&self.0, Permission::RegistriesWrite)?;
        let request = once_key.request(&who.caller, &body.hash);
        let MergeInto { into, version } = body.value;
        let from = key.0;
        if into == from {
            let reason = "a customer cannot become part of itself".to_owned();
            return Err(Problem::fields(vec![FieldError::new(
                "into",
                "field-invalid",
                vec![("reason", reason)],
            )]));
        }
        let stays: Customer = show::find(&self.0, &into).await?;
        if stays.merged_into.is_some() {
            let values = vec![("what", "customer".to_owned())];
            return Err(Problem::fields(vec![FieldError::new("into", "field-not-found", values)]));
        }
        let (now, currency) = (self.0.clock.now(), access::currency(&self.0));
        let hidden = who.hidden(&self.0);
        once(&self.0, request, move |tx| {
            Box::pin(async move {
                let row = registry::one::<<Customer as Entry>::Table>(tx, &from).await?;
                let row = row.ok_or_else(|| Problem::not_found("customer", from.as_str()))?;
                if row.version != version || row.merged_into.is_some() {
                    return Err(Problem::stale(version, row.version, serde_json::Value::Null).into());
                }
                customers::merge(tx, &row, &into, now).await?;
                let kept = registry::one::<<Customer as Entry>::Table>(tx, &into).await?;
                let kept = kept.ok_or_else(|| Problem::not_found("customer", into.as_str()))?;
                let mut kept = Customer::read(kept, &Reading { currency: &currency });
                kept.phones =
                    customers::phones(tx, &into).await?.into_iter().map(|phone| phone.number).collect();
                let version = kept.version.unwrap_or_default();
                Ok::<_, Stop>(change::told(StatusCode::OK, &kept, version, &hidden))
            })
        })
        .await
    }
}
