//! A request that changes something is done once, however often it is sent under the same key.
//!
//! The answer is stored in the transaction that makes the change, so that there is never one without the
//! other. The same key with another body is refused.

use futures_util::future::BoxFuture;
use poem::http::{StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::ToJSON;

use super::problem::{Kind, Problem};
use crate::app::App;
use crate::store::idempotency::{self, Earlier};
use crate::store::step::Key;
use crate::store::{StoreError, Transaction};

/// An answer with its exact bytes, which a repeated request gets again.
#[derive(Debug)]
pub struct Answer<T> {
    status: StatusCode,
    body: String,
    kind: std::marker::PhantomData<fn() -> T>,
}

impl<T: ToJSON> Answer<T> {
    pub fn new(status: StatusCode, value: &T) -> Self {
        Self::shown(status, &value.to_json().unwrap_or_default())
    }
}

impl<T> Answer<T> {
    /// An answer of the shape from which parts may be missing.
    pub fn shown(status: StatusCode, json: &serde_json::Value) -> Self {
        Self { status, body: json.to_string(), kind: std::marker::PhantomData }
    }

    /// What is answered, for a page.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The bytes.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// An answer that was given before.
    pub fn again(status: i64, body: String) -> Self {
        let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
        Self { status: status.unwrap_or(StatusCode::OK), body, kind: std::marker::PhantomData }
    }
}

impl<T: Send> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let response = Response::builder().status(self.status);
        if self.body.is_empty() || self.body == "null" {
            return response.status(StatusCode::NO_CONTENT).finish();
        }
        response.header(header::CONTENT_TYPE, "application/json; charset=utf-8").body(self.body)
    }
}

impl<T: ToJSON> ApiResponse for Answer<T> {
    fn meta() -> MetaResponses {
        let response = |status, description| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content: vec![MetaMediaType { content_type: "application/json", schema: T::schema_ref() }],
            headers: vec![],
        };
        MetaResponses { responses: vec![response(200, "Done"), response(201, "Made")] }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// A failure inside the transaction: a problem for the caller, or the store's own.
pub enum Stop {
    Problem(Problem),
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// A write that the database refuses because of other rows, in the caller's words.
pub fn refers(error: StoreError, detail: &'static str) -> Stop {
    if error.is_reference() { Problem::new(Kind::Conflict, detail, vec![]).into() } else { error.into() }
}

/// The answer that the same request had before, to be asked before anything is checked: what was done may not be
/// possible any more, and is still done.
pub async fn before<T>(app: &App, request: Option<&Key>) -> Result<Option<Answer<T>>, Problem> {
    let Some(request) = request else { return Ok(None) };
    match idempotency::earlier(app.store.reader(), request).await? {
        Some(Earlier::Answer { status, body }) => Ok(Some(Answer::again(status, body))),
        Some(Earlier::OtherBody) => Err(Problem::new(Kind::Unprocessable, "detail-key-reused", vec![])),
        None => Ok(None),
    }
}

/// Does the work in a transaction, or gives the answer that the same request had before.
pub async fn once<T, F>(app: &App, request: Option<Key>, work: F) -> Result<Answer<T>, Problem>
where
    T: Send + 'static,
    F: for<'t> FnOnce(&'t Transaction) -> BoxFuture<'t, Result<Answer<T>, Stop>> + Send + 'static,
{
    let now = app.clock.now();
    let asked = request.clone();
    let done: Result<Answer<T>, Stop> = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let Some(request) = asked else { return work(tx).await };
                match idempotency::earlier(tx, &request).await? {
                    Some(Earlier::Answer { status, body }) => return Ok(Answer::again(status, body)),
                    Some(Earlier::OtherBody) => {
                        return Err(Problem::new(Kind::Unprocessable, "detail-key-reused", vec![]).into());
                    }
                    None => {}
                }
                let answer = work(tx).await?;
                idempotency::keep(tx, &request, i64::from(answer.status.as_u16()), &answer.body, now).await?;
                Ok(answer)
            })
        })
        .await;
    match done {
        Ok(answer) => Ok(answer),
        Err(Stop::Problem(problem)) => Err(problem),
        // Two servers took the same key at once; the other one has committed, so its answer is there now.
        Err(Stop::Store(error)) if error.is_duplicate() => {
            before(app, request.as_ref()).await?.ok_or_else(|| error.into())
        }
        Err(Stop::Store(error)) => Err(error.into()),
    }
}
