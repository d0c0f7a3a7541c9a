//! A message or a reminder to the customer, from the ticket's page: the same call as the API's.

use aftercare_engine::message::segments;
use poem::web::Path;
use poem::{Response, handler};
use poem_openapi::param::Path as Parameter;
use serde_json::json;

use super::{Refusal, page};
use crate::auth::token;
use crate::entity::ticket;
use crate::http::api::tickets::find;
use crate::http::api::tickets::tell::{Message, Tell};
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::pages::form::PageForm;
use crate::http::pages::letters;
use crate::http::pages::view::{View, to};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;

/// How the customer can be written to, and with which ready words; nothing when there is no way.
pub async fn offer(view: &mut View, who: &SignedIn, row: &ticket::Model) -> Result<(), Problem> {
    let Some(code) = row.customer.as_deref() else { return Ok(()) };
    let Some(found) = view.app.store.customer(code).await? else { return Ok(()) };
    let has_mail = found.customer.email.as_deref().is_some_and(|email| !email.is_empty());
    let ways = [("sms", !found.phones.is_empty()), ("email", has_mail)];
    let ways: Vec<&str> = ways.iter().filter(|(_, is_there)| *is_there).map(|(way, _)| *way).collect();
    let language = found.customer.language.clone();
    if !ways.is_empty() {
        let ready = letters::ready(view, who, row).await?;
        view.put("tell", &json!({"ways": ways, "ready": ready, "language": language}));
    }
    Ok(())
}

/// POST /tickets/{code}/messages
#[handler]
pub async fn submit(mut view: View, Path(code): Path<String>, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
    let ready = Some(text("ready")).filter(|code| !code.is_empty());
    let value = Message { channel: text("channel"), text: text("text"), insert: ready.into_iter().collect() };
    if form.get("deed") == Some("look") {
        return look(view, &who, &code, form, value).await;
    }
    let hash = token::hash(&format!("{value:?}"));
    let key = IdempotencyKey::of_form(form.get("once"), format!("POST /tickets/{code}/messages"));
    match Tell(view.app.clone()).tell(who.clone(), Parameter(code.clone()), key, Body { value, hash }).await {
        Ok(_) => Ok(to(&format!("/tickets/{code}?show=message#story"))),
        Err(problem) if matches!(problem.kind, Kind::Internal | Kind::NotFound) => Err(problem),
        Err(problem) => {
            let row = find(&view.app, &who, &code).await?;
            view.put_typed("tell", &form);
            page(view, &who, &row, Some(Refusal { event: String::new(), typed: form, problem })).await
        }
    }
}

/// What the customer would get, in the form once more: ready words come into the text, where they can be changed.
async fn look(
    mut view: View,
    who: &SignedIn,
    code: &str,
    form: PageForm,
    value: Message,
) -> Result<Response, Problem> {
    let row = find(&view.app, who, code).await?;
    let channel = value.channel.clone();
    match Tell(view.app.clone()).made(who, &row, value).await {
        Ok((message, text)) => {
            let count = (channel == "sms").then(|| segments::count(&message.body).count);
            view.put("looked", &json!({"text": text, "count": count}));
            let typed = [("text".to_owned(), text), ("channel".to_owned(), channel)];
            view.put_typed("tell", &PageForm(typed.into()));
            page(view, who, &row, None).await
        }
        Err(problem) if matches!(problem.kind, Kind::Internal | Kind::NotFound) => Err(problem),
        Err(problem) => {
            view.put_typed("tell", &form);
            page(view, who, &row, Some(Refusal { event: String::new(), typed: form, problem })).await
        }
    }
}
