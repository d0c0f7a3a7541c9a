//! Paying for a ticket through a provider: begun here, gone on with at the provider, settled when the payer or the
//! provider comes back. The money is booked by the ticket's own step, once, however often somebody comes back.
//!
//! Which step that is and what its form is called is the process's matter: the step is one whose `payment` action
//! reads its form.

pub mod settle;

use aftercare_engine::effect::payment::PaymentForm;
use aftercare_engine::facts::{Actor, Map, Value};
use aftercare_engine::ledger::Amount;
use aftercare_engine::step::{self as engine, Event, Outcome as Stepped, Reason};
use rust_decimal::Decimal;

use crate::app::App;
use crate::entity::payment_order::Model;
use crate::gateway::payment::{Begun, Order, Payments, Provider};
use crate::step::{Answer, Take};
use crate::store::StoreError;
use crate::store::step::Key;

/// What somebody wants to pay.
#[derive(Clone, Debug)]
pub struct Asked {
    pub ticket: String,
    /// Step that records it.
    pub event: String,
    pub provider: String,
    pub amount: Decimal,
    /// At the counter: how it was paid, and the paper's number.
    pub method: Option<String>,
    pub reference: Option<String>,
    /// Path on our own pages to which the payer comes back.
    pub return_to: Option<String>,
}

/// Why a payment does not begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum PayError {
    #[error("there is no such payment")]
    NotFound,
    #[error("there is no payment provider `{0}`")]
    UnknownProvider(String),
    #[error("the step `{0}` records no payment now")]
    NoPayment(String),
    #[error("`{0}` is not an amount above zero")]
    Amount(Decimal),
    #[error("how it was paid must be said")]
    NoMethod,
    /// The step would be refused.
    #[error("the step is refused")]
    Refused(Vec<Reason>),
    #[error("the provider does not answer: {0}")]
    Unavailable(String),
    /// What came back is not the provider's, or not about this payment.
    #[error("{0}")]
    NotBelieved(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How a payment began.
pub enum Beginning {
    /// At the counter: the step is taken, or what is in its way.
    Taken(Answer),
    /// To be written; then the payer goes to [`go`].
    Ordered(Box<Model>),
}

/// Begins a payment: what can be known to be wrong is said before anybody has paid.
pub async fn begin(
    app: &App,
    payments: &Payments,
    actor: Actor,
    asked: &Asked,
    key: Option<Key>,
) -> Result<Beginning, PayError> {
    let provider = provider(payments, &asked.provider)?;
    let currency = app.catalog.current().currency();
    let amount = Amount::exact(asked.amount, &currency).ok().filter(|amount| amount.minor() > 0);
    let amount = amount.ok_or(PayError::Amount(asked.amount))?;
    let form = form_of(app, &actor, &asked.ticket, &asked.event).await?;
    let form = form.ok_or_else(|| PayError::NoPayment(asked.event.clone()))?;
    let method = provider.method().map(str::to_owned).or_else(|| asked.method.clone());
    let method = method.ok_or(PayError::NoMethod)?;
    let data = data(&form, asked.amount, &method, asked.reference.as_deref());
    let Some(_) = provider.method() else {
        let take = Take {
            code: asked.ticket.clone(),
            event: asked.event.clone(),
            revision: None,
            data,
            ticket: None,
        };
        return Ok(Beginning::Taken(app.take_step(actor, take, key).await?));
    };
    would_be_taken(app, &actor, asked, data).await?;
    Ok(Beginning::Ordered(Box::new(Model {
        id: unguessable(),
        ticket: asked.ticket.clone(),
        event: asked.event.clone(),
        form: text(&(&form.amount, &form.method, &form.reference))?,
        provider: asked.provider.clone(),
        method,
        amount: amount.minor(),
        currency: currency.code.to_string(),
        status: "new".into(),
        reference: None,
        url: None,
        paid_reference: None,
        message: None,
        return_to: asked.return_to.clone(),
        actor: actor.name,
        roles: text(&actor.roles)?,
        at: app.clock.now(),
        settled_at: None,
    })))
}

/// Where the payer of a payment goes on: asked of the provider once, the same ever after.
pub async fn go(app: &App, payments: &Payments, id: &str) -> Result<String, PayError> {
    let row = app.store.payment_order(id).await?.ok_or(PayError::NotFound)?;
    if let Some(url) = row.url {
        return Ok(url);
    }
    let provider = provider(payments, &row.provider)?;
    match provider.begin(&order(app, &row)).await {
        Ok(Begun::Redirect { reference, url }) => app.store.payment_sent(id, reference, url).await?,
        Ok(Begun::Settled) => return Err(PayError::NotBelieved("a counter sends nobody anywhere".into())),
        Err(failure) => return Err(PayError::Unavailable(failure.to_string())),
    }
    // Of two who asked at once, the first one's answer counts.
    let row = app.store.payment_order(id).await?.ok_or(PayError::NotFound)?;
    row.url.ok_or_else(|| PayError::Unavailable("it was not sent".to_owned()))
}

fn provider<'p>(payments: &'p Payments, name: &str) -> Result<&'p std::sync::Arc<dyn Provider>, PayError> {
    payments.get(name).ok_or_else(|| PayError::UnknownProvider(name.to_owned()))
}

