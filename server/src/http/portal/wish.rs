//! What somebody without an account asks for at a device: kept until their phone is proved, then a ticket.

use std::collections::BTreeMap;

use aftercare_engine::facts::Actor;
use aftercare_engine::text;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::app::App;
use crate::auth::Scope;
use crate::http::access::{country, library};
use crate::http::api::registry::locale;
use crate::http::visitor;
use crate::register::check::{Asking, Draft, check, roles_of};
use crate::register::{self, enter};
use crate::step::{Answer, Opening};
use crate::store::StoreError;

/// How it came in: the sign on the device.
const CHANNEL: &str = "qr";

/// A ticket to open, and for whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wish {
    pub name: String,
    pub phone: String,
    pub language: String,
    pub process: String,
    pub branch: String,
    pub device: String,
    pub data: BTreeMap<String, Value>,
}

impl Wish {
    pub fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// Who wishes: the owner of the device if the phone is theirs, else whom we know by the phone, else somebody new.
pub async fn customer(app: &App, wish: &Wish) -> Result<Option<String>, StoreError> {
    let Some(number) = text::phone(&wish.phone, &country(app)) else { return Ok(None) };
    let known = app.store.customers_with_phone(number.trim_start_matches('+')).await?;
    let owner = app.store.subject(&wish.device).await?.and_then(|subject| subject.device.owner);
    if let Some(code) = known.iter().find(|code| Some(*code) == owner.as_ref()).or(known.first()) {
        return Ok(Some(code.clone()));
    }
    added(app, wish, &number).await
}

/// A new customer, checked like any other entry of the register.
async fn added(app: &App, wish: &Wish, number: &str) -> Result<Option<String>, StoreError> {
    let (Some(register), Some((random, _))) = (register::find("customers"), crate::auth::token::new()) else {
        return Ok(None);
    };
    let short = random.chars().filter(char::is_ascii_alphanumeric).take(8).collect::<String>();
    let code = format!("P-{}", short.to_uppercase());
    let entry = json!({
        "code": code, "kind": "person", "name": wish.name, "phones": [number], "language": wish.language,
    });
    let asking = Asking {
        who: CHANNEL.into(),
        scope: Scope::All,
        hidden: std::collections::BTreeSet::new(),
        roles: roles_of(&library(app)),
        locale: locale(app),
        reason: CHANNEL.into(),
    };
    let Value::Object(entry) = entry else { return Ok(None) };
    let (draft, now) = (Draft { entry, present: None, merge: false }, app.clock.now());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                let found = check(tx, register, &asking, vec![draft]).await?;
                let Some(Ok(checked)) = found.into_iter().next() else { return Ok(None) };
                let is_there =
                    enter::write(tx, register, &asking, std::slice::from_ref(&checked), now).await?;
                Ok(is_there.then_some(code))
            })
        })
        .await
}

/// Opens the ticket in the customer's name.
pub async fn open(app: &App, wish: Wish, customer: &str) -> Result<Answer, StoreError> {
    let found = visitor::caller(app, &app.store, customer).await;
    let actor = match found {
        Ok(Some(caller)) => caller.actor(&wish.branch),
        _ => Actor { name: String::new(), roles: Vec::new(), agency: None },
    };
    let data = wish.data.into_iter();
    let opening = Opening {
        process: wish.process,
        branch: wish.branch,
        channel: CHANNEL.into(),
        customer: Some(customer.to_owned()),
        device: Some(wish.device),
        agency: None,
        data: data
            .map(|(name, value)| (name.into(), aftercare_engine::facts::Value::from_json(&value)))
            .collect(),
        parent: None,
    };
    app.open_ticket(actor, opening, None).await
}
