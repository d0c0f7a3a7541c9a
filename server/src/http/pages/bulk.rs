//! Many requests at once: chosen on the board, then taken a step with, printed or exported. A step is taken with each
//! on its own, as if from its page; what was refused says why.

use std::collections::BTreeMap;

use poem::http::header;
use poem::web::Path;
use poem::{Request, Response, handler};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use super::board::{Query, cards, dressed, filter, products, search};
use super::form::PageForm;
use super::ticket::step::wrong;
use super::view::{View, to};
use super::{choices, input};
use crate::auth::token;
use crate::entity::ticket;
use crate::export::tickets::{Line, sheet};
use crate::http::api::tickets::find;
use crate::http::api::tickets::list::{found, told};
use crate::http::api::tickets::steps::{Step, offered};
use crate::http::api::tickets::take_many::{OneStep, each};
use crate::http::problem::{Kind, Problem};
use crate::http::request_id;
use crate::http::signed_in::SignedIn;
use crate::store::step::Key;

const TEMPLATE: &str = "bulk.html";
/// Most requests that can be chosen.
const MOST: usize = 100;
/// Most requests of a sheet, and how many are read at once.
const MOST_ROWS: usize = 10_000;
const PIECE: u64 = 200;

/// The chosen requests, in the order of the form.
async fn chosen(view: &View, who: &SignedIn, form: &PageForm) -> Result<Vec<ticket::Model>, Problem> {
    let mut rows: Vec<ticket::Model> = Vec::new();
    for (_, code) in form.0.iter().filter(|(name, _)| name == "code").take(MOST) {
        if rows.iter().all(|row| row.code != *code) {
            rows.push(find(&view.app, who, code).await?);
        }
    }
    Ok(rows)
}

/// POST /bulk: what is to be done with the chosen ones.
#[handler]
pub async fn submit(view: View, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let rows = chosen(&view, &who, &form).await?;
    if rows.is_empty() {
        return Ok(to(&form.back()));
    }
    match form.get("deed") {
        Some("export") => {
            let lines = told(&view.app, &who, &rows, false).await?;
            let products = products(&view, &who).await?;
            file(&view, cards(&view, &who, lines, &products)).await
        }
        deed => page(view, &who, &rows, deed == Some("print"), &[]).await,
    }
}

/// GET /tickets/export: all that fit the filters, as a sheet.
#[handler]
pub async fn export(request: &Request, view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let query = Query::of(request);
    let mut filter = filter(&view, &query);
    if let Some(asked) = query.get("q")
        && let Some(code) = search(&view, &who, asked, &mut filter).await?
    {
        filter.code = Some(code);
    }
    let products = products(&view, &who).await?;
    let (mut lines, mut after) = (Vec::new(), None);
    while lines.len() < MOST_ROWS {
        let piece = found(&view.app, &who, &filter, after.as_deref(), PIECE).await?;
        lines.extend(cards(&view, &who, piece.items, &products));
        after = piece.next;
        if after.is_none() {
            break;
        }
    }
    file(&view, lines).await
}

async fn file(view: &View, mut cards: Vec<Value>) -> Result<Response, Problem> {
    dressed(view, &mut cards).await?;
    let text = |card: &Value, name: &str| card[name].as_str().unwrap_or_default().to_owned();
    let moment = |card: &Value, name: &str| {
        let at = card[name].as_str().and_then(|at| at.parse().ok());
        at.map_or(String::new(), |at| {
            format!("{} {}", view.writing.date(view.writing.day_of(at)), view.writing.time(at))
        })
    };
    let line = |card: &Value| Line {
        texts: vec![
            text(card, "code"),
            text(card, "process_title"),
            text(&card["customer"], "name"),
            text(&card["customer"], "phone"),
            text(card, "product_name"),
            text(card, "device"),
            card["state_titles"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join(" · "),
            text(card, "technician_name"),
            text(card, "branch_name"),
            moment(card, "opened_at"),
            moment(card, "due_at"),
        ],
        amounts: ["gross", "paid"]
            .map(|name| card[name].as_str().and_then(|text| text.parse().ok()).unwrap_or_default()),
    };
    let titles = [
        "code",
        "process",
        "customer",
        "phone",
        "model",
        "serial",
        "state",
        "technician",
        "branch",
        "opened",
        "due-at",
        "gross",
        "paid",
    ];
    let titles: Vec<String> = titles.iter().map(|key| view.text(key)).collect();
    let lines: Vec<Line> = cards.iter().map(line).collect();
    let bytes = sheet(&titles, &lines, view.writing.language).map_err(|error| Problem::internal(&error))?;
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header(header::CONTENT_DISPOSITION, "attachment; filename=\"requests.xlsx\"")
        .body(bytes))
}

