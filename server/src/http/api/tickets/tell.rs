//! POST /api/tickets/{code}/messages: somebody of the house writes to the customer, in their own words or in ready
//! ones. It waits in the outbox like every other message and stands among the ticket's messages.

use aftercare_engine::language::Language;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::letters::{Letters, merge};
use super::{chart, note};
use crate::app::App;
use crate::auth::token;
use crate::entity::{outbox, ticket};
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Made, Stop, once};
use crate::http::problem::{FieldError, Problem, Text};
use crate::http::request_id;
use crate::http::signed_in::SignedIn;
use crate::letter::html;
use crate::store::outbox::put;

/// Longest text, in characters: what ten short messages hold.
const LONGEST: usize = 670;

/// Name of these messages in the outbox; those of the bundle's texts have others.
pub const TOLD: &str = "told";

pub struct Tell(pub App);

/// A message to the customer
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "MessageToCustomer")]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// `sms` or `email`
    pub channel: String,
    /// In the customer's language; may be left out when ready words are chosen
    #[oai(default)]
    #[serde(default)]
    pub text: String,
    /// Codes of letter fragments that are merged with the ticket and put below the text
    #[oai(default)]
    #[serde(default)]
    pub insert: Vec<String>,
}

/// What waits to leave
#[derive(Debug, Object)]
#[oai(rename = "MessageWaiting")]
pub struct Waiting {
    id: i64,
    /// What was written, without the link that lets the customer in
    text: String,
}

#[OpenApi(tag = "Tag::Tickets")]
impl Tell {
    /// Writes to the customer of a ticket
    ///
    /// For staff. The link that lets the customer in stands below. 422: no words, or the customer cannot be reached so.
    #[oai(path = "/tickets/:code/messages", method = "post")]
    pub async fn tell(
        &self,
        who: SignedIn,
        code: Path<String>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Message>,
    ) -> Result<Made<Waiting>, Problem> {
        let ticket = Letters(self.0.clone()).ticket(&who, &code.0).await?;
        let key = once_key.request(&who.caller, &body.hash);
        let (row, text) = self.made(&who, &ticket, body.value).await?;
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                let id = put(tx, row).await?;
                Ok::<_, Stop>(Made::new(&Waiting { id, text }))
            })
        })
        .await
    }

    /// The message as it would leave, and its words alone.
    pub async fn made(
        &self,
        who: &SignedIn,
        ticket: &ticket::Model,
        message: Message,
    ) -> Result<(outbox::Model, String), Problem> {
        let reached = self.reached(ticket, &message.channel).await?;
        let mut text = message.text.trim().to_owned();
        for code in message.insert.iter().filter(|code| !code.is_empty()) {
            let (ready, _) = merge::fragment(&self.0, who, ticket, code, reached.language.code()).await?;
            text = format!("{text}\n{ready}").trim().to_owned();
        }
        if let Some(wrong) = note::text("text", &text, LONGEST) {
            return Err(Problem::fields(vec![wrong]));
        }
        let chart = chart(&self.0, ticket).await?;
        let title = chart.definition.title.as_ref().map_or("", |title| title.best(reached.language));
        let secret = token::short();
        let home = format!("{}/track/{}", self.0.config.home(), ticket.code);
        let link = secret.as_ref().map_or(home.clone(), |(secret, _)| format!("{home}/{secret}"));
        let whole = format!("{text}\n{link}");
        let is_mail = message.channel == "email";
        let body = if is_mail { html(&whole, reached.language == Language::Fa) } else { whole };
        let now = self.0.clock.now();
        let row = outbox::Model {
            id: 0,
            effect: format!("told/{}", request_id::new()),
            ticket: Some(ticket.code.clone()),
            seq: None,
            lane: format!("{}/{}", ticket.code, message.channel),
            channel: message.channel,
            recipient: reached.address,
            recipient_name: reached.name,
            to_kind: "customer".into(),
            to_code: reached.code,
            message: TOLD.into(),
            language: Some(reached.language.code().into()),
            subject: is_mail.then(|| format!("{title} {}", ticket.code)),
            body,
            status: "pending".into(),
            attempt: 0,
            claim: None,
            lease_until: None,
            next_at: now,
            last_error: None,
            provider_ref: None,
            created_at: now,
            sent_at: None,
            link: secret.map(|(_, hash)| hash),
        };
        Ok((row, text))
    }

    /// The customer, by an address of this channel.
    async fn reached(&self, ticket: &ticket::Model, channel: &str) -> Result<Reached, Problem> {
        let wrong =
            |code: &'static str, values| Problem::fields(vec![FieldError::new("channel", code, values)]);
        if !["sms", "email"].contains(&channel) {
            let why = Text::why("why-one-of", vec![("words", "sms, email".to_owned())]);
            return Err(Problem::fields(vec![FieldError::invalid("channel", why)]));
        }
        let found = match &ticket.customer {
            Some(code) => self.0.store.customer(code).await?,
            None => None,
        };
        let address = found.as_ref().and_then(|found| match channel {
            "sms" => found.phones.first().map(|phone| phone.number.clone()),
            _ => found.customer.email.clone(),
        });
        let Some((found, address)) = found.zip(address.filter(|address| !address.is_empty())) else {
            return Err(wrong("field-no-address", vec![]));
        };
        let customer = &found.customer;
        let language = Language::of_code(&customer.language);
        Ok(Reached {
            code: customer.code.clone(),
            name: customer.name.clone(),
            address,
            language: language.unwrap_or_else(|| self.0.catalog.current().language()),
        })
    }
}

/// Who is written to, and where.
struct Reached {
    code: String,
    name: String,
    address: String,
    language: Language,
}
