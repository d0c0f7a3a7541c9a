//! A customer pays: through a provider, whose word alone books the money. The payer leaves by a page of ours and comes
//! back to the ticket.

use std::sync::Arc;

use aftercare_engine::ledger::amount::decimal;
use aftercare_engine::text::latin_digits;
use poem::http::{HeaderValue, header};
use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use rust_decimal::Decimal;

use super::{frame, must_own, ticket};
use crate::gateway::payment::{COUNTER, Payments};
use crate::http::access::currency;
use crate::http::api::payments::unpaid;
use crate::http::api::tickets::{chart, reasons, veil};
use crate::http::pages::form::PageForm;
use crate::http::pages::ticket::Refusal;
use crate::http::pages::view::{View, to};
use crate::http::problem::{FieldError, Kind, Problem, Text};
use crate::pay::{self, Asked, Beginning, PayError};
use crate::store::{StoreError, payment_order};

/// POST /track/{code}/payments
#[handler]
pub async fn begin(
    request: &Request,
    payments: Data<&Arc<Payments>>,
    view: View,
    Path(code): Path<String>,
    form: PageForm,
) -> Result<Response, Problem> {
    let (who, row) = must_own(&view, request, &code).await?;
    let event = form.get("event").unwrap_or_default().to_owned();
    let typed = latin_digits(form.get("amount").unwrap_or_default());
    let typed: String = typed.chars().filter(|letter| letter.is_ascii_digit() || *letter == '.').collect();
    let provider = form.get("provider").filter(|name| *name != COUNTER).unwrap_or_default().to_owned();
    let asked = Asked {
        ticket: row.code.clone(),
        event: event.clone(),
        provider,
        amount: typed.parse().unwrap_or(Decimal::ZERO),
        method: None,
        reference: None,
        return_to: Some(format!("/track/{}", row.code)),
    };
    let actor = who.caller.actor(&row.branch);
    let problem = match pay::begin(&who.app(&view.app), &payments, actor, &asked, None).await {
        Ok(Beginning::Ordered(order)) => {
            let id = order.id.clone();
            view.app
                .store
                .write::<_, StoreError, _>(move |tx| {
                    Box::pin(async move { payment_order::begin(tx, *order).await })
                })
                .await?;
            return Ok(to(&format!("/track/{code}/payments/{id}")));
        }
        Ok(Beginning::Taken(_)) => Problem::unavailable(),
        Err(PayError::Refused(why)) => {
            let chart = chart(&view.app, &row).await?;
            let veil = veil(&view.app, &who, &chart, &row.branch);
            reasons::refused(&event, &why, &chart, who.language, &veil)
        }
        Err(PayError::Amount(_)) => {
            let why = Text::Said(view.text("track-amount-above-zero"));
            Problem::fields(vec![FieldError::invalid("amount", why)])
        }
        Err(PayError::Store(error)) => return Err(error.into()),
        Err(other) => Problem::because(Kind::Unprocessable, "detail-payment", vec![], unpaid(other)),
    };
    ticket::page(view, &who, &row, request, Some(Refusal { event, typed: form, problem })).await
}

/// GET /track/{code}/payments/{id}: on the way to the provider. A page of ours in between, since a form of ours leads
/// nowhere but to ourselves.
#[handler]
pub async fn leave(
    request: &Request,
    mut view: View,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (_, row) = must_own(&view, request, &code).await?;
    let order = view.app.store.payment_order(&id).await?.filter(|order| order.ticket == row.code);
    let order = order.ok_or_else(|| Problem::not_found("entry", "payment"))?;
    frame(&mut view);
    let go = format!("/api/payments/{}/go", order.id);
    view.put("go", &go);
    view.put("code", &row.code);
    view.put("amount", &decimal(order.amount, &currency(&view.app)).to_string());
    let mut response = view.page("track_leave.html")?;
    if let Ok(value) = HeaderValue::from_str(&format!("1; url={go}")) {
        response.headers_mut().insert(header::REFRESH, value);
    }
    Ok(response)
}
