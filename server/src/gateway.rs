//! Outside systems: mail, SMS, webhooks. What is not configured goes to the sink, readable in the app.
//!
//! A gateway knows neither tickets nor the database. Every delivery of one parcel carries the same id.

mod http;
mod mail;
pub mod payment;
mod sms;
mod webhook;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::config::gateway as settings;

/// Longest time that one try may take.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// What is to be delivered.
#[derive(Clone, Debug, Default)]
pub struct Parcel {
    /// The same at every try.
    pub id: String,
    pub channel: String,
    /// Number, address or name of an endpoint.
    pub to: String,
    pub to_name: String,
    pub subject: String,
    pub body: String,
    pub at: DateTime<Utc>,
}

/// The gateway's own id of it, if it gave one.
pub type Reference = Option<String>;

/// Why it was not delivered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It was not accepted, and may be later.
    #[error("{error}")]
    Again { error: String, after: Option<Duration> },
    /// Nobody knows whether it was accepted.
    #[error("{0}")]
    Uncertain(String),
    /// It never will be.
    #[error("{0}")]
    Never(String),
}

impl Failure {
    fn again(error: impl ToString) -> Self {
        Self::Again { error: error.to_string(), after: None }
    }

    fn never(error: impl ToString) -> Self {
        Self::Never(error.to_string())
    }
}

/// All gateways of a server; by default none is configured.
#[derive(Default)]
pub struct Gateways {
    mail: Option<mail::Mail>,
    sms: Option<sms::Sms>,
    webhooks: BTreeMap<String, webhook::Webhook>,
}

impl Gateways {
    /// Opens what is configured; nothing is connected yet.
    pub fn open(settings: &settings::Gateways) -> Result<Self, String> {
        http::provide_tls();
        // Opened where people pay; here a wrong address is found before anything is served.
        payment::Payments::open(settings)?;
        let webhooks = settings.webhooks.iter();
        Ok(Self {
            mail: settings.mail.as_ref().map(mail::Mail::open).transpose()?,
            sms: settings.sms.as_ref().map(sms::Sms::open).transpose()?,
            webhooks: webhooks
                .map(|(name, one)| Ok((name.clone(), webhook::Webhook::open(one)?)))
                .collect::<Result<_, String>>()?,
        })
    }

    /// Channels whose receivers tell a repeated delivery by our id, so that an unknown outcome may be repeated.
    pub fn repeatable() -> &'static [&'static str] {
        &["sms", "webhook"]
    }

    /// Channels for which nothing is configured: their messages stay with us, readable in the app.
    pub fn kept(&self) -> Vec<&'static str> {
        let kept = [("app", true), ("email", self.mail.is_none()), ("sms", self.sms.is_none())];
        kept.into_iter().filter(|(_, kept)| *kept).map(|(channel, _)| channel).collect()
    }

    /// Delivers a parcel, or says what became of it.
    pub async fn deliver(&self, parcel: &Parcel) -> Result<Reference, Failure> {
        match (parcel.channel.as_str(), &self.mail, &self.sms) {
            ("email", Some(mail), _) => mail.deliver(parcel).await,
            ("sms", _, Some(sms)) => sms.deliver(parcel).await,
            ("webhook", _, _) => match self.webhooks.get(&parcel.to) {
                Some(webhook) => webhook.deliver(parcel).await,
                None => Err(Failure::Never(format!("no endpoint `{}` is configured", parcel.to))),
            },
            (channel, _, _) if self.kept().contains(&channel) => Ok(None),
            (other, _, _) => Err(Failure::Never(format!("there is no channel `{other}`"))),
        }
    }
}
