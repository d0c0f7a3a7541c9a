//! Addresses of the outside systems. What is not configured goes to the sink: messages stay readable in the app.

use std::collections::BTreeMap;

use super::Secret;

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Gateways {
    pub mail: Option<Mail>,
    pub sms: Option<Sms>,
    /// Endpoints that processes may call, by the name they use.
    pub webhooks: BTreeMap<String, Webhook>,
    /// Where customers pay online, by the name that callers use.
    pub payments: BTreeMap<String, Payment>,
}

/// A payment provider to which the payer is sent.
#[derive(Clone, Debug)]
pub struct Payment {
    pub kind: PaymentKind,
    pub url: String,
    /// What we share with the provider: the merchant's id, or the key of its signatures.
    pub secret: Secret,
    /// Word of the way of payment, as processes and vouchers have it.
    pub method: String,
    /// Allows an address inside the own network, for a sandbox that stands there.
    pub private: bool,
}

/// Which provider's API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentKind {
    /// Our own server for trying things out: `aftercare sandbox-payments`.
    Sandbox,
    Zarinpal,
}

/// An SMTP server.
#[derive(Clone, Debug)]
pub struct Mail {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub user: Option<String>,
    pub password: Option<Secret>,
    /// Sender, such as `Aftercare <service@example.org>`.
    pub from: String,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Plain, then upgraded; refused when the server cannot.
    #[default]
    Starttls,
    /// From the first byte.
    Implicit,
    /// For a server on this machine only.
    None,
}

/// A generic HTTP gateway: one POST per message.
#[derive(Clone, Debug)]
pub struct Sms {
    pub url: String,
    /// Sent as `Authorization: Bearer …`.
    pub token: Option<Secret>,
    /// Sender number or name.
    pub from: Option<String>,
    /// Names of the JSON keys that the provider expects.
    pub keys: SmsKeys,
    /// Allows an address inside the own network, for a gateway that stands there.
    pub private: bool,
}

/// The provider's names for the parts of a message.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SmsKeys {
    pub to: String,
    pub text: String,
    pub from: String,
    /// Our stable id, by which the provider can tell a repeated request.
    pub id: String,
}

impl Default for SmsKeys {
    fn default() -> Self {
        Self { to: "to".into(), text: "text".into(), from: "from".into(), id: "id".into() }
    }
}

/// An endpoint that processes may call.
#[derive(Clone, Debug)]
pub struct Webhook {
    pub url: String,
    /// Key of the signature header.
    pub secret: Option<Secret>,
    /// Allows an address inside the own network.
    pub private: bool,
}
