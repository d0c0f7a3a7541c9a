//! SMS through a generic HTTP gateway: one POST with a JSON body per message.

use reqwest::{Client, Url};
use serde_json::{Map, Value};

use super::{Failure, Parcel, Reference, http};
use crate::config::gateway as settings;

/// Names under which providers give their own id.
const REFERENCES: [&str; 4] = ["message_id", "messageId", "id", "reference"];

pub struct Sms {
    client: Client,
    url: Url,
    settings: settings::Sms,
}

impl Sms {
    pub fn open(settings: &settings::Sms) -> Result<Self, String> {
        let (client, url) = http::client(&settings.url, settings.private)?;
        Ok(Self { client, url, settings: settings.clone() })
    }

    pub async fn deliver(&self, parcel: &Parcel) -> Result<Reference, Failure> {
        let keys = &self.settings.keys;
        let mut body = Map::new();
        body.insert(keys.to.clone(), parcel.to.as_str().into());
        body.insert(keys.text.clone(), plain(&parcel.body).into());
        body.insert(keys.id.clone(), parcel.id.as_str().into());
        if let Some(from) = &self.settings.from {
            body.insert(keys.from.clone(), from.as_str().into());
        }
        let mut request =
            self.client.post(self.url.clone()).header("Idempotency-Key", &parcel.id).json(&body);
        if let Some(token) = &self.settings.token {
            request = request.bearer_auth(token.expose());
        }
        let answer = http::send(request).await?;
        accepted(&answer)
    }
}

/// What the answer says. A provider that reports a failure inside a success is taken at its word.
fn accepted(answer: &str) -> Result<Reference, Failure> {
    let Ok(Value::Object(answer)) = serde_json::from_str::<Value>(answer) else { return Ok(None) };
    let failed = answer.get("error").is_some_and(|error| !error.is_null() && error != false && error != "")
        || answer.get("success") == Some(&Value::Bool(false))
        || answer.get("ok") == Some(&Value::Bool(false));
    if failed {
        return Err(Failure::Never(format!("the gateway says {}", Value::Object(answer))));
    }
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Ok(REFERENCES.iter().find_map(|name| answer.get(*name)).filter(|value| !value.is_null()).map(text))
}

/// Without control characters, which some networks act on.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_inside_a_success_is_a_failure() {
        assert!(accepted(r#"{"error": "no credit"}"#).is_err());
        assert!(accepted(r#"{"ok": false}"#).is_err());
        assert_eq!(accepted(r#"{"error": null, "id": 17}"#).unwrap().as_deref(), Some("17"));
        assert_eq!(accepted("<html>ok</html>").unwrap(), None);
    }

    #[test]
    fn control_characters_do_not_reach_the_network() {
        assert_eq!(plain("a\u{1b}b\nc\r"), "ab\nc");
    }
}
