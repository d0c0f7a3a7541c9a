//! One entry of a register as a form: an input for each column that files have, read as cells of a file are.

use std::collections::BTreeMap;

use poem::http::StatusCode;
use poem::web::Path;
use poem::{Request, Response, handler};
use serde_json::{Value, json};

use super::inputs::{Typed, inputs, text};
use super::{beyond, columns_of, files, may_write, register, title};
use crate::auth::token;
use crate::http::api::registry::{add, change, remove as removal, show as showing};
use crate::http::api::session::invite::invite;
use crate::http::pages::board::Query;
use crate::http::pages::form::PageForm;
use crate::http::pages::view::{View, to};
use crate::http::problem::{FieldError, Kind as Problems, Problem};
use crate::http::request_id;
use crate::http::signed_in::SignedIn;
use crate::register::check::Entry;
use crate::register::{Beside, Register};
use crate::store::step::Key;

/// GET /registers/{name}/entry: the entry with the `key`, or a new one.
#[handler]
pub async fn show(request: &Request, view: View, Path(name): Path<String>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let register = register(&name)?;
    let key = Query::of(request).get("key").map(str::to_owned);
    let entry = present(&view, &who, register, key.as_deref()).await?;
    page(view, &who, register, key.as_deref(), &entry, None).await
}

/// POST /registers/{name}/invite: whoever the entry is gets the link to set a password.
#[handler]
pub async fn invited(mut view: View, Path(name): Path<String>, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let register = register(&name)?;
    let key = form.get("key").unwrap_or_default().to_owned();
    if register.beside != Beside::Roles {
        return Err(Problem::not_found("register", name));
    }
    let entry = present(&view, &who, register, Some(&key)).await?;
    match invite(&view.app, &who, &key).await {
        Ok(()) => {
            view.put("invited", &true);
            page(view, &who, register, Some(&key), &entry, None).await
        }
        Err(problem) if problem.kind == Problems::Unprocessable => {
            let refused = Refused { typed: &PageForm::default(), problem: &problem };
            page(view, &who, register, Some(&key), &entry, Some(refused)).await
        }
        Err(problem) => Err(problem),
    }
}

async fn present(
    view: &View,
    who: &SignedIn,
    register: &'static Register,
    key: Option<&str>,
) -> Result<Entry, Problem> {
    let Some(key) = key else {
        who.may(&view.app, register.write)?;
        return Ok(Entry::new());
    };
    match showing::show(&view.app, who, register, key).await? {
        Value::Object(entry) => Ok(entry),
        _ => Err(Problem::unavailable()),
    }
}

/// The page of an entry once more, after something else was done with it.
pub async fn again(
    view: View,
    who: &SignedIn,
    register: &'static Register,
    key: &str,
    refused: Option<(&PageForm, &Problem)>,
) -> Result<Response, Problem> {
    let entry = present(&view, who, register, Some(key)).await?;
    let refused = refused.map(|(typed, problem)| Refused { typed, problem });
    page(view, who, register, Some(key), &entry, refused).await
}

/// What was typed and why it was not taken.
struct Refused<'r> {
    typed: &'r PageForm,
    problem: &'r Problem,
}

async fn page(
    mut view: View,
    who: &SignedIn,
    register: &'static Register,
    key: Option<&str>,
    entry: &Entry,
    refused: Option<Refused<'_>>,
) -> Result<Response, Problem> {
    let columns = columns_of(&view, who, register).await?;
    let typed =
        refused.as_ref().map(|refused| Typed { form: refused.typed, errors: &refused.problem.errors });
    let shown = inputs(&view, who, register, &columns, entry, key.is_some(), typed.as_ref()).await?;
    if let Some(key) = key {
        files::offer(&mut view, who, register, key).await?;
        view.put("beyond", &beyond::offered(&view, who, register));
        view.put(
            "typed",
            &refused.as_ref().map(|refused| BTreeMap::from_iter(refused.typed.0.iter().cloned())),
        );
    }
    view.put(
        "signs_in",
        &(key.is_some() && may_write(&view, who, register) && register.beside == Beside::Roles),
    );
    view.put("inputs", &shown.inputs);
    view.put("others", &shown.others);
    view.put("key", &key);
    // As a text: a template takes the number 0 for nothing.
    view.put("version", &entry.get("version").map(Value::to_string));
    view.put("name", &register.name);
    view.put("title", &title(&view, register));
    view.put("may_write", &may_write(&view, who, register));
    view.put("once", &request_id::new());
    view.put(
        "wrong",
        &refused.as_ref().map(|refused| refused.problem.detail.in_language(view.writing.language)),
    );
    let status = refused.map_or(StatusCode::OK, |refused| refused.problem.kind.status());
    view.page_with("register_entry.html", status)
}

