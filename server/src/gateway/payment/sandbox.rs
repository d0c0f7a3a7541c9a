//! Our own sandbox: a provider to try things out with, reached over HTTP like any other. It signs what the payer
//! brings back; nothing without its signature is believed.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, Url};
use serde::Deserialize;
use serde_json::json;
use sha2::Sha256;

use super::super::{Failure, http};
use super::{Begun, Order, Outcome, Provider};
use crate::config::Secret;
use crate::config::gateway as settings;

pub struct Sandbox {
    client: Client,
    url: Url,
    secret: Secret,
    method: String,
}

#[derive(Deserialize)]
struct Accepted {
    reference: String,
    url: String,
}

impl Sandbox {
    pub fn open(settings: &settings::Payment) -> Result<Self, String> {
        let (client, url) = http::client(&settings.url, settings.private)?;
        Ok(Self { client, url, secret: settings.secret.clone(), method: settings.method.clone() })
    }
}

#[async_trait::async_trait]
impl Provider for Sandbox {
    fn method(&self) -> Option<&str> {
        Some(&self.method)
    }

    async fn begin(&self, order: &Order) -> Result<Begun, Failure> {
        let url = self.url.join("payments").map_err(Failure::never)?;
        let body = json!({"id": order.id, "amount": order.amount, "currency": order.currency,
            "description": order.description, "return_url": order.return_url});
        let answer = http::send(self.client.post(url).json(&body)).await?;
        let accepted: Accepted = serde_json::from_str(&answer).map_err(Failure::never)?;
        Ok(Begun::Redirect { reference: accepted.reference, url: accepted.url })
    }

    async fn settle(&self, order: &Order, back: &BTreeMap<String, String>) -> Result<Outcome, Failure> {
        let value = |key: &str| back.get(key).map(String::as_str).unwrap_or_default();
        let signed = [order.id.as_str(), value("reference"), value("status"), value("amount")];
        if !is_signed(self.secret.expose(), signed, value("signature")) {
            return Err(Failure::never("the signature is not the provider's"));
        }
        if order.reference.as_deref() != Some(value("reference")) {
            return Err(Failure::never("it is about another payment"));
        }
        match (value("status"), value("amount").parse()) {
            ("paid", Ok(amount)) => Ok(Outcome::Paid { amount, reference: value("reference").to_owned() }),
            (other, _) => Ok(Outcome::Failed(format!("the provider says `{other}`"))),
        }
    }

    async fn ask(&self, order: &Order) -> Result<Option<Outcome>, Failure> {
        let reference = order.reference.as_deref().unwrap_or_default();
        let url = self.url.join(&format!("payments/{reference}")).map_err(Failure::never)?;
        let answer = http::send(self.client.get(url)).await?;
        let answer: BTreeMap<String, String> = serde_json::from_str(&answer).map_err(Failure::never)?;
        if answer.get("status").is_some_and(|status| status == "open") {
            return Ok(None);
        }
        self.settle(order, &answer).await.map(Some)
    }
}

/// The signature of what the payer brings back: of order, reference, status and amount.
pub fn signature(secret: &str, signed: [&str; 4]) -> String {
    let Some(mac) = mac(secret, signed) else { return String::new() };
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_signed(secret: &str, signed: [&str; 4], given: &str) -> bool {
    let digits: Vec<u8> = given.bytes().collect();
    let bytes: Option<Vec<u8>> =
        digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    // Compared in constant time.
    mac(secret, signed).zip(bytes).is_some_and(|(mac, bytes)| mac.verify_slice(&bytes).is_ok())
}

fn mac(secret: &str, signed: [&str; 4]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    for part in signed {
        // With its length, so that nothing can be moved from one part to the next.
        mac.update(format!("{}:{part}", part.len()).as_bytes());
    }
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_signed_with_the_same_key_is_believed() {
        let signed = ["o1", "r1", "paid", "100"];
        let good = signature("key", signed);
        assert!(is_signed("key", signed, &good));
        assert!(!is_signed("other", signed, &good));
        assert!(!is_signed("key", ["o1", "r1", "paid", "1000"], &good));
        assert!(!is_signed("key", ["o1r", "1", "paid", "100"], &good), "parts cannot be moved");
        assert!(!is_signed("key", signed, ""));
        assert!(!is_signed("key", signed, "zz"));
    }
}
