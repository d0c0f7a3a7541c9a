//! Signatures and photos that a step asks for: they come with its form as text and become files of the ticket before the
//! step is taken, so that the step names them. Sent again under the same key they are kept once.

use std::collections::BTreeMap;

use aftercare_engine::definition::messages::RoleKind;
use aftercare_engine::statechart::Statechart;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use poem_openapi::param::{Path, Query};
use serde_json::{Value, json};

use super::form::PageForm;
use super::view::View;
use crate::http::access::library;
use crate::http::api::tickets::files::Files;
use crate::http::api::tickets::steps::FormField;
use crate::http::body::Bytes;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::problem::{FieldError, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::chain;

/// Media types of pictures as text, each with the ending of a file's name.
const KINDS: [(&str, &str); 3] = [("image/png", "png"), ("image/jpeg", "jpg"), ("image/webp", "webp")];

/// The numbers of the pictures that a form brings, by field.
pub async fn kept(
    view: &View,
    who: &SignedIn,
    (code, chart): (&str, &Statechart),
    fields: &[FormField],
    form: &PageForm,
) -> Result<BTreeMap<String, Value>, Problem> {
    let mut numbers = BTreeMap::new();
    for field in fields {
        let Some(kind) = kind(field) else { continue };
        let text = form.get(&format!("f:{}", field.field)).unwrap_or_default();
        let Some((ending, encoded)) = picture(text) else { continue };
        let wrong = || Problem::fields(vec![FieldError::new(&field.field, "file-damaged", vec![])]);
        let bytes = STANDARD.decode(encoded).map_err(|_| wrong())?;
        let key = form.get("once").map(|once| format!("{once}{}", field.field));
        let key = IdempotencyKey::of_form(key.as_deref(), format!("POST /tickets/{code}/files"));
        let name = Query(format!("{}.{ending}", field.field));
        let (kind, seen_by) = (Query(Some(kind.to_owned())), Query(Some(seen_by(view, chart, &field.field))));
        let body = Bytes { hash: chain::hash_bytes(&bytes), value: bytes };
        let files = Files(view.app.clone());
        let kept = files
            .add(who.clone(), Path(code.to_owned()), name, kind, seen_by, Query(None), key, body)
            .await?;
        numbers.insert(field.field.clone(), json!(kept.json()["id"]));
    }
    Ok(numbers)
}

/// What the file is called among the files, if the field is for a picture.
fn kind(field: &FormField) -> Option<&'static str> {
    match field.r#type.as_str() {
        "signature" => Some("signature"),
        "photo" => Some("photo"),
        _ => None,
    }
}

/// The ending of its name and its bytes, written as browsers write a picture.
pub fn picture(text: &str) -> Option<(&'static str, &str)> {
    let (kind, bytes) = text.strip_prefix("data:")?.split_once(";base64,")?;
    let (_, ending) = KINDS.iter().find(|(known, _)| *known == kind)?;
    Some((ending, bytes))
}

/// Who sees the file: those who see the field.
fn seen_by(view: &View, chart: &Statechart, name: &str) -> String {
    let library = library(&view.app);
    let field = chart.field(name).and_then(|at| chart.fields.get(usize::from(at)));
    let named = field.and_then(|field| field.field.as_ref()).map(|field| field.seen_by.as_slice());
    let outside = named.unwrap_or_default().iter().filter_map(|role| library.roles.get(&role.value));
    let outside: Vec<bool> = outside
        .filter(|role| role.kind.as_ref().is_some_and(|kind| kind.value == RoleKind::Outside))
        .map(|role| role.portal)
        .collect();
    match (outside.contains(&true), outside.is_empty()) {
        (true, _) => "customer",
        (false, false) => "agency",
        (false, true) => "staff",
    }
    .to_owned()
}

/// Whether a form brings a file, so that a browser without scripts sends it as one with files.
pub fn has_photo(form: &[FormField]) -> bool {
    form.iter().any(|field| field.r#type == "photo")
}
