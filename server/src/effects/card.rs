//! `card`: the device's card is issued, sold, started, stamped, extended or void.

use aftercare_engine::effect::{Card, CardChange};
use aftercare_engine::facts::Value;
use chrono::NaiveDate;

use super::{Context, json};
use crate::entity::{card, card_change};
use crate::facts::card_fact;
use crate::store::StoreError;
use crate::store::step::{CardWrite, StepWrite};

/// Series of the cards' numbers in the company file.
const SERIES: &str = "card";

pub fn carry_out(
    context: &Context<'_>,
    effect: &Card,
    source: String,
    step: &mut StepWrite,
) -> Result<(), StoreError> {
    let Some(device) = step.ticket.device.clone() else {
        return Err(StoreError::corrupt("card", "the ticket has no device"));
    };
    let issued = effect.change == CardChange::Issued;
    let before = if issued { None } else { context.assembled.card.clone() };
    // Of several changes in one step, each begins where the one before ended.
    let earlier = step.cards.last().filter(|_| !issued).and_then(|write| write.changes.last());
    let was = match (earlier, &before) {
        (Some(change), _) => Some(change.after.clone()),
        (None, Some(row)) => Some(json("card", &card_fact(row))?),
        (None, None) => None,
    };
    if issued || step.cards.is_empty() {
        let row = match &before {
            Some(row) => card::Model { version: row.version + 1, ..row.clone() },
            None => blank(device, step, effect.on),
        };
        let new = before.is_none();
        let issue = new.then(|| context.numbering(SERIES));
        step.cards.push(CardWrite { card: row, changes: Vec::new(), issue });
    }
    let change = card_change::Model {
        id: 0,
        card: String::new(),
        ticket: Some(step.ticket.code.clone()),
        source,
        change: json("card", &effect.change)?.trim_matches('"').to_owned(),
        reason: effect.reason.clone(),
        before: was,
        after: json("card", &effect.card)?,
        actor: step.event.actor.clone(),
        at: step.event.at,
    };
    let at = step.event.at;
    if let Some(write) = step.cards.last_mut() {
        fill(&mut write.card, &effect.card);
        fill_sale(&mut write.card, context);
        if effect.change == CardChange::Stamped && write.card.stamped {
            write.card.stamped_on = Some(effect.on);
            write.card.stamped_by = Some(change.actor.clone());
        }
        write.card.updated_at = at;
        write.changes.push(change);
    }
    Ok(())
}

/// What the facts know of a card.
fn fill(row: &mut card::Model, fact: &Value) {
    let text = |key: &str| fact.get(key).and_then(Value::as_text).map(str::to_owned);
    let day = |key: &str| fact.get(key).and_then(Value::as_date);
    if let Some(number) = text("number") {
        row.number = number;
    }
    row.status = text("status").unwrap_or_else(|| "issued".into());
    row.kind = text("kind").unwrap_or_else(|| "internal".into());
    row.partner = text("partner");
    row.holder = text("holder");
    row.issued_on = day("issued_on").unwrap_or(row.issued_on);
    row.sold_on = day("sold_on");
    row.stamped = fact.get("stamped").and_then(Value::as_bool).unwrap_or(false);
    row.guarantee_from = day("guarantee_from");
    row.guarantee_to = day("guarantee_to");
    row.warranty_from = day("warranty_from");
    row.warranty_to = day("warranty_to");
    row.commitment_from = day("commitment_from");
    row.commitment_to = day("commitment_to");
    row.extended_from = day("extended_from");
    row.extended_to = day("extended_to");
}

/// What a card says of its sale beyond the facts comes from the ticket's fields of the same names.
fn fill_sale(row: &mut card::Model, context: &Context<'_>) {
    let field = |name: &str| context.fields.get(name).and_then(Value::as_text).map(str::to_owned);
    row.store = field("store").or(row.store.take());
    row.seller = field("seller").or(row.seller.take());
    row.invoice_no = field("invoice_no").or(row.invoice_no.take());
}

fn blank(device: String, step: &StepWrite, on: NaiveDate) -> card::Model {
    card::Model {
        number: String::new(),
        device,
        status: "issued".into(),
        kind: "internal".into(),
        partner: None,
        holder: None,
        issued_on: on,
        sold_on: None,
        store: None,
        seller: None,
        invoice_no: None,
        stamped: false,
        stamped_on: None,
        stamped_by: None,
        guarantee_from: None,
        guarantee_to: None,
        warranty_from: None,
        warranty_to: None,
        commitment_from: None,
        commitment_to: None,
        extended_from: None,
        extended_to: None,
        created_at: step.event.at,
        updated_at: step.event.at,
        version: 1,
    }
}
