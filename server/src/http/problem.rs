//! What went wrong, as an RFC 9457 problem document in the reader's language.
//!
//! Handlers make a [`Problem`] with keys; the edge of the server turns it into text, so that every error of
//! every path looks the same. Nothing internal is ever in it: the failure's own words go to the log.

pub mod document;
pub mod foreign;

use std::time::Duration;

use chrono::NaiveDate;
use poem::error::ResponseError;
use poem::http::StatusCode;
use serde_json::{Map, Value};

use crate::auth::Denied;

/// The kinds of problem. Each has one status and one stable name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Invalid,
    Unauthorized,
    /// Somebody is known, but has to show once more who they are.
    Reauthenticate,
    Forbidden,
    NotFound,
    Method,
    Conflict,
    Busy,
    TooLarge,
    MediaType,
    Unprocessable,
    Refused,
    TooMany,
    Unavailable,
    Internal,
}

impl Kind {
    pub fn status(self) -> StatusCode {
        match self {
            Self::Invalid => StatusCode::BAD_REQUEST,
            Self::Unauthorized | Self::Reauthenticate => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict | Self::Busy => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unprocessable | Self::Refused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Last part of the problem's `type`, and of its title's key.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Unauthorized => "unauthorized",
            Self::Reauthenticate => "reauthenticate",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Method => "method",
            Self::Conflict => "conflict",
            Self::Busy => "busy",
            Self::TooLarge => "too-large",
            Self::MediaType => "media-type",
            Self::Unprocessable => "unprocessable",
            Self::Refused => "refused",
            Self::TooMany => "too-many",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }
}

/// A text to be made in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// Key of one of the server's own texts, and its values.
    Own(&'static str, Vec<(&'static str, String)>),
    /// Already in the reader's language: a reason text of the bundle.
    Said(String),
    /// One of the server's own texts whose `reason` is another text.
    Because(&'static str, Vec<(&'static str, String)>, Box<Self>),
    /// What a compiler says to the author of a template, a rule or a voucher: in English, as everywhere to authors.
    Raw(String),
}

impl Text {
    /// One of the server's own reasons: its key begins with `why-`.
    pub fn why(key: &'static str, values: Vec<(&'static str, String)>) -> Self {
        Self::Own(key, values)
    }
}

/// One field that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Dotted path in the body, or the name of a parameter.
    pub field: String,
    /// Stable code.
    pub code: String,
    pub message: Text,
}

/// A request that did not succeed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", .kind.name())]
pub struct Problem {
    pub kind: Kind,
    pub detail: Text,
    pub errors: Vec<FieldError>,
    /// Further members of the document: the present state, diagnostics, reasons.
    pub members: Box<Map<String, Value>>,
    pub retry_after: Option<i64>,
}

impl ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.kind.status()
    }
}

impl Problem {
    pub fn new(kind: Kind, detail: &'static str, values: Vec<(&'static str, String)>) -> Self {
        Self {
            kind,
            detail: Text::Own(detail, values),
            errors: Vec::new(),
            members: Box::default(),
            retry_after: None,
        }
    }

    pub fn unauthorized() -> Self {
        Self::new(Kind::Unauthorized, "detail-unauthorized", vec![])
    }

    /// The password was given too long ago for this (RFC 9470).
    pub fn reauthenticate(within: Duration) -> Self {
        let minutes = vec![("minutes", (within.as_secs() / 60).to_string())];
        Self::new(Kind::Reauthenticate, "detail-reauthenticate", minutes)
            .with("max_age", within.as_secs().into())
    }

    /// There is no such thing, or it is not the caller's to see: the answer is the same.
    pub fn not_found(thing: &'static str, key: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, "detail-not-found", vec![("what", thing.into()), ("key", key.into())])
    }

    /// Nothing is posted in a closed period.
    pub fn closed(up_to: NaiveDate, date: NaiveDate) -> Self {
        let values = vec![("up_to", up_to.to_string()), ("date", date.to_string())];
        Self::new(Kind::Unprocessable, "detail-closed", values).with("closed_up_to", up_to.to_string().into())
    }

    /// What is asked for by would tell what the caller never sees.
    pub fn hidden(name: &str) -> Self {
        Self::new(Kind::Forbidden, "detail-hidden", vec![("name", name.to_owned())])
    }

    pub fn fields(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(Kind::Unprocessable, "detail-fields", vec![]) }
    }

    /// Tried too often.
    pub fn too_many(seconds: i64) -> Self {
        let problem = Self::new(Kind::TooMany, "detail-too-many", vec![("seconds", seconds.to_string())]);
        Self { retry_after: Some(seconds), ..problem }
    }

    /// A text holds a character that no text of ours has.
    pub fn nul() -> Self {
        Self::new(Kind::Invalid, "detail-nul", vec![])
    }

    /// The body is JSON, but not an object with fields.
    pub fn not_an_object() -> Self {
        Self::new(Kind::Invalid, "detail-object", vec![])
    }

    pub fn parameter(name: &str, why: Text) -> Self {
        let error = FieldError::invalid(name, why.clone());
        let values = vec![("name", name.to_owned())];
        Self { errors: vec![error], ..Self::because(Kind::Invalid, "detail-parameter", values, why) }
    }

    /// A problem with its reason.
    pub fn because(kind: Kind, detail: &'static str, values: Vec<(&'static str, String)>, why: Text) -> Self {
        Self { detail: Text::Because(detail, values, Box::new(why)), ..Self::new(kind, detail, vec![]) }
    }

    /// The caller's picture is old; `present` is how things are now.
    pub fn stale(seen: i64, now: i64, present: Value) -> Self {
        let mut problem = Self::new(
            Kind::Conflict,
            "detail-stale",
            vec![("seen", seen.to_string()), ("now", now.to_string())],
        );
        problem.members.insert("present".into(), present);
        problem
    }

    /// Try again soon. The reason is for the log.
    pub fn unavailable() -> Self {
        let problem = Self::new(Kind::Unavailable, "detail-unavailable", vec![]);
        Self { retry_after: Some(1), ..problem }
    }

    /// Our own failure. Its words are logged here, under the id that the caller is told.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        let id = super::request_id::new();
        tracing::error!(failure.id = %id, "A request failed: {error}");
        Self::new(Kind::Internal, "detail-internal", vec![("id", id)])
    }

    #[must_use]
    pub fn with(mut self, member: &str, value: Value) -> Self {
        self.members.insert(member.to_owned(), value);
        self
    }
}

impl FieldError {
    /// An error whose text has the field's path and these values.
    pub fn new(field: &str, code: &'static str, mut values: Vec<(&'static str, String)>) -> Self {
        values.push(("field", field.to_owned()));
        Self { field: field.to_owned(), code: code.replace('-', "_"), message: Text::Own(code, values) }
    }

    /// A field that is not right, with the reason.
    pub fn invalid(field: &str, why: Text) -> Self {
        let message = Text::Because("field-invalid", vec![("field", field.to_owned())], Box::new(why));
        Self { field: field.to_owned(), code: "field_invalid".to_owned(), message }
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let values = vec![("action", denied.action), ("roles", denied.roles.join(", "))];
        Self::new(Kind::Forbidden, "detail-forbidden", values)
    }
}
