//! Papers and pictures of an entry, on its form and on the pages that tell of it: the same calls as the API's.

use poem::web::Path;
use poem::{Response, handler};
use poem_openapi::param::{Path as Parameter, Query};
use serde_json::{Value, json};

use super::{may_write, register};
use crate::http::api::registry::files::Files;
use crate::http::body::Bytes;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::pages::form::FileForm;
use crate::http::pages::people::Names;
use crate::http::pages::view::{View, to};
use crate::http::problem::{Kind, Problem};
use crate::http::request_id;
use crate::http::signed_in::SignedIn;
use crate::register::Register;
use crate::store::chain;

/// Puts the files of an entry into the view; nothing for readers outside the house.
pub async fn offer(
    view: &mut View,
    who: &SignedIn,
    register: &'static Register,
    key: &str,
) -> Result<(), Problem> {
    let found = match Files(view.app.clone()).of(who, register.name, key).await {
        Ok(found) => found,
        Err(problem) if problem.kind == Kind::Forbidden => return Ok(()),
        Err(problem) => return Err(problem),
    };
    let mut names = Names::default();
    let mut shown: Vec<Value> = Vec::new();
    for file in found {
        shown.push(json!({
            "id": file.id,
            "name": file.name,
            "picture": file.media_type.starts_with("image/"),
            "by_name": names.of(view, &file.by).await?,
            "at": file.at.to_rfc3339(),
        }));
    }
    let may_add = may_write(view, who, register);
    view.put(
        "entry_files",
        &json!({"register": register.name, "key": key, "files": shown, "may_add": may_add, "once": request_id::new()}),
    );
    Ok(())
}

/// POST /registers/{name}/files
#[handler]
pub async fn submit(view: View, Path(name): Path<String>, form: FileForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let register = register(&name)?;
    let FileForm { typed, name: file, bytes } = form;
    let key = typed.get("key").unwrap_or_default().to_owned();
    let once = IdempotencyKey::of_form(typed.get("once"), format!("POST /registers/{name}/files"));
    let body = Bytes { hash: chain::hash_bytes(&bytes), value: bytes };
    let files = Files(view.app.clone());
    let (at, entry) = (Parameter(register.name.to_owned()), Parameter(key));
    files.add(who, at, entry, Query(file), once, body).await?;
    Ok(to(&format!("{}#entry-files", typed.back())))
}
