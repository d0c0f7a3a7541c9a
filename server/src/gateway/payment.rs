//! Payment providers behind one trait: the counter, where money is taken at once, and those to whom the payer is
//! sent and from whom the payer comes back.
//!
//! What a payer's browser brings back is never believed by itself: it is signed by the provider, or the provider
//! is asked.

pub mod sandbox;
pub mod zarinpal;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Failure;
use crate::config::gateway::{self as settings, PaymentKind};

/// Name of the counter: cash, card terminal, transfer, cheque. It is always there.
pub const COUNTER: &str = "counter";

/// What is to be paid.
#[derive(Clone, Debug)]
pub struct Order {
    /// Ours; the same at every try.
    pub id: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub description: String,
    /// Where the payer comes back to.
    pub return_url: String,
    /// The provider's name for it, once it was begun.
    pub reference: Option<String>,
}

/// How a payment begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The money is there.
    Settled,
    /// The payer is sent there.
    Redirect { reference: String, url: String },
}

/// What became of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The money came: how much, in minor units, and the provider's name for it.
    Paid { amount: i64, reference: String },
    /// It will not come.
    Failed(String),
}

/// Somebody who takes money for us.
#[async_trait::async_trait]
pub trait Provider: Send + Sync {
    /// Word of the way of payment; none: whoever takes the money says it.
    fn method(&self) -> Option<&str>;

    /// Begins a payment.
    async fn begin(&self, order: &Order) -> Result<Begun, Failure>;

    /// What became of it, with what the payer's browser or the provider brought back.
    async fn settle(&self, order: &Order, back: &BTreeMap<String, String>) -> Result<Outcome, Failure>;

    /// What became of it by the provider's own word; nothing: it is still open there.
    async fn ask(&self, order: &Order) -> Result<Option<Outcome>, Failure>;
}

/// The counter: the money is in somebody's hands.
struct Counter;

#[async_trait::async_trait]
impl Provider for Counter {
    fn method(&self) -> Option<&str> {
        None
    }

    async fn begin(&self, _: &Order) -> Result<Begun, Failure> {
        Ok(Begun::Settled)
    }

    async fn settle(&self, _: &Order, _: &BTreeMap<String, String>) -> Result<Outcome, Failure> {
        Err(Failure::never("nobody comes back from a counter"))
    }

    async fn ask(&self, _: &Order) -> Result<Option<Outcome>, Failure> {
        Err(Failure::never("a counter knows of no payment"))
    }
}

/// All providers of a server.
#[derive(Clone)]
pub struct Payments(BTreeMap<String, Arc<dyn Provider>>);

impl Default for Payments {
    fn default() -> Self {
        Self(BTreeMap::from([(COUNTER.to_owned(), Arc::new(Counter) as Arc<dyn Provider>)]))
    }
}

impl Payments {
    /// Opens what is configured; nothing is connected yet.
    pub fn open(settings: &settings::Gateways) -> Result<Self, String> {
        super::http::provide_tls();
        let mut all = Self::default();
        for (name, one) in &settings.payments {
            let provider: Arc<dyn Provider> = match one.kind {
                PaymentKind::Sandbox => Arc::new(sandbox::Sandbox::open(one)?),
                PaymentKind::Zarinpal => Arc::new(zarinpal::Zarinpal::open(one)?),
            };
            if all.0.insert(name.clone(), provider).is_some() {
                return Err(format!("no payment provider can be called `{name}`"));
            }
        }
        Ok(all)
    }

    pub fn get(&self, name: &str) -> Option<&Arc<dyn Provider>> {
        self.0.get(name)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
