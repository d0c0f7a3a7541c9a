//! How a payment ends: the payer comes back, the provider calls, or nobody does and we ask.
//!
//! What a browser says is never enough: the provider has signed it, or is asked. What has ended stays as it ended.

use std::collections::BTreeMap;

use aftercare_engine::effect::payment::PaymentForm;
use aftercare_engine::facts::Actor;
use aftercare_engine::ledger::amount::decimal;
use chrono::TimeDelta;
use tracing::warn;

use super::{PayError, data, order, provider, read};
use crate::app::App;
use crate::entity::payment_order::Model;
use crate::gateway::Failure;
use crate::gateway::payment::{Outcome, Payments};
use crate::step::{Answer, Take};
use crate::store::chain;
use crate::store::payment_order::End;
use crate::store::step::Key;

/// How long a payer may stay at the provider before we ask there.
const LATE: TimeDelta = TimeDelta::minutes(15);
/// How long we ask.
const GIVEN_UP: TimeDelta = TimeDelta::days(1);
/// Payments asked about in one round.
const ROUND: u64 = 200;

/// Somebody comes back from the provider.
pub async fn settle(
    app: &App,
    payments: &Payments,
    id: &str,
    back: &BTreeMap<String, String>,
) -> Result<Model, PayError> {
    let row = app.store.payment_order(id).await?.ok_or(PayError::NotFound)?;
    if !matches!(row.status.as_str(), "new" | "sent") {
        return Ok(row);
    }
    match provider(payments, &row.provider)?.settle(&order(app, &row), back).await {
        Err(Failure::Never(reason)) => Err(PayError::NotBelieved(reason)),
        Err(failure) => Err(PayError::Unavailable(failure.to_string())),
        Ok(outcome) => finish(app, &row, outcome).await,
    }
}

/// Payments from which nobody has come back: their providers are asked. How many have ended now.
pub async fn late(app: &App, payments: &Payments) -> Result<usize, PayError> {
    let now = app.clock.now();
    let mut ended = 0;
    for row in app.store.open_payments(now - LATE, ROUND).await? {
        let is_over = now - row.at > GIVEN_UP;
        let asked = match provider(payments, &row.provider) {
            Ok(provider) if row.status == "sent" => provider.ask(&order(app, &row)).await,
            // The payer was never sent anywhere.
            Ok(_) => Ok(None),
            Err(unknown) => Err(Failure::Never(unknown.to_string())),
        };
        let outcome = match asked {
            Ok(Some(outcome)) => finish(app, &row, outcome).await.map(drop),
            Ok(None) if is_over => end(app, &row, "failed", None, Some("nobody has paid".to_owned())).await,
            Err(failure) if is_over => {
                let why = format!("the provider does not say what became of it: {failure}");
                end(app, &row, "stranded", None, Some(why)).await
            }
            Ok(None) | Err(_) => continue,
        };
        match outcome {
            Ok(()) => ended += 1,
            Err(error) => warn!(payment.id = %row.id, "Payment `{}` cannot be ended: {error}", row.id),
        }
    }
    Ok(ended)
}

async fn finish(app: &App, row: &Model, outcome: Outcome) -> Result<Model, PayError> {
    let (status, reference, message) = match outcome {
        Outcome::Failed(reason) => ("failed", None, Some(reason)),
        Outcome::Paid { amount, reference } if amount != row.amount => {
            let currency = app.catalog.current().currency();
            let (came, asked) = (decimal(amount, &currency), decimal(row.amount, &currency));
            ("stranded", Some(reference), Some(format!("{came} came, {asked} was asked for")))
        }
        Outcome::Paid { reference, .. } => match book(app, row, &reference).await? {
            None => ("paid", Some(reference), None),
            Some(reason) => ("stranded", Some(reference), Some(reason)),
        },
    };
    end(app, row, status, reference, message).await?;
    app.store.payment_order(&row.id).await?.ok_or(PayError::NotFound)
}

async fn end(
    app: &App,
    row: &Model,
    status: &'static str,
    reference: Option<String>,
    message: Option<String>,
) -> Result<(), PayError> {
    let now = app.clock.now();
    let end = End { status, paid_reference: reference, message: message.clone(), at: now };
    let is_first = app.store.end_payment(&row.id, end).await?;
    if let Some(reason) = message.filter(|_| is_first && status == "stranded") {
        // The money is with us, or may be, and nowhere in the books: a person has to look.
        warn!(payment.id = %row.id, "Payment `{}` is not booked: {reason}", row.id);
        app.store.open_incident("payment", Some(row.ticket.clone()), row.id.clone(), reason, now).await?;
    }
    Ok(())
}

/// Takes the ticket's step, once for this payment; or says why it is refused.
async fn book(app: &App, row: &Model, reference: &str) -> Result<Option<String>, PayError> {
    let (amount, method, number): (String, String, Option<String>) = read(&row.form)?;
    let form = PaymentForm { amount, method, reference: number };
    let paid = decimal(row.amount, &app.catalog.current().currency());
    let actor = Actor { name: row.actor.clone(), roles: read(&row.roles)?, agency: None };
    let take = Take {
        code: row.ticket.clone(),
        event: row.event.clone(),
        revision: None,
        data: data(&form, paid, &row.method, Some(reference)),
        ticket: None,
    };
    let key = Key {
        principal: format!("payment/{}", row.id),
        route: "settle".into(),
        key: row.id.clone(),
        body_hash: chain::hash(&row.form),
    };
    match app.take_step(actor, take, Some(key)).await? {
        Answer::Done { .. } => Ok(None),
        Answer::Busy => Err(PayError::Unavailable("others keep changing the ticket".into())),
        Answer::Refused { reasons, .. } => {
            let codes: Vec<&str> = reasons.iter().map(|reason| &*reason.code).collect();
            Ok(Some(format!("the step `{}` is refused: {}", row.event, codes.join(", "))))
        }
        Answer::Ignored(_) => Ok(Some(format!("the ticket does not react to `{}` any more", row.event))),
        other => Ok(Some(format!("the step `{}` was not taken: {other:?}", row.event))),
    }
}
