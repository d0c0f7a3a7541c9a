//! POST /api/tickets: opens a ticket.

use std::collections::BTreeMap;

use aftercare_engine::definition::field::FieldType;
use aftercare_engine::facts::Map;
use aftercare_engine::statechart::{ChartField, Statechart};
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::Value;

use super::take::{Taken, form, settled};
use super::{is_outside, reasons, veil};
use crate::app::App;
use crate::auth::Scope;
use crate::http::api::Tag;
use crate::http::api::registry::list::readable;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::Made;
use crate::http::problem::{FieldError, Kind, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::register::find;
use crate::step;
use crate::store::registry::reach::is_within;
use crate::store::step::Key;

pub struct Create(pub App);

/// A ticket to open
#[derive(Debug, Default, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Name of the process
    pub process: String,
    /// Code of the branch; left out: your own
    #[oai(default)]
    #[serde(default)]
    pub branch: Option<String>,
    /// `counter`, `call_center`, `web`, `qr`, `wechat`, `iot`, `agent`; `counter` if left out
    #[oai(default)]
    #[serde(default)]
    pub channel: Option<String>,
    /// Customer code; left out: the device's owner
    #[oai(default)]
    #[serde(default)]
    pub customer: Option<String>,
    /// Serial, for a process about a device
    #[oai(default)]
    #[serde(default)]
    pub device: Option<String>,
    #[oai(default)]
    #[serde(default)]
    pub agency: Option<String>,
    /// The opening form, by field
    #[oai(default)]
    #[serde(default)]
    pub data: BTreeMap<String, Value>,
}

const CHANNELS: [&str; 7] = ["counter", "call_center", "web", "qr", "wechat", "iot", "agent"];

#[OpenApi(tag = "Tag::Tickets")]
impl Create {
    /// Opens a ticket
    #[oai(path = "/tickets", method = "post")]
    async fn create(
        &self,
        who: SignedIn,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Opening>,
    ) -> Result<Made<Taken>, Problem> {
        let key = once_key.request(&who.caller, &body.hash);
        open(&self.0, &who, body.value, key).await
    }
}

/// Opens a ticket within what the caller may reach.
pub async fn open(
    app: &App,
    who: &SignedIn,
    asked: Opening,
    key: Option<Key>,
) -> Result<Made<Taken>, Problem> {
    let opening = allowed(app, who, asked).await?;
    let process = opening.process.clone();
    let chart = app.catalog.current().chart(&process).cloned();
    let chart = chart.ok_or_else(|| {
        Problem::fields(vec![FieldError::new(
            "process",
            "field-not-found",
            vec![("what", "process".to_owned())],
        )])
    })?;
    let branch = opening.branch.clone();
    let actor = who.caller.actor(&branch);
    match who.app(app).open_ticket(actor, opening, key).await? {
        step::Answer::Refused { reasons, .. } => {
            Err(reasons::refused(&process, &reasons, &chart, who.language, &veil(app, who, &chart, &branch)))
        }
        other => settled(other, &process, &who.scope(app))
            .map(|made| made.at(|json| Some(vec!["tickets".into(), json["code"].as_str()?.to_owned()]))),
    }
}

/// The opening within what the caller may reach: own branch, and for people outside only their own.
async fn allowed(app: &App, who: &SignedIn, asked: Opening) -> Result<step::Opening, Problem> {
    let missing = || Problem::fields(vec![FieldError::new("branch", "field-required", vec![])]);
    let branch = asked.branch.or_else(|| who.caller.branch.clone()).ok_or_else(missing)?;
    let channel = asked.channel.unwrap_or_else(|| "counter".to_owned());
    if !CHANNELS.contains(&channel.as_str()) {
        let why = Text::why("why-one-of", vec![("words", CHANNELS.join(", "))]);
        return Err(Problem::fields(vec![FieldError::invalid("channel", why)]));
    }
    let mut opening = step::Opening {
        process: asked.process,
        branch,
        channel,
        customer: asked.customer,
        device: asked.device,
        agency: asked.agency,
        data: form(asked.data),
        parent: None,
    };
    let scope = who.scope(app);
    match &scope {
        Scope::All | Scope::Branches(_) | Scope::Nothing
            if who.caller.roles_in(&opening.branch).is_empty() =>
        {
            return Err(Problem::new(Kind::Forbidden, "detail-other-branch", vec![]));
        }
        Scope::All | Scope::Branches(_) | Scope::Nothing => named(app, who, &scope, &opening).await?,
        Scope::Agency(code) => {
            only_own("agency", opening.agency.as_deref(), code)?;
            named(app, who, &scope, &opening).await?;
            opening.agency = Some(code.clone());
        }
        Scope::Customer(code) => {
            only_own("agency", opening.agency.as_deref(), "")?;
            owns(app, code, opening.device.as_deref()).await?;
            opening.customer = Some(code.clone());
        }
    }
    if is_outside(&scope)
        && let Some(chart) = app.catalog.current().chart(&opening.process)
    {
        own_parties(&scope, chart, &opening.data)?;
        own_devices(app, &scope, chart, &opening.data).await?;
    }
    Ok(opening)
}

