//! The web framework's and the database's errors as problems.

use poem::Error;
use poem::error::{MethodNotAllowedError, NotFoundError, ParsePathError as PoemPathError};
use poem::http::StatusCode;
use poem_openapi::error::{ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError};

use super::{Kind, Problem, Text};
use crate::store::StoreError;

/// Any error that reaches the edge of the server.
pub fn problem(error: Error, method: &str) -> Problem {
    if let Some(problem) = error.downcast_ref::<Problem>() {
        return problem.clone();
    }
    if error.is::<NotFoundError>() || error.is::<PoemPathError>() {
        return Problem::new(Kind::NotFound, "detail-route", vec![]);
    }
    if error.is::<MethodNotAllowedError>() {
        return Problem::new(Kind::Method, "detail-method", vec![("method", method.to_owned())]);
    }
    if let Some(wrong) = error.downcast_ref::<ParseParamError>() {
        return Problem::parameter(wrong.name, unread(&wrong.reason));
    }
    if let Some(wrong) = error.downcast_ref::<ParsePathError>() {
        return Problem::parameter(wrong.name, unread(&wrong.reason));
    }
    if let Some(wrong) = error.downcast_ref::<ParseRequestPayloadError>() {
        return Problem::because(Kind::Invalid, "detail-json", vec![], unread(&wrong.reason));
    }
    if error.is::<ContentTypeError>() {
        return Problem::new(Kind::MediaType, "detail-media-type", vec![]);
    }
    match error.status() {
        StatusCode::NOT_FOUND => Problem::new(Kind::NotFound, "detail-route", vec![]),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(Kind::Method, "detail-method", vec![("method", method.to_owned())])
        }
        status if status.is_client_error() => {
            Problem::because(Kind::Invalid, "detail-json", vec![], unread(&error.to_string()))
        }
        _ => Problem::internal(&error),
    }
}

/// What the framework says is for the log; the caller is told that it is not what the description asks for.
fn unread(reason: &str) -> Text {
    tracing::info!("Something that was sent cannot be read: {reason}");
    Text::why("why-form", vec![])
}

impl From<StoreError> for Problem {
    /// A database that is busy or out of reach is a matter of trying again, and what others were faster with is the
    /// caller's to see; the rest is our fault.
    fn from(error: StoreError) -> Self {
        if error.is_closed_period() {
            return Self::new(Kind::Unprocessable, "detail-closed-meanwhile", vec![]);
        }
        if error.is_duplicate() {
            tracing::warn!("Two did the same at once: {error}");
            return Self::new(Kind::Conflict, "detail-raced", vec![]);
        }
        if error.is_passing() {
            tracing::warn!("The store cannot be used now: {error}");
            return Self::unavailable();
        }
        Self::internal(&error)
    }
}
