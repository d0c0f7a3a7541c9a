//! Letters: begun on a ticket's page, edited, given out, printed; and all of them with all files, to be searched.

use poem::http::StatusCode;
use poem::web::Path;
use poem::{Request, Response, handler};
use poem_openapi::param::Path as Parameter;
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use super::board::Query;
use super::choices::in_words;
use super::form::PageForm;
use super::people::Names;
use super::ticket::step::wrong;
use super::ticket::{Refusal, page as ticket_page};
use super::view::{View, to};
use crate::app::App;
use crate::auth::token;
use crate::entity::ticket;
use crate::http::access::library;
use crate::http::api::tickets::letters::{Beginning, Editing, Giving, Letter, Letters};
use crate::http::api::tickets::repository::Repository;
use crate::http::api::tickets::{chart, find, veil};
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::portal::company;
use crate::http::problem::{Kind, Problem};
use crate::http::request_id;
use crate::http::signed_in::SignedIn;
use crate::i18n::Language;

/// Entries of the repository on a page, of each kind.
const MOST: u64 = 50;

/// What can be written about a ticket, and what was.
pub async fn of(view: &View, who: &SignedIn, row: &ticket::Model) -> Result<Value, Problem> {
    let letters = Letters(view.app.clone()).of(who, row).await?;
    Ok(json!({"letters": letters.to_json(), "types": kinds(view, who, row).await?}))
}

/// The kinds of letters that the reader can write: what would tell something hidden is not offered.
async fn kinds(view: &View, who: &SignedIn, row: &ticket::Model) -> Result<Vec<Value>, Problem> {
    let veil = veil(&view.app, who, &*chart(&view.app, row).await?, &row.branch);
    let types = view.app.store.letter_types().await?;
    let seen = types.into_iter().filter(|kind| !veil.covers(&kind.body) && !veil.covers(&kind.subject));
    Ok(seen.map(|kind| choice(view, &kind.code, &kind.name)).collect())
}

/// The fragments that the reader may put into a text: what would tell something hidden is not offered.
pub async fn ready(view: &View, who: &SignedIn, row: &ticket::Model) -> Result<Vec<Value>, Problem> {
    let veil = veil(&view.app, who, &*chart(&view.app, row).await?, &row.branch);
    let fragments = view.app.store.letter_fragments().await?;
    let seen = fragments.into_iter().filter(|one| !veil.covers(&one.body));
    Ok(seen.map(|one| choice(view, &one.code, &one.name)).collect())
}

fn choice(view: &View, code: &str, name: &str) -> Value {
    let name = serde_json::from_str(name).unwrap_or_default();
    json!({"value": code, "title": in_words(&name, view.writing.language)})
}

/// POST /tickets/{code}/letters
#[handler]
pub async fn begin(view: View, Path(code): Path<String>, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
    let value = Beginning { r#type: text("type"), language: Some(text("language")) };
    let hash = token::hash(&format!("{value:?}"));
    let key = IdempotencyKey::of_form(form.get("once"), format!("POST /tickets/{code}/letters"));
    let letters = Letters(view.app.clone());
    match letters.begin(who.clone(), Parameter(code.clone()), key, Body { value, hash }).await {
        Ok(answer) => Ok(to(&format!("/tickets/{code}/letters/{}", answer.json()["id"]))),
        Err(problem) if matches!(problem.kind, Kind::Internal | Kind::NotFound) => Err(problem),
        Err(problem) => {
            let row = find(&view.app, &who, &code).await?;
            ticket_page(view, &who, &row, Some(Refusal { event: String::new(), typed: form, problem })).await
        }
    }
}

/// GET /tickets/{code}/letters/{id}
#[handler]
pub async fn show(view: View, Path((code, id)): Path<(String, i64)>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let row = find(&view.app, &who, &code).await?;
    let letter = Letters(view.app.clone()).one(&who, &row, id).await?;
    page(view, &who, &row, &letter, None).await
}

/// What was typed and not taken, and why.
struct Refused<'r> {
    typed: &'r PageForm,
    problem: &'r Problem,
}

async fn page(
    mut view: View,
    who: &SignedIn,
    row: &ticket::Model,
    letter: &Letter,
    refused: Option<Refused<'_>>,
) -> Result<Response, Problem> {
    let mut shown = letter.to_json().unwrap_or_default();
    let mut names = Names::default();
    shown["by_name"] = json!(names.of(&view, &letter.by).await?);
    if let Some(name) = &letter.given_by {
        shown["given_by_name"] = json!(names.of(&view, name).await?);
    }
    for name in ["recipient", "subject", "body"] {
        if let Some(typed) = refused.as_ref().and_then(|refused| refused.typed.get(name)) {
            shown[name] = json!(typed);
        }
    }
    let fragments = ready(&view, who, row).await?;
    view.put("fragments", &fragments);
    view.put("letter", &shown);
    view.put("letter_dir", direction(letter));
    view.put("email", &address(&view.app, who, row).await?);
    let texts = refused.as_ref().map(|refused| wrong(refused.problem, view.writing.language).texts);
    view.put("wrong", &texts);
    view.put("once", &request_id::new());
    let status = refused.map_or(StatusCode::OK, |refused| refused.problem.kind.status());
    view.page_with("letter.html", status)
}

