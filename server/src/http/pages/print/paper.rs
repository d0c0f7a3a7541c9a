//! A ticket's papers: numbered documents as they were made, and papers that show it as it stands now.

use std::sync::Arc;

use aftercare_engine::definition::messages::Message;
use aftercare_engine::facts::{Map, Value as Fact};
use aftercare_engine::ledger::amount::decimal;
use aftercare_engine::message::Channel;
use poem::web::Path;
use poem::{Response, handler};
use poem_openapi::types::ToJSON;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::app::App;
use crate::auth::Scope;
use crate::entity::{document, ticket};
use crate::facts::in_language;
use crate::http::access::{currency, library};
use crate::http::api::tickets::charges::charges_of;
use crate::http::api::tickets::messages::covered;
use crate::http::api::tickets::show::{json as read, present};
use crate::http::api::tickets::{chart, find, is_outside, veil};
use crate::http::hidden;
use crate::http::pages::goods;
use crate::http::pages::qr;
use crate::http::pages::ticket::facts;
use crate::http::pages::view::View;
use crate::http::portal::company;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;

const TEMPLATE: &str = "print_paper.html";

/// Where whoever reads finds papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Staff,
    Portal,
}

/// What its reader can print of a ticket: title, number, day and address of each.
pub async fn listed(
    view: &View,
    who: &SignedIn,
    row: &ticket::Model,
    reader: Reader,
) -> Result<Vec<Value>, Problem> {
    let (library, language) = (library(&view.app), view.writing.language);
    let base = match reader {
        Reader::Staff => "/tickets",
        Reader::Portal => "/track",
    };
    let documents = view.app.store.documents_of(&row.code).await?;
    let mut all: Vec<Value> = documents
        .iter()
        .filter_map(|document| {
            let (step, index) = place(document)?;
            let paper = library.messages.iter().map(|(_, one)| one).find(|one| prints(one, &document.series));
            may_see(&view.app, who, &row.branch, paper).then_some(())?;
            Some(json!({
                "title": title(paper, &document.series, language),
                "number": document.number, "at": document.at,
                "href": format!("{base}/{}/documents/{step}/{index}", row.code),
            }))
        })
        .collect();
    if reader == Reader::Staff {
        let own = library.messages.iter().filter(|(_, one)| one.of.iter().any(|of| of.value == row.process));
        let own = own.filter(|(_, one)| may_see(&view.app, who, &row.branch, Some(one)));
        all.extend(own.map(|(name, one)| {
            json!({
                "title": title(Some(one), &name.value, language),
                "href": format!("{base}/{}/papers/{}", row.code, name.value),
            })
        }));
    }
    Ok(all)
}

/// Whether somebody may see a paper: the house all of its own, others what names one of their roles.
fn may_see(app: &App, who: &SignedIn, branch: &str, paper: Option<&Message>) -> bool {
    let roles = who.caller.roles_in(branch);
    let mut named = paper.into_iter().flat_map(|paper| &paper.seen_by);
    !is_outside(&who.scope(app)) || named.any(|role| roles.contains(role.value.as_str()))
}

fn prints(message: &Message, series: &str) -> bool {
    message.prints.iter().any(|own| own.value == series)
}

/// Step and index of the effect that made it: its address for good.
fn place(document: &document::Model) -> Option<(&str, &str)> {
    let (rest, index) = document.source.rsplit_once('/')?;
    Some((rest.rsplit_once('/')?.1, index))
}

fn title(paper: Option<&Message>, name: &str, language: aftercare_engine::language::Language) -> String {
    let title = paper.and_then(|paper| paper.title.as_ref()).map(|title| title.best(language).to_owned());
    title.filter(|title| !title.is_empty()).unwrap_or_else(|| name.replace('_', " "))
}

