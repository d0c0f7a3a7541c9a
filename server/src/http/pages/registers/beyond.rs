//! What can be done with entries of a few registers beside changing them: two customers become one, new units of a model
//! get their serials. The same calls as the API's.

use poem::web::Path;
use poem::{Response, handler};
use poem_openapi::param::Path as Parameter;
use serde_json::json;

use super::entry::again;
use super::{may_write, register};
use crate::auth::token;
use crate::http::api::registry::merge::{Merge, MergeInto};
use crate::http::api::registry::serials::{Making, Serials};
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::pages::form::PageForm;
use crate::http::pages::input;
use crate::http::pages::view::{View, to};
use crate::http::problem::{Kind, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::register::Register;
use crate::register::cell::plain_number;

/// What the reader may do with an entry of this register: `merge`, `serials` or nothing.
pub fn offered(view: &View, who: &SignedIn, register: &Register) -> Option<&'static str> {
    let deed = match register.name {
        "customers" => "merge",
        "products" => "serials",
        _ => return None,
    };
    may_write(view, who, register).then_some(deed)
}

/// POST /registers/{name}/beyond
#[handler]
pub async fn submit(mut view: View, Path(name): Path<String>, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let register = register(&name)?;
    let key = form.get("key").unwrap_or_default().to_owned();
    let once = IdempotencyKey::of_form(form.get("once"), format!("POST /registers/{name}/beyond/{key}"));
    let done = match offered(&view, &who, register) {
        Some("merge") => merge(&view, who.clone(), &key, once, &form).await,
        Some("serials") => match serials(&view, who.clone(), &key, once, &form).await {
            Ok(made) => {
                view.put("made", &made);
                return again(view, &who, register, &key, None).await;
            }
            Err(problem) => Err(problem),
        },
        _ => return Err(Problem::new(Kind::NotFound, "detail-route", vec![])),
    };
    match done {
        Ok(kept) => Ok(to(&kept)),
        Err(problem) if matches!(problem.kind, Kind::Internal | Kind::Reauthenticate) => Err(problem),
        Err(problem) => again(view, &who, register, &key, Some((&form, &problem))).await,
    }
}

/// The customer becomes part of another, whose page comes next.
async fn merge(
    view: &View,
    who: SignedIn,
    key: &str,
    once: IdempotencyKey,
    form: &PageForm,
) -> Result<String, Problem> {
    let into = form.get("into").unwrap_or_default().trim().to_owned();
    let version = form.get("version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let body = Body { hash: token::hash(&format!("{into} {version}")), value: MergeInto { into, version } };
    let there = form_urlencoded::byte_serialize(body.value.into.as_bytes()).collect::<String>();
    Merge(view.app.clone()).merge(who, Parameter(key.to_owned()), once, body).await?;
    Ok(format!("/registers/customers/entry?key={there}"))
}

/// How many units were made, and the first and the last serial.
async fn serials(
    view: &View,
    who: SignedIn,
    key: &str,
    once: IdempotencyKey,
    form: &PageForm,
) -> Result<serde_json::Value, Problem> {
    let text = |name: &str| form.get(name).map(str::trim).filter(|text| !text.is_empty());
    let day = text("produced_on").map(|text| input::day(text).ok_or(()));
    let produced_on =
        day.transpose().map_err(|()| Problem::parameter("produced_on", Text::Said(view.text("no-day"))))?;
    let count = text("count").and_then(|text| plain_number(text).parse().ok()).unwrap_or_default();
    let value = Making { count, status: None, batch: text("batch").map(str::to_owned), produced_on };
    let hash = token::hash(&format!("{value:?}"));
    let serials = Serials(view.app.clone());
    let made = serials.make(who, Parameter(key.to_owned()), once, Body { value, hash }).await?.json();
    Ok(json!({"count": made["count"], "first": made["first"], "last": made["last"]}))
}
