//! Letters about a ticket: made of a kind and its fragments, edited, given out, kept.

pub mod merge;

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::language::Language;
use aftercare_engine::text;
use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::{chart, find, is_outside, note, veil};
use crate::app::App;
use crate::entity::{letter, outbox, ticket};
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::hidden::Veil;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Made, Stop, once};
use crate::http::problem::{FieldError, Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::register::value::is_address;
use crate::store::letter::{Given, add, change, give};

/// Longest subject and longest body, in characters.
const SUBJECT: usize = 200;
const BODY: usize = 20_000;

pub struct Letters(pub App);

/// A letter about a ticket
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Letter {
    pub id: i64,
    pub ticket: String,
    /// Tracking code and which of the ticket's letters it is
    pub number: String,
    /// Code of the letter type
    pub r#type: String,
    pub language: String,
    /// Name and address above it
    pub recipient: String,
    /// Where it went by e-mail
    pub email: Option<String>,
    pub subject: String,
    /// Plain text; absent when it may hold something that your roles never see
    pub body: Option<String>,
    /// `draft`, `printed`, `sent`; what was given out is never changed
    pub status: String,
    pub by: String,
    pub created_at: DateTime<Utc>,
    pub given_by: Option<String>,
    pub given_at: Option<DateTime<Utc>>,
    /// Name the one you saw when you change it
    pub version: i64,
}

/// A letter to begin
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "LetterBeginning")]
#[serde(deny_unknown_fields)]
pub struct Beginning {
    /// Code of the letter type
    pub r#type: String,
    /// `fa`, `en`, `zh`, `pl`; left out: the customer's
    #[oai(default)]
    #[serde(default)]
    pub language: Option<String>,
}

/// A draft as it is to be
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "LetterEditing")]
#[serde(deny_unknown_fields)]
pub struct Editing {
    pub version: i64,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    /// Codes of fragments that are merged with the ticket and put below the body
    #[oai(default)]
    #[serde(default)]
    pub insert: Vec<String>,
}

/// How a letter is given out
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "LetterGiving")]
#[serde(deny_unknown_fields)]
pub struct Giving {
    pub version: i64,
    /// Where it is sent; left out: it is printed
    #[oai(default)]
    #[serde(default)]
    pub email: Option<String>,
}

#[OpenApi(tag = "Tag::Tickets")]
impl Letters {
    /// Letters about a ticket, in order
    ///
    /// For staff.
    #[oai(path = "/tickets/:code/letters", method = "get")]
    async fn list(&self, who: SignedIn, code: Path<String>) -> Result<Json<Vec<Letter>>, Problem> {
        let ticket = self.ticket(&who, &code.0).await?;
        Ok(Json(self.of(&who, &ticket).await?))
    }

    /// One letter
    #[oai(path = "/tickets/:code/letters/:id", method = "get")]
    async fn show(&self, who: SignedIn, code: Path<String>, id: Path<i64>) -> Result<Json<Letter>, Problem> {
        let ticket = self.ticket(&who, &code.0).await?;
        self.one(&who, &ticket, id.0).await.map(Json)
    }

