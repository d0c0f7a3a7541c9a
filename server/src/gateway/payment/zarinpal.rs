//! Zarinpal's payment gateway, version 4 of its API, as documented at
//! <https://www.zarinpal.com/docs/paymentGateway/connectToGateway>.
//!
//! `request.json` gives an authority, the payer is sent to `StartPay`, comes back with `Authority` and `Status`, and
//! `verify.json` says whether the money is there: code 100 the first time, 101 after that.

use std::collections::BTreeMap;

use reqwest::{Client, Url};
use serde_json::{Value, json};

use super::super::{Failure, http};
use super::{Begun, Order, Outcome, Provider};
use crate::config::Secret;
use crate::config::gateway as settings;

/// Paid, asked for the first time and after that.
const PAID: [i64; 2] = [100, 101];
/// The only currency that it takes and we keep books in.
const CURRENCY: &str = "IRR";

/// Nobody has paid.
const UNPAID: i64 = -51;

/// The provider says no.
struct Refusal {
    code: i64,
    told: String,
}

pub struct Zarinpal {
    client: Client,
    url: Url,
    merchant: Secret,
    method: String,
}

impl Zarinpal {
    pub fn open(settings: &settings::Payment) -> Result<Self, String> {
        let (client, url) = http::client(&settings.url, settings.private)?;
        Ok(Self { client, url, merchant: settings.secret.clone(), method: settings.method.clone() })
    }

    fn at(&self, path: &str) -> Result<Url, Failure> {
        self.url.join(path).map_err(Failure::never)
    }

    /// The `data` of an answer, or the provider's words for what is wrong.
    async fn call(&self, path: &str, body: &Value) -> Result<Result<Value, Refusal>, Failure> {
        let request = self.client.post(self.at(path)?).header("Accept", "application/json").json(body);
        let answer = http::send(request).await?;
        let answer: Value = serde_json::from_str(&answer).map_err(Failure::never)?;
        let error = &answer["errors"];
        if let Some(code) = error["code"].as_i64() {
            let told = format!("{} ({code})", error["message"].as_str().unwrap_or("error"));
            return Ok(Err(Refusal { code, told }));
        }
        Ok(Ok(answer["data"].clone()))
    }
}

#[async_trait::async_trait]
impl Provider for Zarinpal {
    fn method(&self) -> Option<&str> {
        Some(&self.method)
    }

    async fn begin(&self, order: &Order) -> Result<Begun, Failure> {
        if order.currency != CURRENCY {
            return Err(Failure::Never(format!("Zarinpal takes {CURRENCY}, not {}", order.currency)));
        }
        let body = json!({"merchant_id": self.merchant.expose(), "amount": order.amount, "currency": CURRENCY,
            "description": order.description, "callback_url": order.return_url,
            "metadata": {"order_id": order.id}});
        let data = self.call("/pg/v4/payment/request.json", &body).await?;
        let data = data.map_err(|refusal| Failure::Never(refusal.told))?;
        let authority = data["authority"].as_str().filter(|_| data["code"] == PAID[0]);
        let authority = authority.ok_or_else(|| Failure::never(format!("the answer was {data}")))?;
        let url = self.at(&format!("/pg/StartPay/{authority}"))?;
        Ok(Begun::Redirect { reference: authority.to_owned(), url: url.into() })
    }

    async fn settle(&self, order: &Order, back: &BTreeMap<String, String>) -> Result<Outcome, Failure> {
        let authority = order.reference.as_deref().unwrap_or_default();
        if back.get("Authority").map(String::as_str) != Some(authority) {
            return Err(Failure::never("it is about another payment"));
        }
        let says_paid = back.get("Status").is_none_or(|status| status == "OK");
        match self.ask(order).await? {
            Some(outcome) => Ok(outcome),
            None if says_paid => Err(Failure::again("the provider does not know of the money yet")),
            None => Ok(Outcome::Failed("the payer did not pay".to_owned())),
        }
    }

    async fn ask(&self, order: &Order) -> Result<Option<Outcome>, Failure> {
        let authority = order.reference.as_deref().unwrap_or_default();
        // The amount is ours: Zarinpal refuses when another one was paid.
        let body =
            json!({"merchant_id": self.merchant.expose(), "amount": order.amount, "authority": authority});
        match self.call("/pg/v4/payment/verify.json", &body).await? {
            Ok(data) if data["code"].as_i64().is_some_and(|code| PAID.contains(&code)) => {
                let reference = match &data["ref_id"] {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                Ok(Some(Outcome::Paid { amount: order.amount, reference }))
            }
            Err(Refusal { code: UNPAID, .. }) => Ok(None),
            // Whatever else it is, it does not say that there is no money.
            Ok(data) => Err(Failure::again(format!("the answer was {data}"))),
            Err(refusal) => Err(Failure::again(refusal.told)),
        }
    }
}
