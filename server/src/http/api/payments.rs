//! Paying for a ticket: begun by whoever may take the step, gone on with at the provider, settled on the way back.

use std::collections::BTreeMap;

use poem::Request;
use poem::http::StatusCode;
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
use crate::http::once::{Answer, Stop, once};
use crate::http::pages::form::is_ours;
use crate::http::problem::{FieldError, Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::pay::{self, Beginning, PayError};
use crate::store::payment_order;

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
    ) -> Result<Answer<Payment>, Problem> {
        let row = tickets::find(&self.app, &who, &code.0).await?;
        let key = once_key.request(&who.caller, &body.hash);
        let asked = asked(body.value, &row.code)?;
        if asked.provider == crate::gateway::payment::COUNTER && tickets::is_outside(&who.scope(&self.app)) {
            return Err(Problem::new(Kind::Forbidden, "detail-staff-only", vec![]));
        }
        let app = who.app(&self.app);
        let actor = who.caller.actor(&row.branch);
        match pay::begin(&app, &self.providers, actor, &asked, key.clone()).await {
            Ok(Beginning::Ordered(order)) => {
                let told = self.told(&order);
                once(&self.app, key, move |tx| {
                    Box::pin(async move {
                        payment_order::begin(tx, *order).await?;
                        Ok::<_, Stop>(Answer::new(StatusCode::CREATED, &told))
                    })
                })
                .await
            }
            Ok(Beginning::Taken(crate::step::Answer::Done { .. })) => {
                let currency = crate::http::access::currency(&self.app);
                Ok(Answer::new(
                    StatusCode::OK,
                    &Payment {
                        id: None,
                        ticket: row.code,
                        status: "paid".into(),
                        provider: asked.provider,
                        amount: asked.amount.to_string(),
                        currency: currency.code.to_string(),
                        go: None,
                        reference: asked.reference,
                        message: None,
                    },
                ))
            }
            Ok(Beginning::Taken(crate::step::Answer::Refused { reasons, .. })) => {
                self.refused(&who, &row, &asked.event, &reasons).await
            }
            Ok(Beginning::Taken(other)) => Err(take::settled(other, &row.code, &who.scope(&self.app))
                .err()
                .unwrap_or_else(Problem::unavailable)),
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
        let row = pay::settle(&self.app, &self.providers, &id.0, &pairs(query)).await.map_err(problem)?;
        Ok(Json(self.told(&row)))
    }
}

impl Payments {
    async fn settled(&self, id: &str, query: &str) -> Result<Sent, Problem> {
        let row = pay::settle(&self.app, &self.providers, id, &pairs(query)).await.map_err(problem)?;
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
    let wrong = |field: &str, reason: &str| {
        let why = vec![("reason", reason.to_owned())];
        Problem::fields(vec![FieldError::new(field, "field-invalid", why)])
    };
    let amount: Decimal = paying.amount.parse().map_err(|_| wrong("amount", "it is no number"))?;
    // Only our own pages: nobody is sent elsewhere in our name.
    if paying.return_to.as_deref().is_some_and(|path| !is_ours(path)) {
        return Err(wrong("return_to", "it is no path of ours"));
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
        other => Problem::new(Kind::Unprocessable, "detail-payment", vec![("reason", other.to_string())]),
    }
}
