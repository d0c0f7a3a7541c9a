//! Warranty policies: the terms that a card gets.

use poem_openapi::Object;
use serde::Deserialize;

use aftercare_engine::facts::shape::POLICY;
use serde_json::Value;

use crate::http::problem::FieldError;

use super::routes::register;
use super::{Entry, Names, Reading, Writing};
use crate::entity::policy;

register!(
    /// Warranty policies: the terms that a card gets.
    Policies, Policy by code, "/policies", "/policies/:key", RegistriesWrite
);

/// A warranty policy
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub code: String,
    pub name: Names,
    /// By the names of the `policy` facts: `start_basis`, `guarantee`, `warranty`, `commitment`, …
    pub terms: Value,
    /// Which picture of it this is; needed to change it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub version: Option<i64>,
}

impl Entry for Policy {
    type Table = policy::Entity;

    fn read(row: policy::Model, _: &Reading<'_>) -> Self {
        Self {
            code: row.code,
            name: Names::read(&row.name),
            terms: serde_json::from_str(&row.terms).unwrap_or_default(),
            version: Some(row.version),
        }
    }

    fn write(&self, writing: &mut Writing<'_>) -> policy::Model {
        match &self.terms {
            Value::Object(terms) => {
                for name in
                    terms.keys().filter(|name| !POLICY.iter().any(|known| known.name == name.as_str()))
                {
                    writing.errors.push(FieldError::new(&format!("terms.{name}"), "field-unknown", vec![]));
                }
            }
            _ => writing.wrong("terms", "it must be an object"),
        }
        policy::Model {
            code: writing.key("code", &self.code),
            name: self.name.write(writing),
            terms: self.terms.to_string(),
            ..Default::default()
        }
    }
}