/// The chosen ones with what can be done with them, and what came of it.
async fn page(
    mut view: View,
    who: &SignedIn,
    rows: &[ticket::Model],
    is_print: bool,
    done: &[Value],
) -> Result<Response, Problem> {
    let products = products(&view, who).await?;
    let mut shown = cards(&view, who, told(&view.app, who, rows, false).await?, &products);
    dressed(&view, &mut shown).await?;
    view.put("rows", &shown);
    view.put("is_print", &is_print);
    view.put("done", &done);
    view.put("once", &request_id::new());
    if !is_print {
        let steps = common(&view, who, rows).await?;
        let branch = rows.first().map(|row| row.branch.clone()).unwrap_or_default();
        choices::offer(&mut view, who, &branch, steps.iter().flat_map(|(step, _)| &step.form)).await?;
        let shown = steps.iter().map(|(step, count)| {
            let mut json = step.to_json().unwrap_or_default();
            json["inputs"] =
                input::shown(&step.form, &PageForm::default(), &BTreeMap::new(), &view.writing).into();
            json["count"] = json!(count);
            json
        });
        let shown: Vec<Value> = shown.collect();
        view.put("steps", &shown);
    }
    view.page(TEMPLATE)
}

/// Steps that can be taken with at least one of them, with how many; those of all first.
async fn common(view: &View, who: &SignedIn, rows: &[ticket::Model]) -> Result<Vec<(Step, usize)>, Problem> {
    let mut all: Vec<(Step, usize)> = Vec::new();
    for row in rows {
        let steps = offered(&view.app, who, row).await?.steps.into_iter();
        // What begins with each ticket's own rows is filled in there.
        let is_alike = |step: &Step| step.form.iter().all(|field| field.value.is_null());
        for step in steps.filter(|step| step.possible && is_alike(step)) {
            let fields = |step: &Step| step.form.iter().map(|field| field.field.clone()).collect::<Vec<_>>();
            match all.iter_mut().find(|(one, _)| one.event == step.event && fields(one) == fields(&step)) {
                Some((_, count)) => *count += 1,
                None => all.push((step, 1)),
            }
        }
    }
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    Ok(all)
}

/// POST /bulk/{event}: the step with each of them.
#[handler]
pub async fn apply(view: View, Path(event): Path<String>, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let rows = chosen(&view, &who, &form).await?;
    let mut steps = Vec::new();
    for row in &rows {
        let asked = offered(&view.app, &who, row).await?.steps.into_iter().find(|step| step.event == event);
        let fields = asked.map(|step| step.form).unwrap_or_default();
        steps.push(OneStep {
            ticket: row.code.clone(),
            event: event.clone(),
            // Whoever decides has seen the page, not what has happened since.
            revision: form
                .get(&format!("seen:{}", row.code))
                .and_then(|seen| seen.parse().ok())
                .unwrap_or(row.revision),
            data: input::read(&fields, &form, &view.writing),
        });
    }
    let key = form.get("once").map(|key| Key {
        principal: who.caller.name.clone(),
        route: format!("POST /bulk/{event}"),
        key: key.to_owned(),
        body_hash: token::hash(&json!(form.0).to_string()),
    });
    let mut done = Vec::new();
    for (row, taken) in rows.iter().zip(each(&view.app, &who, steps, key).await) {
        done.push(match taken {
            Ok(_) => json!({"code": row.code, "taken": true}),
            Err(problem) if matches!(problem.kind, Kind::Internal | Kind::Reauthenticate) => {
                return Err(problem);
            }
            Err(problem) => {
                let wrong = wrong(&problem, who.language);
                let texts: Vec<String> = wrong.texts.into_iter().chain(wrong.fields.into_values()).collect();
                json!({"code": row.code, "taken": false, "texts": texts})
            }
        });
    }
    let rows = chosen(&view, &who, &form).await?;
    page(view, &who, &rows, false, &done).await
}
