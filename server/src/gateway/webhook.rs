//! Calls to named endpoints, signed as Standard Webhooks are: HMAC-SHA256 over `id.timestamp.body`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, Url};
use sha2::Sha256;

use super::{Failure, Parcel, Reference, http};
use crate::config::gateway as settings;

pub struct Webhook {
    client: Client,
    url: Url,
    settings: settings::Webhook,
}

impl Webhook {
    pub fn open(settings: &settings::Webhook) -> Result<Self, String> {
        let (client, url) = http::client(&settings.url, settings.private)?;
        Ok(Self { client, url, settings: settings.clone() })
    }

    pub async fn deliver(&self, parcel: &Parcel) -> Result<Reference, Failure> {
        let timestamp = parcel.at.timestamp().to_string();
        let mut request = self
            .client
            .post(self.url.clone())
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", &parcel.id)
            .header("webhook-id", &parcel.id)
            .header("webhook-timestamp", &timestamp);
        if let Some(secret) = &self.settings.secret {
            let signature =
                sign(secret.expose(), &parcel.id, &timestamp, &parcel.body).map_err(Failure::never)?;
            request = request.header("webhook-signature", signature);
        }
        http::send(request.body(parcel.body.clone())).await.map(|_| None)
    }
}

fn sign(secret: &str, id: &str, timestamp: &str, body: &str) -> Result<String, String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|error| error.to_string())?;
    for part in [id, ".", timestamp, ".", body] {
        mac.update(part.as_bytes());
    }
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_covers_id_time_and_body() {
        let first = sign("key", "a/1/0", "1700000000", "{}").unwrap();
        assert!(first.starts_with("v1,"));
        for other in [
            sign("other", "a/1/0", "1700000000", "{}"),
            sign("key", "a/1/1", "1700000000", "{}"),
            sign("key", "a/1/0", "1700000001", "{}"),
            sign("key", "a/1/0", "1700000000", "[]"),
        ] {
            assert_ne!(other.unwrap(), first);
        }
    }
}
