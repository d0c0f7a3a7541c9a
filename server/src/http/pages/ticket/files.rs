//! Pictures and papers of a ticket, put in by a form.

use poem::web::Path;
use poem::{Response, handler};
use poem_openapi::param::{Path as Parameter, Query};
use serde_json::{Value, json};

use super::{Refusal, page};
use crate::entity::ticket;
use crate::http::api::tickets::files::Files;
use crate::http::api::tickets::find;
use crate::http::body::Bytes;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::pages::form::FileForm;
use crate::http::pages::people::Names;
use crate::http::pages::view::{View, to};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::chain;

/// POST /tickets/{code}/files
#[handler]
pub async fn submit(view: View, Path(code): Path<String>, form: FileForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let FileForm { typed, name, bytes } = form;
    let key = IdempotencyKey::of_form(typed.get("once"), format!("POST /tickets/{code}/files"));
    let text = |name: &str| Query(typed.get(name).filter(|text| !text.is_empty()).map(str::to_owned));
    let body = Bytes { hash: chain::hash_bytes(&bytes), value: bytes };
    let files = Files(view.app.clone());
    let at = Parameter(code.clone());
    match files.add(who.clone(), at, Query(name), text("kind"), text("seen_by"), Query(None), key, body).await
    {
        Ok(_) => Ok(to(&format!("/tickets/{code}#files"))),
        Err(problem) if problem.kind == Kind::Internal => Err(problem),
        Err(problem) => {
            let row = find(&view.app, &who, &code).await?;
            page(view, &who, &row, Some(Refusal { event: String::new(), typed, problem })).await
        }
    }
}

/// The files that the reader may see.
pub async fn of(
    view: &View,
    who: &SignedIn,
    row: &ticket::Model,
    names: &mut Names,
) -> Result<Vec<Value>, Problem> {
    let mut shown = Vec::new();
    for file in view.app.store.files_of(&row.code, &who.scope(&view.app)).await? {
        shown.push(json!({
            "id": file.id,
            "kind": file.kind,
            "seen_by": file.seen_by,
            "name": file.name,
            "picture": file.media_type.starts_with("image/"),
            "kilobytes": (file.size + 1023) / 1024,
            "by_name": names.of(view, &file.actor).await?,
            "at": file.at.to_rfc3339(),
            "of": file.original,
        }));
    }
    Ok(shown)
}
