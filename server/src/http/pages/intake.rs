//! Intake: a serial or a phone first. The device shows at once whether it is under warranty, and a request is opened
//! with the form of its process.

use std::collections::{BTreeMap, BTreeSet};

use aftercare_engine::definition::process::Subject;
use aftercare_engine::text;
use poem::{Request, Response, handler};
use serde_json::{Value, json};

use super::board::Query;
use super::form::PageForm;
use super::ticket::step;
use super::view::{View, to};
use super::{board, choices, goods, input, people};
use crate::auth::token;
use crate::http::access::country;
use crate::http::api::lookup::known;
use crate::http::api::registry::list::{Asked, in_reach, list};
use crate::http::api::tickets::create::{Opening, open};
use crate::http::api::tickets::is_outside;
use crate::http::api::tickets::list::found;
use crate::http::api::tickets::steps::{FormField, field, said};
use crate::http::problem::{Kind, Problem};
use crate::http::request_id;
use crate::http::signed_in::SignedIn;
use crate::register;
use crate::store::read::search::TicketFilter;
use crate::store::step::Key;

const TEMPLATE: &str = "intake.html";
/// Tickets in which a caller's devices are looked for.
const RECENT: u64 = 50;
/// Customers whose own devices are shown.
const OWNERS: u64 = 10;

/// GET /intake
#[handler]
pub async fn show(request: &Request, mut view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let query = Query::of(request);
    let asked = query.get("q").unwrap_or_default().to_owned();
    view.put("asked", &asked);
    let serial = if asked.is_empty() { None } else { look(&mut view, &who, &asked).await? };
    offer(&mut view, &who, query.get("process"));
    if let Some(process) = query.get("process") {
        form(&mut view, &who, (process, serial.as_deref()), &PageForm::default(), None).await?;
    }
    view.page(TEMPLATE)
}

/// A serial shows its device and is told; a phone number or a name shows the devices that its owner has been here with
/// and those that they own. Who may not look a device up names it all the same: a request can be opened for it, and tells nothing about it before.
async fn look(view: &mut View, who: &SignedIn, asked: &str) -> Result<Option<String>, Problem> {
    match known(&view.app, who, asked, None).await {
        Ok(device) => {
            let mut about = device.json();
            goods::name_one(view, &mut about).await?;
            view.put("about", &about);
            let serial = about["device"]["serial"].as_str().map(str::to_owned);
            view.put("device", &serial);
            return Ok(serial);
        }
        Err(problem) if problem.kind == Kind::Forbidden => {
            view.put("device", &text::latin_digits(asked.trim()));
            return Ok(None);
        }
        Err(problem) if problem.kind == Kind::NotFound => {}
        Err(problem) => return Err(problem),
    }
    let digits = text::latin_digits(asked);
    let is_phone = digits.chars().filter(char::is_ascii_digit).count() >= 7
        && digits.chars().all(|letter| !letter.is_alphabetic());
    let filter = if is_phone {
        let phone = Some(text::phone_part(&digits, &country(&view.app)));
        TicketFilter { phone, ..TicketFilter::default() }
    } else {
        TicketFilter { name: Some(text::folded(asked)), ..TicketFilter::default() }
    };
    let page = found(&view.app, who, &filter, None, RECENT).await?;
    let products = board::products(view, who).await?;
    let mut seen = BTreeSet::new();
    let mut devices = board::cards(view, who, page.items, &products);
    devices.extend(owned(view, who, asked).await?);
    devices.retain(|card| card["device"].as_str().is_some_and(|serial| seen.insert(serial.to_owned())));
    view.put("devices", &devices);
    Ok(None)
}

/// Devices of the customers with this phone or name, for who may read both: most who call have not been here before.
async fn owned(view: &View, who: &SignedIn, asked: &str) -> Result<Vec<Value>, Problem> {
    let (Some(customers), Some(devices)) = (register::find("customers"), register::find("devices")) else {
        return Ok(Vec::new());
    };
    let asked = Asked { search: Some(asked.to_owned()), after: None, limit: Some(OWNERS) };
    let page = match list(&view.app, who, customers, asked).await {
        Err(problem) if problem.kind == Kind::Forbidden => return Ok(Vec::new()),
        page => page?,
    };
    let mut all = Vec::new();
    for owner in page["items"].as_array().into_iter().flatten() {
        for device in view.app.store.devices_of(owner["code"].as_str().unwrap_or_default()).await? {
            match in_reach(&view.app, who, devices, &device.serial).await {
                Ok(()) => all.push(json!({
                    "device": device.serial,
                    "product": device.product,
                    "customer": {"name": owner["name"]},
                })),
                Err(problem) if matches!(problem.kind, Kind::Forbidden | Kind::NotFound) => {}
                Err(problem) => return Err(problem),
            }
        }
    }
    goods::name_all(view, &mut all).await?;
    Ok(all)
}