    /// Begins a letter: the text of its type, merged with the ticket
    ///
    /// 422: there is no such type, or the ticket does not have what it asks for.
    #[oai(path = "/tickets/:code/letters", method = "post")]
    pub async fn begin(
        &self,
        who: SignedIn,
        code: Path<String>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Beginning>,
    ) -> Result<Made<Letter>, Problem> {
        let ticket = self.ticket(&who, &code.0).await?;
        let key = once_key.request(&who.caller, &body.hash);
        let row = merge::begin(&self.0, &who, &ticket, body.value).await?;
        let veil = self.veil(&who, &ticket).await?;
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                let row = add(tx, row).await?;
                Ok::<_, Stop>(Made::new(&Letter::told(row, &veil)))
            })
        })
        .await
        .map(|made| {
            made.at(|json| {
                Some(vec!["tickets".into(), ticket.code, "letters".into(), json["id"].to_string()])
            })
        })
    }

    /// Changes a draft
    ///
    /// 409: it has changed since, or was given out.
    #[oai(path = "/tickets/:code/letters/:id", method = "put")]
    pub async fn edit(
        &self,
        who: SignedIn,
        code: Path<String>,
        id: Path<i64>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Editing>,
    ) -> Result<Answer<Letter>, Problem> {
        let ticket = self.ticket(&who, &code.0).await?;
        let key = once_key.request(&who.caller, &body.hash);
        let veil = self.veil(&who, &ticket).await?;
        let row = self.row(&ticket, id.0, &veil).await?;
        let (seen, row) = self.edited(&who, &ticket, row, body.value).await?;
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                if !change(tx, seen, &row).await? {
                    return Err(stands(&row).into());
                }
                let row = letter::Model { version: seen + 1, ..row };
                Ok::<_, Stop>(Answer::new(&Letter::told(row, &veil)))
            })
        })
        .await
    }

    /// Gives a letter out: printed, or sent by e-mail
    ///
    /// From then on it is never changed. 409: it has changed since, or was given out.
    #[oai(path = "/tickets/:code/letters/:id/give", method = "post")]
    pub async fn give(
        &self,
        who: SignedIn,
        code: Path<String>,
        id: Path<i64>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Giving>,
    ) -> Result<Answer<Letter>, Problem> {
        let ticket = self.ticket(&who, &code.0).await?;
        let key = once_key.request(&who.caller, &body.hash);
        let Giving { version, email } = body.value;
        let email = email.map(|email| email.trim().to_owned()).filter(|email| !email.is_empty());
        if email.as_deref().is_some_and(|email| !is_address(email)) {
            return Err(Problem::fields(vec![FieldError::new("email", "field-email", vec![])]));
        }
        let veil = self.veil(&who, &ticket).await?;
        let row = self.row(&ticket, id.0, &veil).await?;
        let at = self.0.clock.now();
        let given = Given {
            status: if email.is_some() { "sent" } else { "printed" }.to_owned(),
            message: email.as_deref().map(|email| message(&row, email, at)),
            email,
            by: who.caller.name.clone(),
            at,
        };
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                let after = letter::Model {
                    status: given.status.clone(),
                    email: given.email.clone(),
                    given_by: Some(given.by.clone()),
                    given_at: Some(at),
                    version: version + 1,
                    ..row
                };
                if !give(tx, after.id, version, given).await? {
                    return Err(stands(&after).into());
                }
                Ok::<_, Stop>(Answer::new(&Letter::told(after, &veil)))
            })
        })
        .await
    }
}

impl Letters {
    /// The ticket, if the caller is staff who may see it.
    pub async fn ticket(&self, who: &SignedIn, code: &str) -> Result<ticket::Model, Problem> {
        let row = find(&self.0, who, code).await?;
        if is_outside(&who.scope(&self.0)) {
            return Err(Problem::new(Kind::Forbidden, "detail-letters-staff", vec![]));
        }
        who.may(&self.0, Permission::TicketsRead)?;
        Ok(row)
    }

    /// The letters of a ticket that the caller may see.
    pub async fn of(&self, who: &SignedIn, ticket: &ticket::Model) -> Result<Vec<Letter>, Problem> {
        let veil = self.veil(who, ticket).await?;
        let rows = self.0.store.letters_of(&ticket.code).await?;
        Ok(rows.into_iter().map(|row| Letter::told(row, &veil)).collect())
    }

    /// One letter of a ticket, if the caller may read it.
    pub async fn one(&self, who: &SignedIn, ticket: &ticket::Model, id: i64) -> Result<Letter, Problem> {
        let veil = self.veil(who, ticket).await?;
        Ok(Letter::told(self.row(ticket, id, &veil).await?, &veil))
    }

