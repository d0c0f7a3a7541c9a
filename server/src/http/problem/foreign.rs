//! The web framework's and the database's errors as problems.

use poem::Error;
use poem::error::{MethodNotAllowedError, NotFoundError, ParsePathError as PoemPathError};
use poem::http::StatusCode;
use poem_openapi::error::{ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError};

use super::{Kind, Problem};
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
        return Problem::parameter(wrong.name, plain(&wrong.reason));
    }
    if let Some(wrong) = error.downcast_ref::<ParsePathError>() {
        return Problem::parameter(wrong.name, plain(&wrong.reason));
    }
    if let Some(wrong) = error.downcast_ref::<ParseRequestPayloadError>() {
        return Problem::new(Kind::Invalid, "detail-json", vec![("reason", plain(&wrong.reason))]);
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
            Problem::new(Kind::Invalid, "detail-json", vec![("reason", error.to_string())])
        }
        _ => Problem::internal(&error),
    }
}

/// The reason alone, without the framework's name of the type in front.
fn plain(reason: &str) -> String {
    let reason = reason.split_once(", as ").map_or(reason, |(before, _)| before);
    match reason.strip_prefix("failed to parse ") {
        Some(rest) => rest.split_once(": ").map_or(rest, |(_, text)| text).to_owned(),
        None => reason.to_owned(),
    }
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
