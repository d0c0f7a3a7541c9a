//! Where the sign on a device leads: asking for service without an account. It tells what the device is, which its
//! sign says as well, and nothing about whose it is. The request is opened when the asker's phone is proved.

use std::collections::BTreeMap;
use std::sync::Arc;

use aftercare_engine::text;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use serde_json::{Value, json};

use super::form::PageForm;
use super::input;
use super::ticket::step;
use super::track::{enter, new};
use super::view::{View, to};
use crate::facts::in_language;
use crate::http::access::{country, library};
use crate::http::api::tickets::steps::FormField;
use crate::http::portal::{self, wish::Wish};
use crate::http::problem::{FieldError, Kind, Problem};
use crate::http::signed_in::address;

/// GET /device?serial=…: whoever cannot scan the sign types what stands on it.
#[handler]
pub async fn ask(request: &Request, view: View) -> Result<Response, Problem> {
    let query = request.uri().query().unwrap_or_default();
    let asked: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let text = |name: &str| asked.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let Some(serial) = text("serial") else {
        return page(view, "", text("process"), &PageForm::default(), None).await;
    };
    let part =
        |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    let process = text("process").map(|process| format!("?process={}", part(process)));
    Ok(to(&format!("/device/{}{}", part(serial), process.unwrap_or_default())))
}

/// GET /device/{serial}
#[handler]
pub async fn show(request: &Request, view: View, Path(serial): Path<String>) -> Result<Response, Problem> {
    let query = request.uri().query().unwrap_or_default();
    let chosen = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "process");
    let chosen = chosen.map(|(_, name)| name.into_owned());
    page(view, &serial, chosen.as_deref(), &PageForm::default(), None).await
}

/// The processes that a portal's visitor may open for a device.
fn offered(view: &View) -> Vec<Value> {
    let library = library(&view.app);
    let roles = library.roles.iter().filter(|(_, role)| role.portal).map(|(name, _)| name.value.as_str());
    let roles: Vec<&str> = roles.collect();
    let mut all = new::openable(view, &|role| roles.contains(&role));
    all.retain(|one| one["device"] == true);
    all
}

async fn page(
    mut view: View,
    serial: &str,
    chosen: Option<&str>,
    typed: &PageForm,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    view.put("company", &portal::company(&view.app, view.writing.language));
    let serial = text::latin_digits(serial.trim());
    let subject = view.app.store.subject(&serial).await?;
    let name = subject.and_then(|subject| Some(in_language(&subject.product?.name, view.writing.language)));
    view.put("serial", &serial);
    view.put("product", &name);
    let offered = offered(&view);
    let process = chosen.and_then(|chosen| offered.iter().find(|one| one["value"] == *chosen)).cloned();
    if name.is_none() {
        let (unknown, status) = match serial.as_str() {
            "" => ("portal-which-device", StatusCode::OK),
            _ => ("portal-unknown-device", StatusCode::NOT_FOUND),
        };
        view.put("unknown", &unknown);
        view.put("process", &process);
        return view.page_with("device.html", status);
    }
    view.put("processes", &offered);
    if let Some(process) = &process {
        let fields = fields(&view, process["value"].as_str().unwrap_or_default());
        let wrong = problem.map(|problem| step::wrong(problem, view.writing.language));
        let none = BTreeMap::new();
        let by_field = wrong.as_ref().map_or(&none, |wrong| &wrong.fields);
        view.put("inputs", &input::shown(&fields, typed, by_field, &view.writing));
        view.put("step", &json!({"event": "open"}));
        view.put("wrong", &wrong.as_ref().map(|wrong| &wrong.texts));
        view.put("branches", &new::branches(&view).await?);
        for name in ["name", "phone", "branch"] {
            view.put(name, &typed.get(name));
        }
    }
    view.put("process", &process);
    let status = problem.map_or(StatusCode::OK, |problem| problem.kind.status());
    view.page_with("device.html", status)
}

fn fields(view: &View, process: &str) -> Vec<FormField> {
    let version = view.app.catalog.current();
    version.chart(process).map(|chart| new::fields(view, chart)).unwrap_or_default()
}

/// POST /device/{serial}: what is wished is kept, and a code goes to the phone.
#[handler]
pub async fn submit(
    request: &Request,
    attempts: Data<&Arc<enter::Attempts>>,
    view: View,
    Path(serial): Path<String>,
    typed: PageForm,
) -> Result<Response, Problem> {
    let text = |name: &str| typed.get(name).map(str::trim).unwrap_or_default().to_owned();
    let process = text("process");
    let is_offered = offered(&view).iter().any(|one| one["value"] == *process);
    let fields = fields(&view, &process);
    let data = input::read(&fields, &typed, &view.writing);
    let phone = text::phone(&text("phone"), &country(&view.app));
    let mut wrong = Vec::new();
    let missing = |field: &str| FieldError::new(field, "field-required", vec![]);
    let named = fields.iter().filter(|field| field.required && !data.contains_key(&field.field));
    wrong.extend(named.map(|field| missing(&field.title)));
    wrong.extend(text("name").is_empty().then(|| missing(&view.text("portal-name"))));
    wrong.extend(text("branch").is_empty().then(|| missing(&view.text("branch"))));
    if phone.is_none() {
        wrong.push(missing(&view.text("portal-phone")));
    }
    let problem = if !is_offered {
        Some(Problem::not_found("process", process.as_str()))
    } else if wrong.is_empty() {
        let wait = attempts.0.0.wait("", address(&view.app, request), view.app.clock.now());
        wait.map(|seconds| {
            Problem::new(Kind::TooMany, "detail-too-many", vec![("seconds", seconds.to_string())])
        })
    } else {
        Some(Problem::fields(wrong))
    };
    if let Some(problem) = problem {
        return page(view, &serial, Some(&process), &typed, Some(&problem)).await;
    }
    let phone = phone.unwrap_or_default();
    let wish = Wish {
        name: text("name"),
        phone: phone.clone(),
        language: view.writing.language.code().to_owned(),
        process,
        branch: text("branch"),
        device: text::latin_digits(serial.trim()),
        data,
    };
    enter::send(&view, phone, Some(wish))
}