fn direction(letter: &Letter) -> &'static str {
    if Language::of_code(&letter.language) == Some(Language::Fa) { "rtl" } else { "ltr" }
}

/// Where the customer gets mail, if the writer sees it.
async fn address(app: &App, who: &SignedIn, row: &ticket::Model) -> Result<Option<String>, Problem> {
    let Some(code) = row.customer.as_deref() else { return Ok(None) };
    if who.hidden_in(app, &row.branch).contains("customer.email") {
        return Ok(None);
    }
    Ok(app.store.customer(code).await?.and_then(|found| found.customer.email.clone()))
}

/// POST /tickets/{code}/letters/{id}: saved, with a fragment or without, or given out as it was typed.
#[handler]
pub async fn submit(
    view: View,
    Path((code, id)): Path<(String, i64)>,
    form: PageForm,
) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let (home, deed) =
        (format!("/tickets/{code}/letters/{id}"), form.get("deed").unwrap_or("save").to_owned());
    match written(&view, &who, (&code, id), &form, &deed).await {
        Ok(()) if deed == "print" => Ok(to(&format!("{home}/print"))),
        Ok(()) => Ok(to(&home)),
        Err(problem) if matches!(problem.kind, Kind::Internal | Kind::NotFound) => Err(problem),
        Err(problem) => {
            let row = find(&view.app, &who, &code).await?;
            let letter = Letters(view.app.clone()).one(&who, &row, id).await?;
            page(view, &who, &row, &letter, Some(Refused { typed: &form, problem: &problem })).await
        }
    }
}

async fn written(
    view: &View,
    who: &SignedIn,
    (code, id): (&str, i64),
    form: &PageForm,
    deed: &str,
) -> Result<(), Problem> {
    let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
    let version = form.get("version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let insert = form.get("fragment").filter(|one| deed == "insert" && !one.is_empty());
    let value = Editing {
        version,
        recipient: text("recipient"),
        subject: text("subject"),
        body: text("body"),
        insert: insert.into_iter().map(str::to_owned).collect(),
    };
    let key = |verb: &str| {
        IdempotencyKey::of_form(form.get("once"), format!("{verb} /tickets/{code}/letters/{id}"))
    };
    let (letters, place) = (Letters(view.app.clone()), || (Parameter(code.to_owned()), Parameter(id)));
    let hash = token::hash(&format!("{value:?}"));
    let (at, which) = place();
    let saved = letters.edit(who.clone(), at, which, key("PUT"), Body { value, hash }).await?.json();
    let email = match deed {
        "print" => None,
        "email" => Some(text("email")).filter(|text| !text.trim().is_empty()),
        _ => return Ok(()),
    };
    if deed == "email" && email.is_none() {
        return Err(Problem::fields(vec![crate::http::problem::FieldError::new(
            "email",
            "field-required",
            vec![],
        )]));
    }
    let value = Giving { version: saved["version"].as_i64().unwrap_or_default(), email };
    let hash = token::hash(&format!("{value:?}"));
    let (at, which) = place();
    letters.give(who.clone(), at, which, key("POST"), Body { value, hash }).await.map(drop)
}

/// GET /tickets/{code}/letters/{id}/print
#[handler]
pub async fn print(mut view: View, Path((code, id)): Path<(String, i64)>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let row = find(&view.app, &who, &code).await?;
    let letter = Letters(view.app.clone()).one(&who, &row, id).await?;
    let language = Language::of_code(&letter.language).unwrap_or(view.writing.language);
    view.put("letter_dir", direction(&letter));
    view.put("company", &company(&view.app, language));
    let library = library(&view.app);
    view.put("economic_code", &library.company.as_ref().and_then(|company| company.economic_code.clone()));
    let by = letter.given_by.as_deref().unwrap_or(&letter.by);
    let by = Names::default().of(&view, by).await?;
    view.put("by_name", &by);
    view.put("letter", &letter.to_json());
    view.page("print_letter.html")
}

/// GET /letters: letters and files of all tickets that the reader may see.
#[handler]
pub async fn all(request: &Request, mut view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let query = Query::of(request);
    let search = query.get("search");
    let repository = Repository(view.app.clone());
    let letters = repository.letters_found(&who, search, None, MOST).await?;
    let files = repository.files_found(&who, search, MOST).await?;
    view.put("search", &search);
    view.put("letters", &letters.to_json());
    view.put("found", &files.to_json());
    view.page("letters.html")
}
