//! POST /api/tickets/{code}/activities: something is noted, said to colleagues, or heard on the telephone.

use aftercare_engine::definition::messages::Permission;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::find;
use crate::app::App;
use crate::entity::activity;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Made, Stop, once};
use crate::http::problem::{FieldError, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::store::activity::note;

pub struct Note(pub App);

/// What people note. Customers see of it what answers their questions, and nothing else
pub const KINDS: [&str; 7] = ["note", "talk", "call_in", "call_out", "email_in", "email_out", "answer"];

/// Longest text, in characters.
const LONGEST: usize = 20_000;

/// Something to note
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noting {
    /// `note`, `talk` (among colleagues), `call_in`, `call_out`, `email_in`, `email_out`, `answer` (to the
    /// customer, who reads it)
    pub kind: String,
    pub text: String,
    /// Roles it is for; left out: all staff
    #[oai(default)]
    #[serde(default)]
    pub seen_by: Vec<String>,
    /// Sign-in names of colleagues it calls
    #[oai(default)]
    #[serde(default)]
    pub mentions: Vec<String>,
}

/// What was noted
#[derive(Debug, Object)]
pub struct Noted {
    id: i64,
}

#[OpenApi(tag = "Tag::Tickets")]
impl Note {
    /// Notes something about a ticket
    ///
    /// It is never changed: what was wrong is said again. 422: no text, or somebody it names does not exist.
    #[oai(path = "/tickets/:code/activities", method = "post")]
    pub async fn note(
        &self,
        who: SignedIn,
        code: Path<String>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Noting>,
    ) -> Result<Made<Noted>, Problem> {
        who.may(&self.0, Permission::TicketsRead)?;
        let ticket = find(&self.0, &who, &code.0).await?;
        let key = once_key.request(&who.caller, &body.hash);
        let noting = self.sound(body.value).await?;
        let row = activity::Model {
            id: 0,
            ticket: ticket.code,
            kind: noting.kind,
            text: noting.text.trim().to_owned(),
            seen_by: noting.seen_by.join(" "),
            mentions: noting.mentions.join(" "),
            actor: who.caller.name.clone(),
            at: self.0.clock.now(),
        };
        once(&self.0, key, move |tx| {
            Box::pin(async move { Ok::<_, Stop>(Made::new(&Noted { id: note(tx, row).await? })) })
        })
        .await
    }
}

impl Note {
    async fn sound(&self, noting: Noting) -> Result<Noting, Problem> {
        let mut wrong = Vec::new();
        if !KINDS.contains(&noting.kind.as_str()) {
            let why = Text::why("why-one-of", vec![("words", KINDS.join(", "))]);
            wrong.push(FieldError::invalid("kind", why));
        }
        wrong.extend(text("text", &noting.text, LONGEST));
        let version = self.0.catalog.current();
        for role in noting.seen_by.iter().filter(|role| version.library().roles.get(role).is_none()) {
            wrong.push(FieldError::new(
                "seen_by",
                "field-not-found",
                vec![("what", "role".to_owned()), ("key", role.clone())],
            ));
        }
        for name in &noting.mentions {
            wrong.extend(user(&self.0, "mentions", name).await?);
        }
        if wrong.is_empty() { Ok(noting) } else { Err(Problem::fields(wrong)) }
    }
}

/// A text that says something, and not too much.
pub fn text(field: &str, text: &str, longest: usize) -> Option<FieldError> {
    let length = text.trim().chars().count();
    let why = || Text::why("why-length", vec![("most", longest.to_string())]);
    (length == 0 || length > longest).then(|| FieldError::invalid(field, why()))
}

/// The name of a user who is there.
pub async fn user(app: &App, field: &str, name: &str) -> Result<Option<FieldError>, Problem> {
    let is_there = app.store.is_user(name, None).await?;
    Ok((!is_there).then(|| no_user(field)))
}

pub fn no_user(field: &str) -> FieldError {
    FieldError::new(field, "field-not-found", vec![("what", "user".to_owned())])
}

/// Names that stand with spaces between.
pub fn words(text: &str) -> Vec<String> {
    text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