/// What this reader may open.
pub fn openable(view: &View, who: &SignedIn) -> Vec<Value> {
    let version = view.app.catalog.current();
    let (roles, language) = (who.caller.role_names(), view.writing.language);
    let charts = version.processes().filter_map(|name| Some((name, version.chart(name)?)));
    let own = charts.filter(|(_, chart)| chart.opened_by.iter().any(|role| roles.contains(role.as_str())));
    let shown = own.map(|(name, chart)| {
        json!({
            "value": name,
            "title": said(chart.definition.title.as_ref(), language, name),
            "help": chart.definition.help.as_ref().map(|help| help.best(language)),
            "device": chart.subject == Some(Subject::Device),
            "within": chart.subject.is_none(),
        })
    });
    shown.collect()
}

/// The same for the page, with the one that was chosen.
fn offer(view: &mut View, who: &SignedIn, chosen: Option<&str>) {
    let mut processes = openable(view, who);
    for one in &mut processes {
        one["chosen"] = json!(chosen == one["value"].as_str());
    }
    view.put("processes", &processes);
}

/// The fields that a process asks for when it is opened.
fn asked_by(view: &View, process: &str) -> Vec<FormField> {
    let version = view.app.catalog.current();
    let Some(chart) = version.chart(process) else { return Vec::new() };
    chart.form.iter().filter_map(|entry| field(chart, entry, view.writing.language)).collect()
}

async fn form(
    view: &mut View,
    who: &SignedIn,
    (process, serial): (&str, Option<&str>),
    typed: &PageForm,
    problem: Option<&Problem>,
) -> Result<(), Problem> {
    let mut fields = asked_by(view, process);
    if let (Some(serial), Some(chart)) = (serial, view.app.catalog.current().chart(process)) {
        input::open::begin(view, who, chart, serial, &mut fields).await?;
    }
    let branch = who.caller.branch.clone().unwrap_or_default();
    choices::offer(view, who, &branch, fields.iter()).await?;
    let wrong = problem.map(|problem| step::wrong(problem, view.writing.language));
    let none = BTreeMap::new();
    let by_field = wrong.as_ref().map_or(&none, |wrong| &wrong.fields);
    view.put("inputs", &input::shown(&fields, typed, by_field, &view.writing));
    view.put("wrong", &wrong.as_ref().map(|wrong| &wrong.texts));
    view.put("process", &process);
    view.put("step", &json!({"event": "open"}));
    view.put("once", &request_id::new());
    let branches = people::branches(view).await?;
    let branches: Vec<Value> =
        branches.iter().map(|(code, name)| json!({"value": code, "title": name})).collect();
    view.put("own_branch", &who.caller.branch);
    view.put("branches", &branches);
    // What was chosen is still chosen when the form comes back.
    view.put("in_branch", &typed.get("branch"));
    view.put("came_by", &typed.get("channel"));
    view.put("outside", &is_outside(&who.scope(&view.app)));
    Ok(())
}

/// POST /intake
#[handler]
pub async fn submit(mut view: View, typed: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let text = |name: &str| typed.get(name).map(str::trim).filter(|text| !text.is_empty());
    let process = text("process").unwrap_or_default().to_owned();
    let data = input::read(&asked_by(&view, &process), &typed, &view.writing);
    let opening = Opening {
        process: process.clone(),
        branch: text("branch").map(str::to_owned),
        channel: text("channel").map(str::to_owned),
        device: text("device").map(str::to_owned),
        customer: text("customer").map(str::to_owned),
        agency: None,
        data,
    };
    let key = text("once").map(|key| Key {
        principal: who.caller.name.clone(),
        route: "POST /intake".into(),
        key: key.to_owned(),
        body_hash: token::hash(&format!("{opening:?}")),
    });
    match open(&view.app, &who, opening, key).await {
        Ok(answer) => {
            let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
            Ok(to(&format!("/tickets/{code}")))
        }
        Err(problem) if problem.kind == Kind::Internal => Err(problem),
        Err(problem) => {
            let status = problem.kind.status();
            let asked = text("device").unwrap_or_default().to_owned();
            view.put("asked", &asked);
            if !asked.is_empty() {
                look(&mut view, &who, &asked).await?;
            }
            offer(&mut view, &who, Some(&process));
            form(&mut view, &who, (&process, None), &typed, Some(&problem)).await?;
            view.page_with(TEMPLATE, status)
        }
    }
}
