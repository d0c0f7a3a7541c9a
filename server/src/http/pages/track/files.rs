//! Pictures and papers that are meant for the customer. Pictures were drawn anew when they came in, so that they may
//! be shown in the page; everything else is handed out as a file.

use poem::http::header;
use poem::web::Path;
use poem::{Request, Response, handler};

use super::must_own;
use crate::http::pages::view::View;
use crate::http::problem::Problem;

/// GET /track/{code}/files/{id}; `?small` gives the thumbnail.
#[handler]
pub async fn show(
    request: &Request,
    view: View,
    Path((code, id)): Path<(String, i64)>,
) -> Result<Response, Problem> {
    let (who, row) = must_own(&view, request, &code).await?;
    let found = view.app.store.file(&row.code, id, &who.scope(&view.app)).await?;
    let file = found.ok_or_else(|| Problem::not_found("file", id.to_string()))?;
    let is_small = request.uri().query() == Some("small");
    let (body, kind) = match file.thumbnail {
        Some(thumbnail) if is_small => (thumbnail, "image/jpeg".to_owned()),
        _ => (file.body, file.media_type),
    };
    let how = if kind.starts_with("image/") { "inline" } else { "attachment" };
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, kind)
        .header(header::CONTENT_DISPOSITION, how)
        .header(header::CACHE_CONTROL, "private, max-age=3600")
        .body(body))
}
