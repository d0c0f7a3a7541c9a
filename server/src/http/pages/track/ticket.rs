//! A customer's ticket: its way in friendly words, what they can do now, what it costs, pictures, papers, messages.
//! Every step goes the same way as everybody's.

use std::collections::BTreeMap;

use aftercare_engine::ledger::amount::decimal;
use aftercare_engine::statechart::Statechart;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Request, Response, handler};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use super::{frame, milestones, must_own, new};
use crate::auth::token;
use crate::effects::timer::armed;
use crate::entity::ticket;
use crate::gateway::payment::{COUNTER, Payments};
use crate::http::api::tickets::charges::charges_of;
use crate::http::api::tickets::messages::{Message, messages_of};
use crate::http::api::tickets::show::present;
use crate::http::api::tickets::steps::offered;
use crate::http::api::tickets::take::{Taking, take};
use crate::http::api::tickets::{chart, find};
use crate::http::pages::form::PageForm;
use crate::http::pages::ticket::Refusal;
use crate::http::pages::ticket::{facts, step};
use crate::http::pages::view::{View, to};
use crate::http::pages::{choices, goods, input, leads, pictures, print};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::http::visitor::Only;
use crate::http::{access, hidden, request_id};
use crate::store::step::Key;

/// Kinds of what customers ask and are answered.
pub const QUESTION: &str = "question";
const ANSWER: &str = "answer";

/// The page as it stands now. What was typed into a form that was refused is in it again.
pub async fn page(
    mut view: View,
    who: &SignedIn,
    row: &ticket::Model,
    request: &Request,
    refusal: Option<Refusal>,
) -> Result<Response, Problem> {
    let app = view.app.clone();
    frame(&mut view);
    let chart = chart(&app, row).await?;
    let hidden = who.hidden(&app);
    let mut whole = present(&app, who, row).await?.to_json().unwrap_or_default();
    hidden::strip(&mut whole, &hidden);
    let mut about = whole["ticket"].clone();
    goods::name_one(&view, &mut about).await?;
    view.put("ticket", &about);
    view.put("fields", &facts::fields(&view, &chart, &whole["fields"]).await?);
    let past = app.store.history(&row.code).await?;
    view.put("milestones", &milestones::of(&chart, row, &past, view.writing.language));
    view.put("expected", &expected(&view, &chart, row)?);
    let mut charges = charges_of(&app, who, row).await?.json();
    goods::name_lines(&view, &mut charges).await?;
    view.put("to_pay", &to_pay(&charges));
    view.put("charges", &charges);
    let messages = messages_of(&app, who, row).await?;
    view.put("last_said", &last_said(&messages, &app.config.home()));
    view.put("messages", &messages.to_json());
    papers(&mut view, who, row).await?;
    view.put("children", &children(&view, who, row, &Only::of(request)).await?);
    steps(&mut view, who, (row, &chart), request, refusal.as_ref()).await?;
    view.put("processes", &new::offered(&view, who));
    let query = request.uri().query().unwrap_or_default();
    let came = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "status");
    view.put("payment", &came.map(|(_, status)| status.into_owned()));
    view.put("once", &request_id::new());
    let status = refusal.map_or(StatusCode::OK, |refusal| refusal.problem.kind.status());
    view.page_with("track_ticket.html", status)
}

