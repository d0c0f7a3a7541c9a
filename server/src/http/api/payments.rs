//! Paying for a ticket: begun by whoever may take the step, gone on with at the provider, settled on the way back.

use std::collections::BTreeMap;

use poem::Request;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::tickets::{self, reasons, take};
use crate::app::App;
use crate::entity::payment_order::Model;
use crate::gateway::payment::Payments as Providers;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Made, Stop, before, once};
use crate::http::pages::form::is_ours;
use crate::http::problem::{FieldError, Kind, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::pay::settle::settle;
use crate::pay::{self, Beginning, PayError};
use crate::step;
use crate::store::payment_order;
use crate::store::step::Key;

pub struct Payments {
    app: App,
    providers: Providers,
}

/// What is to be paid
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
struct Paying {
    /// Step of the ticket that records a payment
    event: String,
    /// `counter`, or a provider of the settings
    provider: String,
    /// In major units
    amount: String,
    /// At the counter: how it was paid, such as `cash`
    method: Option<String>,
    /// At the counter: number of the paper
    reference: Option<String>,
    /// Path of our pages to which the payer comes back, such as `/my/requests`
    return_to: Option<String>,
}

/// A payment through a provider
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct Payment {
    /// Absent: it was taken at the counter
    id: Option<String>,
    /// Tracking code
    ticket: String,
    /// `new`, `sent`, `paid`; `failed`: the payer may begin another; `stranded`: the money came, but is not booked
    status: String,
    provider: String,
    amount: String,
    currency: String,
    /// Where the payer goes on
    go: Option<String>,
    /// The provider's name for the money that came
    reference: Option<String>,
    message: Option<String>,
}

/// At the counter it has no place of its own: it is part of the ticket.
fn placed(made: Made<Payment>) -> Made<Payment> {
    made.at(|json| Some(vec!["payments".into(), json["id"].as_str()?.to_owned()]))
}

/// Where the payer goes
#[derive(ApiResponse)]
enum Sent {
    /// On the way
    #[oai(status = 303)]
    There(#[oai(header = "Location")] String),
    /// Settled, without a page to go to
    #[oai(status = 200)]
    Here(Json<Payment>),
}

impl Payments {
    pub fn new(app: &App) -> Self {
        // Wrong settings end the server before it serves; here only the counter would be left.
        let providers = Providers::open(&app.config.gateways).unwrap_or_default();
        Self { app: app.clone(), providers }
    }
}

#[OpenApi(tag = "Tag::Tickets")]
impl Payments {
    /// Ways to pay
    #[oai(path = "/payment-providers", method = "get")]
    async fn providers(&self, _who: SignedIn) -> Json<Vec<String>> {
        Json(self.providers.names().map(str::to_owned).collect())
    }

    /// Pays for a ticket
    ///
    /// At the `counter` the step is taken at once. Any other provider: send the payer to `go`; the step is taken when
    /// the money is there. 422: the step would be refused, so nobody should pay.
    #[oai(path = "/tickets/:code/payments", method = "post")]
    async fn begin(
        &self,
        who: SignedIn,
        code: Path<String>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Paying>,
    ) -> Result<Made<Payment>, Problem> {
        let row = tickets::find(&self.app, &who, &code.0).await?;
        let key = once_key.request(&who.caller, &body.hash);
        let asked = asked(body.value, &row.code)?;
        if asked.provider == crate::gateway::payment::COUNTER && tickets::is_outside(&who.scope(&self.app)) {
            return Err(Problem::new(Kind::Forbidden, "detail-staff-only", vec![]));
        }
        if let Some(answer) = self.before(&asked, key.as_ref()).await? {
            return Ok(answer);
        }
        let app = who.app(&self.app);
        let actor = who.caller.actor(&row.branch);
        let begun = pay::begin(&app, &self.providers, actor, &asked, key.clone()).await;
        // The same request may have been done in the meantime, which made this one impossible.
        if !matches!(begun, Ok(Beginning::Ordered(_) | Beginning::Taken(step::Answer::Done { .. })))
            && let Some(answer) = self.before(&asked, key.as_ref()).await?
        {
            return Ok(answer);
        }
        match begun {
            Ok(Beginning::Ordered(order)) => {
                let told = self.told(&order);
                once(&self.app, key, move |tx| {
                    Box::pin(async move {
                        payment_order::begin(tx, *order).await?;
                        Ok::<_, Stop>(Made::new(&told))
                    })
                })
                .await
                .map(placed)
            }
            Ok(Beginning::Taken(step::Answer::Done { .. })) => Ok(self.taken(&asked)),
            Ok(Beginning::Taken(step::Answer::Refused { reasons, .. })) => {
                self.refused(&who, &row, &asked.event, &reasons).await
            }
            Ok(Beginning::Taken(other)) => {
                let settled: Result<Made<_>, _> = take::settled(other, &row.code, &who.scope(&self.app));
                Err(settled.err().unwrap_or_else(Problem::unavailable))
            }
            Err(PayError::Refused(reasons)) => self.refused(&who, &row, &asked.event, &reasons).await,
            Err(error) => Err(problem(error)),
        }
    }

    /// A payment, for whoever has its id
    #[oai(path = "/payments/:id", method = "get")]
    async fn show(&self, id: Path<String>) -> Result<Json<Payment>, Problem> {
        let row = self.app.store.payment_order(&id.0).await?;
        Ok(Json(self.told(&row.ok_or_else(|| problem(PayError::NotFound))?)))
    }

    /// Sends the payer to the provider
    #[oai(path = "/payments/:id/go", method = "get")]
    async fn go(&self, id: Path<String>) -> Result<Sent, Problem> {
        pay::go(&self.app, &self.providers, &id.0).await.map(Sent::There).map_err(problem)
    }

    /// The payer comes back from the provider
    ///
    /// May be called any number of times: the money is booked once. 422: what came back is not the provider's.
    #[oai(path = "/payments/:id/back", method = "get")]
    async fn back(&self, id: Path<String>, request: &Request) -> Result<Sent, Problem> {
        self.settled(&id.0, request.uri().query().unwrap_or_default()).await
    }

    /// The provider tells by itself
    ///
    /// The same as when the payer comes back, for providers that call by themselves.
    #[oai(path = "/payments/:id/back", method = "post")]
    async fn notified(&self, id: Path<String>, request: &Request) -> Result<Json<Payment>, Problem> {
        let query = request.uri().query().unwrap_or_default();
        let row = settle(&self.app, &self.providers, &id.0, &pairs(query)).await.map_err(problem)?;
        Ok(Json(self.told(&row)))
    }
}

impl Payments {
    /// What the same request was answered before. At the counter the key is kept with the step.
    async fn before(&self, asked: &pay::Asked, key: Option<&Key>) -> Result<Option<Made<Payment>>, Problem> {
        let answer = before(&self.app, key).await?;
        let is_counter = asked.provider == crate::gateway::payment::COUNTER;
        Ok(answer.map(|answer| if is_counter { self.taken(asked) } else { placed(answer) }))
    }

    /// The money was taken at the counter.
    fn taken(&self, asked: &pay::Asked) -> Made<Payment> {
        let currency = crate::http::access::currency(&self.app);
        let paid = Payment {
            id: None,
            ticket: asked.ticket.clone(),
            status: "paid".into(),
            provider: asked.provider.clone(),
            amount: asked.amount.to_string(),
            currency: currency.code.to_string(),
            go: None,
            reference: asked.reference.clone(),
            message: None,
        };
        Made::new(&paid)
    }

    async fn settled(&self, id: &str, query: &str) -> Result<Sent, Problem> {
        let row = settle(&self.app, &self.providers, id, &pairs(query)).await.map_err(problem)?;
        Ok(match &row.return_to {
            Some(path) => {
                let mark = if path.contains('?') { '&' } else { '?' };
                Sent::There(format!("{path}{mark}payment={}&status={}", row.id, row.status))
            }
            None => Sent::Here(Json(self.told(&row))),
        })
    }

    async fn refused<T>(
        &self,
        who: &SignedIn,
        row: &crate::entity::ticket::Model,
        event: &str,
        why: &[aftercare_engine::step::Reason],
    ) -> Result<T, Problem> {
        let chart = tickets::chart(&self.app, row).await?;
        let veil = tickets::veil(&self.app, who, &chart, &row.branch);
        Err(reasons::refused(event, why, &chart, who.language, &veil))
    }

    fn told(&self, row: &Model) -> Payment {
        let currency = crate::http::access::currency(&self.app);
        let is_open = matches!(row.status.as_str(), "new" | "sent");
        Payment {
            id: Some(row.id.clone()),
            ticket: row.ticket.clone(),
            status: row.status.clone(),
            provider: row.provider.clone(),
            amount: aftercare_engine::ledger::amount::decimal(row.amount, &currency).to_string(),
            currency: row.currency.clone(),
            go: is_open.then(|| format!("/api/payments/{}/go", row.id)),
            reference: row.paid_reference.clone(),
            message: row.message.clone(),
        }
    }
}

fn asked(paying: Paying, ticket: &str) -> Result<pay::Asked, Problem> {
    let wrong = |field: &str, key| Problem::fields(vec![FieldError::invalid(field, Text::why(key, vec![]))]);
    let amount: Decimal = paying.amount.parse().map_err(|_| wrong("amount", "why-number"))?;
    // Only our own pages: nobody is sent elsewhere in our name.
    if paying.return_to.as_deref().is_some_and(|path| !is_ours(path)) {
        return Err(wrong("return_to", "why-own-path"));
    }
    Ok(pay::Asked {
        ticket: ticket.to_owned(),
        event: paying.event,
        provider: paying.provider,
        amount,
        method: paying.method,
        reference: paying.reference,
        return_to: paying.return_to,
    })
}

fn pairs(query: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn problem(error: PayError) -> Problem {
    match error {
        PayError::NotFound => Problem::not_found("entry", "payment"),
        PayError::Unavailable(_) => Problem::unavailable(),
        PayError::Store(error) => error.into(),
        other => Problem::because(Kind::Unprocessable, "detail-payment", vec![], unpaid(other)),
    }
}

/// Why a payment does not go.
pub fn unpaid(error: PayError) -> Text {
    match error {
        PayError::UnknownProvider(name) => Text::why("why-provider", vec![("name", name)]),
        PayError::NoPayment(event) => Text::why("why-no-payment", vec![("event", event)]),
        PayError::Amount(amount) => Text::why("why-amount", vec![("amount", amount.to_string())]),
        PayError::NoMethod => Text::why("why-no-method", vec![]),
        PayError::Refused(_) => Text::why("why-refused", vec![]),
        other => {
            // What a provider says is for whoever looks after it.
            tracing::info!("A payment does not go: {other}");
            Text::why("why-not-believed", vec![])
        }
    }
}