/// GET /tickets/{code}/documents/{step}/{index}
#[handler]
pub async fn numbered(
    view: View,
    Path((code, step, index)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let row = find(&view.app, &who, &code).await?;
    document(view, &who, &row, &step, &index).await
}

/// A numbered document, with the amounts as they were when it was made.
pub async fn document(
    mut view: View,
    who: &SignedIn,
    row: &ticket::Model,
    step: &str,
    index: &str,
) -> Result<Response, Problem> {
    let app = view.app.clone();
    let all = app.store.documents_of(&row.code).await?;
    let found = all.into_iter().find(|document| place(document) == Some((step, index)));
    let library = library(&app);
    let paper_of = |series: &str| library.messages.iter().find(|(_, one)| prints(one, series));
    let found = found.filter(|found| {
        let paper = paper_of(&found.series).map(|(_, one)| one);
        may_see(&app, who, &row.branch, paper)
    });
    let found = found.ok_or_else(|| Problem::not_found("document", format!("{step}/{index}")))?;
    let paper = paper_of(&found.series);
    view.put("title", &title(paper.map(|(_, one)| one), &found.series, view.writing.language));
    let currency = currency(&app);
    let amount = |minor| decimal(minor, &currency).to_string();
    view.put(
        "document",
        &json!({
            "number": found.number, "at": found.at, "due": found.due_at, "net": amount(found.net),
            "vat": amount(found.vat), "gross": amount(found.gross), "rounding": amount(found.rounding),
            "rounded": found.rounding != 0, "to_pay": amount(found.gross + found.rounding),
        }),
    );
    let lines: Vec<i64> = serde_json::from_str(&found.lines).unwrap_or_default();
    let mut charges = charges_of(&app, who, row).await?.json();
    goods::name_lines(&view, &mut charges).await?;
    view.put("lines", &those(&charges, &lines));
    let chart = chart(&app, row).await?;
    let mut fields = read(&found.fields);
    let amount_paid = fields.get("amount").cloned();
    veil(&app, who, &chart, &row.branch).strip(&mut fields);
    view.put("paid", &amount_paid.filter(|_| lines.is_empty()));
    view.put("fields", &facts::fields(&view, &chart, &fields).await?);
    let home = app.config.home();
    picture(&mut view, &format!("{}/track/{}", home.trim_end_matches('/'), row.code));
    finish(view, who, row, paper.map(|(name, one)| (name.value.clone(), one.clone()))).await
}

/// GET /tickets/{code}/papers/{paper}: the ticket as this paper shows it now.
#[handler]
pub async fn of_ticket(
    mut view: View,
    Path((code, paper)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let row = find(&view.app, &who, &code).await?;
    let app = view.app.clone();
    let library = library(&app);
    let found = library.messages.get(&paper).filter(|one| one.of.iter().any(|of| of.value == row.process));
    let found = found.filter(|found| may_see(&app, &who, &row.branch, Some(found)));
    let found = found.ok_or_else(|| Problem::not_found("document", paper.as_str()))?.clone();
    view.put("title", &title(Some(&found), &paper, view.writing.language));
    let mut charges = charges_of(&app, &who, &row).await?.json();
    goods::name_lines(&view, &mut charges).await?;
    view.put("lines", &charges["charges"]["lines"]);
    let chart = chart(&app, &row).await?;
    let ticket = present(&app, &who, &row).await?.to_json().unwrap_or_default();
    view.put("fields", &facts::fields(&view, &chart, &ticket["fields"]).await?);
    if let Some(serial) = &row.device {
        let home = app.config.home();
        picture(&mut view, &format!("{}/device/{serial}", home.trim_end_matches('/')));
    }
    finish(view, &who, &row, Some((paper, found))).await
}

/// The charge lines with these numbers.
fn those(charges: &Value, numbers: &[i64]) -> Vec<Value> {
    let all = charges["charges"]["lines"].as_array();
    let is_in = |line: &&Value| line["id"].as_i64().is_some_and(|id| numbers.contains(&id));
    all.into_iter().flatten().filter(is_in).cloned().collect()
}

fn picture(view: &mut View, address: &str) {
    if let Some((side, path)) = qr::path(address) {
        view.put("qr", &json!({"side": side, "path": path}));
    }
}

/// What every paper shows: whose it is, for whom, about what; the bundle's own words; who signs.
async fn finish(
    mut view: View,
    who: &SignedIn,
    row: &ticket::Model,
    paper: Option<(String, Message)>,
) -> Result<Response, Problem> {
    let app = view.app.clone();
    let language = view.writing.language;
    let library = library(&app);
    view.put("company", &company(&app, language));
    view.put("economic_code", &library.company.as_ref().and_then(|company| company.economic_code.clone()));
    let mut whole = present(&app, who, row).await?.to_json().unwrap_or_default();
    hidden::strip(&mut whole, &who.hidden(&app));
    let mut about = whole["ticket"].clone();
    goods::name_one(&view, &mut about).await?;
    view.put("ticket", &about);
    // A customer has come in by another door than the API's.
    let door = if matches!(who.scope(&app), Scope::Customer(_)) { "/track" } else { "/api/tickets" };
    view.put("files_at", &format!("{door}/{}/files", row.code));
    let branch = app.store.branch(&row.branch).await?;
    view.put(
        "branch",
        &branch.map(|branch| {
            json!({"name": in_language(&branch.name, language), "city": branch.city, "phone": branch.phone,
                   "address": branch.address})
        }),
    );
    if let Some((name, message)) = paper {
        view.put("words", &words(&app, who, row, &name, language).await?);
        let signatures: Vec<&str> = message.signatures.iter().map(|one| one.best(language)).collect();
        view.put("signatures", &signatures);
    }
    view.page(TEMPLATE)
}

/// The bundle's own words for a paper, from the facts as they stand; none if they would tell what the reader never
/// sees, or cannot be made.
async fn words(
    app: &App,
    who: &SignedIn,
    row: &ticket::Model,
    paper: &str,
    language: aftercare_engine::language::Language,
) -> Result<Option<String>, Problem> {
    let version = app.catalog.current();
    let veil = veil(app, who, &*chart(app, row).await?, &row.branch);
    if covered(&version, paper, &veil) {
        return Ok(None);
    }
    let look = app.look(who.caller.actor(&row.branch), &row.code, Map::new()).await?;
    let look = look.ok_or_else(|| Problem::not_found("ticket", row.code.as_str()))?;
    let facts = &look.assembled.facts;
    let world = facts.world.iter().map(|(name, value)| (Arc::clone(name), Fact::clone(value)));
    let fields = look.chart.fields.iter().zip(&facts.fields);
    let all: Map = world.chain(fields.map(|(field, value)| (field.name.clone(), value.clone()))).collect();
    let rendered = version.library().templates.render(paper, Channel::Paper, language, &all);
    match rendered {
        Ok(rendered) => Ok(Some(rendered.body)),
        Err(error) => {
            tracing::warn!("The paper `{paper}` of {} has no words: {error}", row.code);
            Ok(None)
        }
    }
}

/// The smallest whole amount that words can tell, and what is left of it.
pub fn whole_and_rest(amount: Decimal) -> (u64, Decimal) {
    let whole = amount.trunc().abs();
    (u64::try_from(whole).unwrap_or_default(), amount.abs() - whole)
}
