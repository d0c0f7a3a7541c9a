//! The problem as JSON, with its texts in one language, and as the API's description knows it.

use poem::Response;
use poem::http::{StatusCode, header};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Object};
use serde_json::{Map, Value, json};

use super::{FieldError, Kind, Problem, Text};
use crate::http::api::tickets::reasons::Why;
use crate::http::api::tickets::steps::Offered;
use crate::i18n::{self, Language};

/// Media type of problem documents.
pub const CONTENT_TYPE: &str = "application/problem+json";

impl Text {
    /// The text as its reader gets it.
    pub fn in_language(&self, language: Language) -> String {
        match self {
            Self::Said(text) | Self::Raw(text) => text.clone(),
            Self::Because(key, values, why) => {
                let mut values = values.clone();
                values.push(("reason", why.in_language(language)));
                Self::Own(key, values).in_language(language)
            }
            Self::Own(key, values) => {
                let values: Vec<(&str, String)> = values
                    .iter()
                    .map(|(name, value)| match *name {
                        "what" => (*name, i18n::text(language, &format!("thing-{value}"), &[])),
                        _ => (*name, value.clone()),
                    })
                    .collect();
                i18n::text(language, key, &values)
            }
        }
    }
}

impl FieldError {
    /// The message on a page, where fields and words have titles of their own.
    pub fn titled(&self, language: Language, title: &str, word: &dyn Fn(&str) -> String) -> String {
        let titled = |values: &[(&'static str, String)]| -> Vec<(&'static str, String)> {
            let one = |(name, value): &(&'static str, String)| match *name {
                "field" => (*name, title.to_owned()),
                "words" => (*name, value.split(", ").map(word).collect::<Vec<_>>().join(", ")),
                _ => (*name, value.clone()),
            };
            values.iter().map(one).collect()
        };
        let message = match &self.message {
            Text::Own(key, values) => Text::Own(key, titled(values)),
            Text::Because(key, values, why) => Text::Because(key, titled(values), why.clone()),
            said => said.clone(),
        };
        // Names of programs stand between marks; titles need none.
        message.in_language(language).replace(&format!("`{title}`"), title)
    }
}

impl Problem {
    /// The answer to a request for `instance`.
    pub fn respond(&self, language: Language, instance: &str) -> Response {
        let body = self.document(language, instance);
        let mut response = Response::builder()
            .status(self.kind.status())
            .header(header::CONTENT_TYPE, CONTENT_TYPE)
            .header(header::CONTENT_LANGUAGE, language.code());
        if let Some(seconds) = self.retry_after {
            response = response.header(header::RETRY_AFTER, seconds);
        }
        if self.kind == Kind::Reauthenticate {
            let age = self.members.get("max_age").and_then(Value::as_u64).unwrap_or_default();
            let asked = format!("Bearer error=\"insufficient_user_authentication\", max_age=\"{age}\"");
            response = response.header(header::WWW_AUTHENTICATE, asked);
        } else if self.kind.status() == StatusCode::UNAUTHORIZED {
            response = response.header(header::WWW_AUTHENTICATE, "Bearer");
        }
        response.body(body.to_string())
    }

    /// The document itself.
    pub fn document(&self, language: Language, instance: &str) -> Value {
        let mut body = Map::new();
        let title = i18n::text(language, &format!("problem-{}", self.kind.name()), &[]);
        body.insert("type".into(), json!(format!("urn:aftercare:problem:{}", self.kind.name())));
        body.insert("title".into(), json!(title));
        body.insert("status".into(), json!(self.kind.status().as_u16()));
        body.insert("detail".into(), json!(self.detail.in_language(language)));
        body.insert("instance".into(), json!(instance));
        if !self.errors.is_empty() {
            let errors: Vec<Value> = self
                .errors
                .iter()
                .map(|error| {
                    json!({
                        "field": error.field,
                        "code": error.code,
                        "message": error.message.in_language(language),
                    })
                })
                .collect();
            body.insert("errors".into(), Value::Array(errors));
        }
        body.extend(self.members.as_ref().clone());
        Value::Object(body)
    }
}

/// A problem document (RFC 9457). Some have further members of their own, which a client may pass over.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ProblemDocument {
    /// `urn:aftercare:problem:` and the kind.
    r#type: String,
    /// What kind of problem it is, in the reader's language.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What is wrong with this request.
    detail: String,
    /// The address that was asked for.
    instance: String,
    /// Fields that are wrong.
    errors: Option<Vec<WrongField>>,
    /// How things stand, where somebody was quicker.
    present: Option<Value>,
    /// What may be done with the ticket now, where its step was not taken.
    steps: Option<Offered>,
    /// Why a step is refused.
    reasons: Option<Vec<Why>>,
    /// What is wrong with a bundle.
    diagnostics: Option<Vec<Value>>,
}

/// A field that is wrong.
#[derive(Debug, Object)]
struct WrongField {
    /// Dotted path in the body, or the name of a parameter.
    field: String,
    /// Stable code.
    code: String,
    /// The reason, in the reader's language.
    message: String,
}

impl ApiResponse for Problem {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "A problem document that says what is wrong, in the reader's language",
                status: None,
                status_range: Some("4XX".into()),
                content: vec![MetaMediaType {
                    content_type: CONTENT_TYPE,
                    schema: ProblemDocument::schema_ref(),
                }],
                headers: vec![],
            }],
        }
    }

    fn register(registry: &mut Registry) {
        ProblemDocument::register(registry);
    }
}