/// The requests that this one has opened, as far as they are the customer's and open to this visit.
async fn children(
    view: &View,
    who: &SignedIn,
    row: &ticket::Model,
    only: &Only,
) -> Result<Vec<Value>, Problem> {
    let opened = if row.children > 0 { view.app.store.opened_by(&row.code).await? } else { Vec::new() };
    let mut shown = Vec::new();
    for opened in opened.into_iter().filter(|opened| only.permits(&opened.ticket)) {
        match find(&view.app, who, &opened.ticket).await {
            Ok(child) => {
                let told = present(&view.app, who, &child).await?.to_json().unwrap_or_default();
                shown.push(told["ticket"].clone());
            }
            Err(problem) if problem.kind == Kind::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    shown.iter_mut().for_each(|one| hidden::strip(one, &who.hidden(&view.app)));
    goods::name_all(view, &mut shown).await?;
    Ok(shown)
}

/// What the customer was told last, in few words and without the way to this page.
fn last_said(messages: &[Message], home: &str) -> Option<String> {
    let text = messages.iter().rev().find_map(|one| one.text.as_deref().filter(|_| one.subject.is_none()))?;
    let way = format!("{}/track/", home.trim_end_matches('/'));
    let words: Vec<&str> = text.split(' ').filter(|word| !word.starts_with(&way)).collect();
    Some(words.join(" "))
}

/// What is still owed; before an invoice stands, what has been agreed and is not yet paid.
fn to_pay(charges: &Value) -> Value {
    let amount = |value: &Value| value.as_str().and_then(|text| text.parse::<rust_decimal::Decimal>().ok());
    let owed = amount(&charges["charges"]["customer_owes"]).filter(|owed| !owed.is_zero());
    let open = amount(&charges["gross"]).zip(amount(&charges["paid"])).map(|(gross, paid)| gross - paid);
    owed.or(open)
        .filter(|open| open.is_sign_positive() && !open.is_zero())
        .map_or(Value::Null, |open| json!(open.to_string()))
}

/// The days that the process lets customers know, as they stand now.
fn expected(view: &View, chart: &Statechart, row: &ticket::Model) -> Result<Vec<Value>, Problem> {
    let running = armed(&row.timers)?;
    let told = chart.definition.deadlines.iter().filter_map(|(name, deadline)| {
        let text = deadline.customer_sees.as_ref()?.best(view.writing.language).to_owned();
        let at = running.get(&format!("$clock.{}", name.value)).copied().flatten()?;
        Some(json!({"text": text, "at": at}))
    });
    Ok(told.collect())
}

/// Pictures and papers for the customer, documents, payments, questions and answers.
async fn papers(view: &mut View, who: &SignedIn, row: &ticket::Model) -> Result<(), Problem> {
    let app = view.app.clone();
    let currency = access::currency(&app);
    let files = app.store.files_of(&row.code, &who.scope(&app)).await?;
    let files = files.into_iter().map(|file| {
        let is_picture = file.media_type.starts_with("image/");
        json!({"id": file.id, "name": file.name, "picture": is_picture, "at": file.at})
    });
    view.put("files", &files.collect::<Vec<_>>());
    let payments = app.store.payments_of(&row.code).await?;
    let payments = payments.into_iter().map(|payment| {
        let amount = decimal(payment.amount, &currency).to_string();
        json!({"at": payment.at, "amount": amount, "back": payment.direction == "out", "reference": payment.reference})
    });
    view.put("payments", &payments.collect::<Vec<_>>());
    view.put("documents", &print::listed(view, who, row, print::Reader::Portal).await?);
    let said = app.store.activities_of(&row.code).await?;
    let said = said.into_iter().filter(|one| one.kind == QUESTION || one.kind == ANSWER);
    let talk = said.map(|one| json!({"mine": one.kind == QUESTION, "text": one.text, "at": one.at}));
    view.put("talk", &talk.collect::<Vec<_>>());
    Ok(())
}

/// The customer's steps: those with a form, those about one charge line, those that are payments.
async fn steps(
    view: &mut View,
    who: &SignedIn,
    (row, chart): (&ticket::Model, &Statechart),
    request: &Request,
    refusal: Option<&Refusal>,
) -> Result<(), Problem> {
    let mut offered = offered(&view.app, who, row).await?;
    leads::sort(&mut offered.steps, chart, row);
    let open = offered.steps.iter().filter(|step| step.possible).flat_map(|step| &step.form);
    choices::offer(view, who, &row.branch, open).await?;
    let (nothing, none) = (PageForm::default(), BTreeMap::new());
    let wrong = refusal.map(|refusal| step::wrong(&refusal.problem, who.language));
    let shown = offered.steps.iter().map(|step| {
        let refused = refusal.filter(|refusal| refusal.event == step.event);
        let typed = refused.map_or(&nothing, |refusal| &refusal.typed);
        let wrong = wrong.as_ref().filter(|_| refused.is_some());
        let line = match step.form.as_slice() {
            [only] if only.r#type == "line" => Some(only.field.clone()),
            _ => None,
        };
        json!({
            "event": step.event, "title": step.title, "possible": step.possible, "pays": step.pays,
            "awaited": step.awaited, "rare": step.rare, "line": line, "refused": refused.is_some(), "photos": pictures::has_photo(&step.form), "reasons": step.reasons.to_json(),
            "inputs": input::shown(&step.form, typed, wrong.map_or(&none, |wrong| &wrong.fields), &view.writing),
        })
    });
    let mut shown: Vec<Value> = shown.collect();
    // What the ticket waits for comes first; what merely may be done after it.
    shown.sort_by_key(|step| (step["awaited"] != true, step["rare"] == true));
    view.put("steps", &shown);
    view.put("revision", &offered.revision);
    let payments = request.data::<std::sync::Arc<Payments>>();
    let names = payments.into_iter().flat_map(|payments| payments.names()).filter(|name| *name != COUNTER);
    view.put("providers", &names.collect::<Vec<_>>());
    view.put("refusal", &wrong.map(|wrong| wrong.texts));
    Ok(())
}

/// POST /track/{code}/steps/{event}
#[handler]
pub async fn submit(
    request: &Request,
    view: View,
    Path((code, event)): Path<(String, String)>,
    form: PageForm,
) -> Result<Response, Problem> {
    let (who, row) = must_own(&view, request, &code).await?;
    let steps = offered(&view.app, &who, &row).await?.steps;
    let asked = steps.iter().find(|step| step.event == event).map(|step| step.form.as_slice());
    let asked = asked.unwrap_or_default();
    let mut data = input::read(asked, &form, &view.writing);
    let chart = chart(&view.app, &row).await?;
    data.extend(pictures::kept(&view, &who, (&code, &chart), asked, &form).await?);
    let revision = form.get("revision").and_then(|text| text.parse().ok()).unwrap_or(row.revision);
    let sent: Vec<_> =
        form.0.iter().filter(|(name, _)| name == "revision" || name.starts_with("f:")).collect();
    let key = form.get("once").map(|key| Key {
        principal: who.caller.name.clone(),
        route: format!("POST /track/{code}/steps/{event}"),
        key: key.to_owned(),
        body_hash: token::hash(&json!(sent).to_string()),
    });
    match take(&view.app, &who, &row, &event, Taking { revision, data }, key).await {
        Ok(_) => Ok(to(&format!("/track/{code}"))),
        Err(problem) if step::can_be_mended(problem.kind) => {
            let (who, row) = must_own(&view, request, &code).await?;
            page(view, &who, &row, request, Some(Refusal { event, typed: form, problem })).await
        }
        Err(problem) => Err(problem),
    }
}