fn order(app: &App, row: &Model) -> Order {
    Order {
        id: row.id.clone(),
        amount: row.amount,
        currency: row.currency.clone(),
        description: row.ticket.clone(),
        return_url: format!("{}/api/payments/{}/back", app.config.home(), row.id),
        reference: row.reference.clone(),
    }
}

/// Whether the step would record a payment that its form names.
pub async fn is_payment(app: &App, actor: &Actor, ticket: &str, event: &str) -> Result<bool, StoreError> {
    Ok(form_of(app, actor, ticket, event).await?.is_some())
}

/// The fields of the step's form that say what is paid, if the ticket offers the step now.
async fn form_of(
    app: &App,
    actor: &Actor,
    ticket: &str,
    event: &str,
) -> Result<Option<PaymentForm>, StoreError> {
    let Some(look) = app.look(actor.clone(), ticket, Map::new()).await? else { return Ok(None) };
    let offers = engine::offers(&look.chart, &look.configuration, &look.assembled.facts);
    let own = offers.iter().filter(|offer| offer.name() == event && offer.allowed);
    Ok(own.filter_map(|offer| offer.transition.payment_form()).next())
}

/// Whether the step would be taken if the money were there.
async fn would_be_taken(app: &App, actor: &Actor, asked: &Asked, data: Map) -> Result<(), PayError> {
    let look = app.look(actor.clone(), &asked.ticket, data).await?.ok_or(PayError::NotFound)?;
    let event = Event::external(&asked.event);
    let decision = engine::step(&look.chart, &look.configuration, &event, &look.assembled.facts);
    match decision.outcome {
        Stepped::Moved | Stepped::Finished => Ok(()),
        Stepped::Refused(reasons) => Err(PayError::Refused(reasons)),
        Stepped::Ignored => Err(PayError::NoPayment(asked.event.clone())),
    }
}

fn data(form: &PaymentForm, amount: Decimal, method: &str, reference: Option<&str>) -> Map {
    let mut data = Map::from([
        (form.amount.as_str().into(), Value::text(amount.to_string())),
        (form.method.as_str().into(), Value::text(method)),
    ]);
    if let (Some(field), Some(reference)) = (&form.reference, reference) {
        data.insert(field.as_str().into(), Value::text(reference));
    }
    data
}

fn unguessable() -> String {
    let mut bytes = [0; 20];
    // Without randomness nobody can be let in by an id.
    match getrandom::fill(&mut bytes) {
        Ok(()) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Err(_) => String::new(),
    }
}

fn text<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    crate::effects::json("payment", value)
}

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::corrupt("payment", error))
}