/// POST /registers/{name}/entry
#[handler]
pub async fn submit(view: View, Path(name): Path<String>, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let register = register(&name)?;
    who.may(&view.app, register.write)?;
    let key = form.get("key").filter(|key| !key.is_empty()).map(str::to_owned);
    let before = present(&view, &who, register, key.as_deref()).await?;
    let written = match read(&view, &who, register, &before, &form).await {
        Ok(entry) => write(&view, &who, register, key.clone(), entry, &form).await,
        Err(problem) => Err(problem),
    };
    match written {
        Ok(()) => Ok(to(&format!("/registers/{}", register.name))),
        Err(problem) if matches!(problem.kind, Problems::Internal | Problems::Reauthenticate) => Err(problem),
        Err(problem) => {
            let refused = Refused { typed: &form, problem: &problem };
            page(view, &who, register, key.as_deref(), &before, Some(refused)).await
        }
    }
}

async fn write(
    view: &View,
    who: &SignedIn,
    register: &'static Register,
    key: Option<String>,
    mut entry: Entry,
    form: &PageForm,
) -> Result<(), Problem> {
    let request = form.get("once").map(|once| Key {
        principal: who.caller.name.clone(),
        route: format!("POST /registers/{}", register.name),
        key: once.to_owned(),
        body_hash: token::hash(&Value::Object(entry.clone()).to_string()),
    });
    match key {
        Some(key) => {
            let seen = form.get("version").and_then(|text| text.parse::<i64>().ok());
            entry.insert("version".into(), json!(seen));
            change::change(&view.app, who, register, key, entry, request).await.map(drop)
        }
        None => add::add(&view.app, who, register, entry, request).await.map(drop),
    }
}

/// The form as an entry. What the reader does not see, and what only other doors write, stays as it is.
async fn read(
    view: &View,
    who: &SignedIn,
    register: &'static Register,
    before: &Entry,
    form: &PageForm,
) -> Result<Entry, Problem> {
    let mut entry = before.clone();
    let mut wrong = Vec::new();
    for column in columns_of(view, who, register).await? {
        let Some(text) = text(form, &column) else { continue };
        if column.field.read_only {
            continue;
        }
        if let Err(mistake) = column.put(&mut entry, &text) {
            wrong.push(FieldError::new(&column.header, mistake.code, mistake.values));
        }
    }
    entry.retain(|name, value| {
        name != "version" && !value.is_null() && !register.field(name).is_some_and(|field| field.read_only)
    });
    if wrong.is_empty() { Ok(entry) } else { Err(Problem::fields(wrong)) }
}

/// POST /registers/{name}/remove
#[handler]
pub async fn remove(view: View, Path(name): Path<String>, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let register = register(&name)?;
    who.may(&view.app, register.write)?;
    let key = form.get("key").unwrap_or_default().to_owned();
    let version = form.get("version").and_then(|text| text.parse().ok()).unwrap_or_default();
    match removal::remove(&view.app, &who, register, key.clone(), version, None).await {
        Ok(_) => Ok(to(&format!("/registers/{}", register.name))),
        Err(problem) if matches!(problem.kind, Problems::Internal | Problems::Reauthenticate) => Err(problem),
        Err(problem) => {
            let entry = present(&view, &who, register, Some(&key)).await?;
            let refused = Refused { typed: &form, problem: &problem };
            page(view, &who, register, Some(&key), &entry, Some(refused)).await
        }
    }
}