/// Nobody learns who a stranger is by opening a ticket in their name: the customer is one whom the caller may see, or
/// the owner of the device that is brought.
async fn named(app: &App, who: &SignedIn, scope: &Scope, opening: &step::Opening) -> Result<(), Problem> {
    let Some(code) = opening.customer.as_deref() else { return Ok(()) };
    let customers = find("customers").ok_or_else(Problem::unavailable)?;
    let reach = if is_outside(scope) { None } else { readable(app, who, customers).ok() };
    if is_within(app.store.reader(), customers, code, reach.as_ref().unwrap_or(scope)).await?
        || owner(app, opening.device.as_deref()).await?.as_deref() == Some(code)
    {
        return Ok(());
    }
    Err(Problem::not_found("customer", code))
}

/// People outside act for themselves: a form of theirs names no other agency or partner, whether it is there or not.
pub fn own_parties(scope: &Scope, chart: &Statechart, data: &Map) -> Result<(), Problem> {
    let own = if let Scope::Agency(code) = scope { code.as_str() } else { "" };
    for field in &chart.fields {
        let kind = field.field.as_ref().map(|field| field.r#type.value);
        if matches!(kind, Some(FieldType::Agency | FieldType::Partner)) {
            only_own(&field.name, data.get(&field.name).and_then(|value| value.as_text()), own)?;
        }
    }
    Ok(())
}

/// A customer names own devices alone; a foreign one and an absent one give the same answer.
pub async fn own_devices(app: &App, scope: &Scope, chart: &Statechart, data: &Map) -> Result<(), Problem> {
    let Scope::Customer(customer) = scope else { return Ok(()) };
    for (field, serial) in devices_named(chart, data) {
        if owner(app, Some(&serial)).await?.as_ref() != Some(customer) {
            let values = vec![("what", "device".to_owned()), ("value", serial)];
            return Err(Problem::fields(vec![FieldError::new(&field, "field-not-found", values)]));
        }
    }
    Ok(())
}

/// Serials that a form names, each with the field in which it stands.
fn devices_named(chart: &Statechart, data: &Map) -> Vec<(String, String)> {
    let is_device = |field: &ChartField| {
        field.field.as_ref().is_some_and(|field| field.r#type.value == FieldType::Device)
    };
    let mut named = Vec::new();
    for field in &chart.fields {
        let Some(value) = data.get(&field.name) else { continue };
        let mut add = |serial: Option<&str>| {
            named.extend(serial.map(|serial| (field.name.to_string(), serial.to_owned())));
        };
        if is_device(field) {
            add(value.as_text());
        }
        for column in field.columns.iter().filter(|column| is_device(column)) {
            for record in value.as_list() {
                add(record.get(&column.name).and_then(|serial| serial.as_text()));
            }
        }
    }
    named
}

fn only_own(field: &str, named: Option<&str>, own: &str) -> Result<(), Problem> {
    match named {
        Some(code) if code != own => {
            let values = vec![("what", "agency".to_owned()), ("value", code.to_owned())];
            Err(Problem::fields(vec![FieldError::new(field, "field-not-found", values)]))
        }
        _ => Ok(()),
    }
}

async fn owner(app: &App, serial: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(serial) = serial else { return Ok(None) };
    Ok(app.store.subject(serial).await?.and_then(|subject| subject.device.owner))
}

/// A customer opens tickets about own devices; a foreign one and an absent one give the same answer.
async fn owns(app: &App, customer: &str, device: Option<&str>) -> Result<(), Problem> {
    let Some(serial) = device else { return Ok(()) };
    let owner = owner(app, device).await?;
    if owner.as_deref() == Some(customer) { Ok(()) } else { Err(Problem::not_found("device", serial)) }
}
