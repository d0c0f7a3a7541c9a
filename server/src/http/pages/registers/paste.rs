//! A table comes into a register: pasted from a spreadsheet, looked through first, then written whole or not at all.
//! The same way in as for files.

use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;

use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use tokio::sync::watch;

use super::{columns_of, label, register, title};
use crate::auth::token;
use crate::exchange::import::{Progress, Stopped, Wanted, commit, look};
use crate::exchange::report::Report;
use crate::exchange::source::Source;
use crate::http::api::registry::asking;
use crate::http::once::{Answer, Stop, once};
use crate::http::pages::form::PageForm;
use crate::http::pages::view::View;
use crate::http::problem::{Kind, Problem};
use crate::http::request_id;
use crate::http::signed_in::SignedIn;
use crate::register::Register;
use crate::register::check::Entry;
use crate::store::step::Key;

/// GET /registers/{name}/paste
#[handler]
pub async fn show(view: View, Path(name): Path<String>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let register = register(&name)?;
    who.may(&view.app, register.write)?;
    page(view, &who, register, "", None).await
}

/// What became of a table.
struct Came {
    report: serde_json::Value,
    clean: bool,
    done: bool,
}

async fn page(
    mut view: View,
    who: &SignedIn,
    register: &'static Register,
    text: &str,
    came: Option<Came>,
) -> Result<Response, Problem> {
    let columns = columns_of(&view, who, register).await?;
    let heads = columns.iter().filter(|column| !column.field.read_only);
    let heads: Vec<_> = heads
        .map(|column| serde_json::json!({"header": column.header, "title": label(&view, &column.header)}))
        .collect();
    view.put("heads", &heads);
    view.put("text", text);
    view.put("name", &register.name);
    view.put("title", &title(&view, register));
    view.put("once", &request_id::new());
    let status = match &came {
        Some(came) if !came.clean => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    view.put("done", &came.as_ref().is_some_and(|came| came.done));
    view.put("clean", &came.as_ref().is_some_and(|came| came.clean));
    view.put("report", &came.map(|came| came.report));
    view.page_with("register_paste.html", status)
}

/// POST /registers/{name}/paste
#[handler]
pub async fn submit(view: View, Path(name): Path<String>, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let register = register(&name)?;
    who.may(&view.app, register.write)?;
    let text = form.get("text").unwrap_or_default().to_owned();
    let wanted = Wanted {
        register,
        source: source(&text)?,
        hash: token::hash(&text),
        columns: None,
        with: Entry::new(),
    };
    let asking = asking(&view.app, &who, register, "imported")?;
    let (told, _) = watch::channel(Progress::default());
    let looked = look(&view.app, &asking, &wanted, &told, false).await?;
    let language = view.writing.language;
    let clean = looked.report.is_clean();
    if !clean || form.get("deed") != Some("write") {
        let came = Came { report: looked.report.told(language), clean, done: false };
        return page(view, &who, register, &text, Some(came)).await;
    }
    let key = form.get("once").map(|once| Key {
        principal: who.caller.name.clone(),
        route: format!("POST /registers/{}/paste", register.name),
        key: once.to_owned(),
        body_hash: wanted.hash.clone(),
    });
    let (app, now) = (view.app.clone(), view.app.clock.now());
    let answer = once(&app, key, move |tx| {
        Box::pin(async move {
            match commit(tx, &asking, &wanted, looked, now, &told).await {
                Ok(report) => Ok(Answer::<serde_json::Value>::shown(&report.told(language))),
                Err(Stopped::Wrong(report)) => Err(refused(&report).into()),
                Err(Stopped::Store(error)) => Err::<_, Stop>(error.into()),
            }
        })
    })
    .await?;
    page(view, &who, register, "", Some(Came { report: answer.json(), clean: true, done: true })).await
}

/// Somebody has changed the register between looking and writing.
fn refused(report: &Report) -> Problem {
    Problem::new(Kind::Unprocessable, "detail-import", vec![("wrong", report.wrong.to_string())])
}

/// The text as a file, so that it is read as files are.
fn source(text: &str) -> Result<Source, Problem> {
    let failed = |error: std::io::Error| Problem::internal(&error);
    let mut file = tempfile::tempfile().map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    Ok(Source { file: Arc::new(file), bytes: text.len() as u64, name: "pasted".to_owned() })
}