    async fn row(&self, ticket: &ticket::Model, id: i64, veil: &Veil) -> Result<letter::Model, Problem> {
        let row = self.0.store.letter(&ticket.code, id).await?;
        let row = row.ok_or_else(|| Problem::not_found("letter", id.to_string()))?;
        if veil.covers(&row.source) {
            return Err(Problem::new(Kind::Forbidden, "detail-letter-hidden", vec![]));
        }
        Ok(row)
    }

    async fn veil(&self, who: &SignedIn, ticket: &ticket::Model) -> Result<Veil, Problem> {
        Ok(veil(&self.0, who, &*chart(&self.0, ticket).await?, &ticket.branch))
    }

    /// The draft with what was typed, and the version that was seen.
    async fn edited(
        &self,
        who: &SignedIn,
        ticket: &ticket::Model,
        row: letter::Model,
        editing: Editing,
    ) -> Result<(i64, letter::Model), Problem> {
        let Editing { version, recipient, subject, mut body, insert } = editing;
        let mut source = row.source.clone();
        for code in &insert {
            let (text, from) = merge::fragment(&self.0, who, ticket, code, &row.language).await?;
            body = format!("{}\n\n{text}", body.trim_end());
            source = format!("{source}\n{from}");
        }
        let wrong = [note::text("subject", &subject, SUBJECT), note::text("body", &body, BODY)];
        let wrong: Vec<FieldError> = wrong.into_iter().flatten().collect();
        if !wrong.is_empty() {
            return Err(Problem::fields(wrong));
        }
        let search_key = search_key(&row.kind, &recipient, &subject, &body);
        let updated_at = self.0.clock.now();
        Ok((version, letter::Model { recipient, subject, body, source, search_key, updated_at, ..row }))
    }
}

impl Letter {
    /// A letter as somebody may see it.
    pub fn told(row: letter::Model, veil: &Veil) -> Self {
        Self {
            id: row.id,
            number: format!("{}/{}", row.ticket, row.position),
            ticket: row.ticket,
            r#type: row.kind,
            language: row.language,
            recipient: row.recipient,
            email: row.email,
            body: Some(row.body).filter(|_| !veil.covers(&row.source)),
            subject: row.subject,
            status: row.status,
            by: row.actor,
            created_at: row.created_at,
            given_by: row.given_by,
            given_at: row.given_at,
            version: row.version,
        }
    }
}

/// By what a letter is found.
pub fn search_key(kind: &str, recipient: &str, subject: &str, body: &str) -> String {
    text::folded(&format!("{kind} {recipient} {subject} {body}"))
}

/// Why a letter was not changed: somebody was quicker, or it has left.
fn stands(row: &letter::Model) -> Problem {
    Problem::new(
        Kind::Conflict,
        "detail-letter-stands",
        vec![("number", format!("{}/{}", row.ticket, row.position))],
    )
}

/// The letter as an e-mail that waits to leave.
fn message(row: &letter::Model, email: &str, at: DateTime<Utc>) -> outbox::Model {
    let is_right_to_left = Language::of_code(&row.language) == Some(Language::Fa);
    outbox::Model {
        id: 0,
        effect: format!("letter/{}", row.id),
        ticket: Some(row.ticket.clone()),
        seq: None,
        channel: "email".into(),
        lane: format!("{}/email", row.ticket),
        recipient: email.to_owned(),
        recipient_name: row.recipient.lines().next().unwrap_or_default().to_owned(),
        to_kind: String::new(),
        to_code: String::new(),
        message: "letter".into(),
        language: Some(row.language.clone()),
        subject: Some(row.subject.clone()),
        body: crate::letter::html(&row.body, is_right_to_left),
        status: "pending".into(),
        attempt: 0,
        claim: None,
        lease_until: None,
        next_at: at,
        last_error: None,
        provider_ref: None,
        created_at: at,
        sent_at: None,
        link: None,
    }
}
