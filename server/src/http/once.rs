//! A request that changes something is done once, however often it is sent under the same key.
//!
//! The answer is stored in the transaction that makes the change, so that there is never one without the
//! other. The same key with another body is refused.

use std::marker::PhantomData;

use form_urlencoded::byte_serialize;
use futures_util::future::BoxFuture;
use poem::http::{StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{ToJSON, Type};
use serde_json::Value;

use super::problem::{Kind, Problem};
use crate::app::App;
use crate::store::idempotency::{self, Earlier};
use crate::store::step::Key;
use crate::store::{StoreError, Transaction};

/// An answer with its exact bytes, which a repeated request gets again. Which status says that it was done belongs to
/// the type, so that a route cannot describe another one than it gives.
#[derive(Debug)]
pub struct Answer<T, const STATUS: u16 = 200> {
    status: u16,
    body: String,
    place: Option<String>,
    kind: PhantomData<fn() -> T>,
}

/// What a request has made.
pub type Made<T> = Answer<T, 201>;

/// Done, and there is nothing to say.
pub type Silent = Answer<Value, 204>;

impl<T: ToJSON, const STATUS: u16> Answer<T, STATUS> {
    pub fn new(value: &T) -> Self {
        Self::shown(&value.to_json().unwrap_or_default())
    }
}

impl Silent {
    pub fn done() -> Self {
        Self::shown(&Value::Null)
    }
}

impl<T, const STATUS: u16> Answer<T, STATUS> {
    /// An answer of the shape from which parts may be missing.
    pub fn shown(json: &Value) -> Self {
        Self::again(STATUS.into(), json.to_string())
    }

    /// Says where what was made is to be found, from what is answered: the segments of its address below `/api`.
    pub fn at(self, segments: impl FnOnce(&Value) -> Option<Vec<String>>) -> Self {
        let place = segments(&self.json()).map(|segments| {
            let encoded =
                |part: &String| byte_serialize(part.as_bytes()).collect::<String>().replace('+', "%20");
            segments.iter().fold(String::from("/api"), |path, part| format!("{path}/{}", encoded(part)))
        });
        Self { place, ..self }
    }

    /// What is answered, for a page.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The bytes.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// An answer that was given before.
    pub fn again(status: i64, body: String) -> Self {
        Self { status: u16::try_from(status).unwrap_or(STATUS), body, place: None, kind: PhantomData }
    }
}

impl<T: Send, const STATUS: u16> IntoResponse for Answer<T, STATUS> {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = Response::builder().status(status);
        if let Some(place) = self.place {
            response = response.header(header::LOCATION, place);
        }
        if status == StatusCode::NO_CONTENT {
            return response.finish();
        }
        response.header(header::CONTENT_TYPE, "application/json; charset=utf-8").body(self.body)
    }
}

impl<T: ToJSON, const STATUS: u16> ApiResponse for Answer<T, STATUS> {
    fn meta() -> MetaResponses {
        let json = || MetaMediaType { content_type: "application/json", schema: T::schema_ref() };
        let place = || MetaHeader {
            name: "Location".to_owned(),
            description: Some("Where it is to be found, if it has a place of its own".to_owned()),
            required: false,
            deprecated: false,
            schema: String::schema_ref(),
        };
        let (description, content, headers) = match STATUS {
            201 => ("Made", vec![json()], vec![place()]),
            204 => ("Done", vec![], vec![]),
            _ => ("Done", vec![json()], vec![]),
        };
        let response =
            MetaResponse { description, status: Some(STATUS), status_range: None, content, headers };
        MetaResponses { responses: vec![response] }
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
pub async fn before<T, const STATUS: u16>(
    app: &App,
    request: Option<&Key>,
) -> Result<Option<Answer<T, STATUS>>, Problem> {
    let Some(request) = request else { return Ok(None) };
    match idempotency::earlier(app.store.reader(), request).await? {
        Some(Earlier::Answer { status, body }) => Ok(Some(Answer::again(status, body))),
        Some(Earlier::OtherBody) => Err(Problem::new(Kind::Unprocessable, "detail-key-reused", vec![])),
        None => Ok(None),
    }
}

/// Does the work in a transaction, or gives the answer that the same request had before.
pub async fn once<T, F, const STATUS: u16>(
    app: &App,
    request: Option<Key>,
    work: F,
) -> Result<Answer<T, STATUS>, Problem>
where
    T: Send + 'static,
    F: for<'t> FnOnce(&'t Transaction) -> BoxFuture<'t, Result<Answer<T, STATUS>, Stop>> + Send + 'static,
{
    let now = app.clock.now();
    let asked = request.clone();
    let done: Result<Answer<T, STATUS>, Stop> = app
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
                idempotency::keep(tx, &request, i64::from(answer.status), &answer.body, now).await?;
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
