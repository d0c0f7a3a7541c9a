//! What people say about a ticket: among colleagues, as notes, about calls and letters. A form each, the same calls as
//! the API's.

use poem::web::Path;
use poem::{Response, handler};
use poem_openapi::param::Path as Parameter;

use super::{Refusal, page};
use crate::auth::token;
use crate::http::api::tickets::find;
use crate::http::api::tickets::note::{Note, Noting};
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::pages::form::PageForm;
use crate::http::pages::view::{View, to};
use crate::http::problem::{Kind, Problem};
use crate::store::Store;

/// POST /tickets/{code}/notes
#[handler]
pub async fn submit(mut view: View, Path(code): Path<String>, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let text = form.get("text").unwrap_or_default().to_owned();
    let seen_by = form.get("seen_by").into_iter().filter(|role| !role.is_empty()).map(str::to_owned);
    let value = Noting {
        kind: form.get("kind").unwrap_or_default().to_owned(),
        seen_by: seen_by.collect(),
        mentions: called(&view.app.store, &text).await?,
        text,
    };
    let hash = token::hash(&format!("{value:?}"));
    let key = IdempotencyKey::of_form(form.get("once"), format!("POST /tickets/{code}/notes"));
    let note = Note(view.app.clone());
    match note.note(who.clone(), Parameter(code.clone()), key, Body { value, hash }).await {
        Ok(_) => Ok(to(&format!("/tickets/{code}#talk"))),
        Err(problem) if problem.kind == Kind::Internal => Err(problem),
        Err(problem) => {
            let row = find(&view.app, &who, &code).await?;
            view.put_typed(if form.get("kind") == Some("talk") { "talk" } else { "note" }, &form);
            page(view, &who, &row, Some(Refusal { event: String::new(), typed: form, problem })).await
        }
    }
}

/// Users whose names stand in a text behind an `@`. What is no name stays a text.
async fn called(store: &Store, text: &str) -> Result<Vec<String>, Problem> {
    let mut names: Vec<String> = Vec::new();
    for word in text.split('@').skip(1) {
        let is_of_name = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
        let name: String = word.chars().take_while(is_of_name).collect();
        let name = name.trim_end_matches('.').to_owned();
        if !name.is_empty() && !names.contains(&name) && store.is_user(&name, None).await? {
            names.push(name);
        }
    }
    Ok(names)
}
