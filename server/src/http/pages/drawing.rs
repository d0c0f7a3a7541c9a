//! One picture of a ticket, to be drawn on: arrows, circles and words. What was drawn is kept as a second picture beside
//! the first, which stays as it was.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use poem_openapi::param::{Path as Parameter, Query};
use serde_json::json;

use super::form::PageForm;
use super::pictures::picture;
use super::ticket::step::wrong;
use super::view::{View, to};
use crate::http::api::tickets::files::Files;
use crate::http::api::tickets::find;
use crate::http::body::Bytes;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::problem::{FieldError, Kind, Problem};
use crate::http::request_id;
use crate::http::signed_in::SignedIn;
use crate::store::chain;
use crate::store::file::FileLine;

/// GET /tickets/{code}/files/{id}
#[handler]
pub async fn show(view: View, Path((code, id)): Path<(String, i64)>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let file = found(&view, &who, &code, id).await?;
    page(view, &code, &file, None)
}

/// The picture, if the reader may see it.
async fn found(view: &View, who: &SignedIn, code: &str, id: i64) -> Result<FileLine, Problem> {
    let row = find(&view.app, who, code).await?;
    let files = view.app.store.files_of(&row.code, &who.scope(&view.app)).await?;
    let file = files.into_iter().find(|file| file.id == id && file.media_type.starts_with("image/"));
    file.ok_or_else(|| Problem::not_found("file", id.to_string()))
}

fn page(mut view: View, code: &str, file: &FileLine, problem: Option<&Problem>) -> Result<Response, Problem> {
    let shown = json!({"id": file.id, "name": file.name, "kind": file.kind, "at": file.at.to_rfc3339()});
    view.put("file", &shown);
    view.put("code", code);
    view.put("once", &request_id::new());
    let texts = problem.map(|problem| wrong(problem, view.writing.language).texts);
    view.put("wrong", &texts);
    view.page_with("drawing.html", problem.map_or(StatusCode::OK, |problem| problem.kind.status()))
}

/// POST /tickets/{code}/files/{id}: the picture with what was drawn on it.
#[handler]
pub async fn submit(
    view: View,
    Path((code, id)): Path<(String, i64)>,
    form: PageForm,
) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let file = found(&view, &who, &code, id).await?;
    match keep(&view, &who, &code, &file, &form).await {
        Ok(()) => Ok(to(&format!("/tickets/{code}#files"))),
        Err(problem) if problem.kind == Kind::Internal => Err(problem),
        Err(problem) => page(view, &code, &file, Some(&problem)),
    }
}

async fn keep(
    view: &View,
    who: &SignedIn,
    code: &str,
    file: &FileLine,
    form: &PageForm,
) -> Result<(), Problem> {
    let damaged = || Problem::fields(vec![FieldError::new("picture", "file-damaged", vec![])]);
    let (ending, encoded) = picture(form.get("picture").unwrap_or_default()).ok_or_else(damaged)?;
    let bytes = STANDARD.decode(encoded).map_err(|_| damaged())?;
    let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
    let name = Query(format!("{stem}+.{ending}"));
    let (kind, seen_by) = (Query(Some(file.kind.clone())), Query(Some(file.seen_by.clone())));
    let key = IdempotencyKey::of_form(form.get("once"), format!("POST /tickets/{code}/files"));
    let body = Bytes { hash: chain::hash_bytes(&bytes), value: bytes };
    let (files, at) = (Files(view.app.clone()), Parameter(code.to_owned()));
    files.add(who.clone(), at, name, kind, seen_by, Query(Some(file.id)), key, body).await.map(drop)
}
