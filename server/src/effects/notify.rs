//! `notify`: a message to somebody, on every channel that it has a text for and the recipient can be reached by.
//!
//! Who cannot be reached, and a text that cannot be made, are rows too: nothing is dropped in silence.

use aftercare_engine::effect::{Notify, Recipient};
use aftercare_engine::facts::{Map, Value};
use aftercare_engine::language::Language;
use aftercare_engine::message::{Channel, Rendered};

use super::recipient::{self, Addressee};
use super::{Context, json};
use crate::auth::token;
use crate::entity::{incident, outbox};
use crate::store::StoreError;
use crate::store::step::StepWrite;

pub async fn carry_out(
    context: &Context<'_>,
    effect: &Notify,
    source: String,
    step: &mut StepWrite,
) -> Result<(), StoreError> {
    let channels = context.version.library().templates.channels(&effect.message).to_vec();
    let addressees = recipient::find(context, &step.ticket, &effect.to).await?;
    let mut facts = Map::new();
    if !addressees.is_empty() {
        facts = facts_after(context, &effect.message);
        facts.extend(effect.record.clone());
    }
    let secret = (effect.to == Recipient::Customer).then(token::short).flatten();
    facts = with_link(facts, secret.as_ref().map(|(secret, _)| secret.as_str()));
    for (n, addressee) in addressees.iter().enumerate() {
        let mut reached = false;
        for channel in &channels {
            let Some(address) = address(addressee, *channel) else { continue };
            reached = true;
            let source = format!("{source}/{n}/{}", channel.word());
            send(context, effect, source, step, addressee, (*channel, address, &facts))?;
            let carries = |row: &&mut outbox::Model, secret: &str| row.body.contains(secret);
            if let Some((secret, hash)) = &secret
                && let Some(row) = step.outbox.last_mut().filter(|row| carries(row, secret))
            {
                row.link = Some(hash.clone());
            }
        }
        if !reached {
            let row = row(effect, format!("{source}/{n}"), step, addressee);
            let channel = channels.first().map_or("app", |channel| channel.word());
            step.outbox.push(outbox::Model {
                channel: channel.into(),
                lane: format!("{}/{channel}", step.ticket.code),
                status: "dead".into(),
                last_error: Some("the recipient has no address for this message".into()),
                ..row
            });
        }
    }
    Ok(())
}

/// The ticket's address as this reader needs it: customers get a secret with it, which lets them in without signing
/// in; everybody else has a page of the house, behind its own door.
fn with_link(mut facts: Map, secret: Option<&str>) -> Map {
    let Some(Value::Map(ticket)) = facts.get_mut("ticket") else { return facts };
    let link = ticket.get("link").and_then(Value::as_text).unwrap_or_default().to_owned();
    let link = match (secret, link.rsplit_once("/track/")) {
        (Some(secret), _) => format!("{link}/{secret}"),
        (None, Some((home, code))) => format!("{home}/tickets/{code}"),
        (None, None) => link,
    };
    ticket.insert("link".into(), Value::text(link));
    facts
}

fn send(
    context: &Context<'_>,
    effect: &Notify,
    source: String,
    step: &mut StepWrite,
    addressee: &Addressee,
    (channel, address, facts): (Channel, String, &Map),
) -> Result<(), StoreError> {
    let base = outbox::Model {
        channel: channel.word().into(),
        lane: format!("{}/{}", step.ticket.code, channel.word()),
        recipient: address,
        ..row(effect, source, step, addressee)
    };
    let localised = in_language(context, facts, addressee.language);
    let facts = localised.as_ref().unwrap_or(facts);
    match context.version.library().templates.render(&effect.message, channel, addressee.language, facts) {
        Ok(Rendered { subject, body }) => {
            // What is read in the app is delivered by being there.
            let in_app = channel == Channel::App;
            let status = if in_app { "sent" } else { "pending" };
            let sent_at = in_app.then_some(step.event.at);
            step.outbox.push(outbox::Model { subject, body, status: status.into(), sent_at, ..base });
        }
        Err(error) => {
            step.incidents.push(incident::Model {
                id: 0,
                kind: "message".into(),
                ticket: Some(step.ticket.code.clone()),
                subject: base.effect.clone(),
                message: error.to_string(),
                detail: json("incident", &effect.message)?,
                status: "open".into(),
                opened_at: step.event.at,
                resolved_at: None,
                resolved_by: None,
                resolution: None,
            });
            step.outbox.push(outbox::Model {
                status: "dead".into(),
                last_error: Some(error.to_string()),
                ..base
            });
        }
    }
    Ok(())
}

fn address(addressee: &Addressee, channel: Channel) -> Option<String> {
    let address = match channel {
        Channel::Sms => addressee.phone.clone(),
        Channel::Email => addressee.email.clone(),
        Channel::App => Some(addressee.key.clone()),
        // Printed, never sent.
        Channel::Paper => None,
    };
    address.filter(|address| !address.is_empty())
}

/// What a message asks for of the facts after the step: of the ticket's fields by name, and of the world. A field that
/// nobody has filled in is there and empty: a text says nothing in its place.
fn facts_after(context: &Context<'_>, message: &str) -> Map {
    let value = |name: &str| {
        let value = context.fields.get(name).or_else(|| context.world.get(name).map(|value| &**value));
        (name.into(), value.cloned().unwrap_or_default())
    };
    context.version.library().templates.asked(message).map(value).collect()
}

/// The same facts with the names of the registers in the reader's language.
fn in_language(context: &Context<'_>, facts: &Map, language: Language) -> Option<Map> {
    let names = &context.assembled.names;
    if names.is_empty() || language == context.version.language() {
        return None;
    }
    Some(named_in(facts.clone(), names, language))
}

/// The facts with the names of these entries of the registers in a language.
pub fn named_in(mut facts: Map, names: &[(&'static str, String)], language: Language) -> Map {
    for (fact, name) in names {
        if let Some(Value::Map(map)) = facts.get_mut(*fact) {
            let text = crate::facts::in_language(name, language);
            map.insert("name".into(), Value::text(text));
        }
    }
    facts
}

fn row(effect: &Notify, source: String, step: &StepWrite, addressee: &Addressee) -> outbox::Model {
    outbox::Model {
        recipient_name: addressee.name.clone(),
        to_kind: addressee.kind.into(),
        to_code: addressee.key.clone(),
        message: effect.message.clone(),
        language: Some(addressee.language.code().into()),
        ..waiting(source, step)
    }
}

/// A row that waits for delivery, still without content.
pub fn waiting(source: String, step: &StepWrite) -> outbox::Model {
    outbox::Model {
        id: 0,
        effect: source,
        ticket: Some(step.ticket.code.clone()),
        seq: Some(step.event.seq),
        channel: String::new(),
        lane: String::new(),
        recipient: String::new(),
        recipient_name: String::new(),
        to_kind: String::new(),
        to_code: String::new(),
        message: String::new(),
        language: None,
        subject: None,
        body: String::new(),
        status: "pending".into(),
        attempt: 0,
        claim: None,
        lease_until: None,
        next_at: step.event.at,
        last_error: None,
        provider_ref: None,
        created_at: step.event.at,
        sent_at: None,
        link: None,
    }
}
