//! Files of a ticket: pictures before and after, papers of a claim, letters. Kept as they came, never changed.

use aftercare_engine::facts::words;
use chrono::{DateTime, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::find;
use crate::app::App;
use crate::auth::Scope;
use crate::entity::ticket_file;
use crate::http::api::Tag;
use crate::http::body::Bytes;
use crate::http::file::{Handed, cleaned, too_many};
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Made, Stop, once};
use crate::http::problem::{Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::store::chain;
use crate::store::file::{FileLine, keep};
use crate::upload::Clean;

/// Most files of a ticket.
const MOST: u64 = 20;
pub const READERS: [&str; 3] = ["staff", "agency", "customer"];

pub struct Files(pub App);

/// A file of a ticket
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct File {
    pub id: i64,
    /// `photo_initial`, `photo`, `signature`, `job_sheet`, `card`, `receipt`, `claim`, `letter`, `other`
    pub kind: String,
    /// `staff`, `agency` (and staff), `customer` (and everybody)
    pub seen_by: String,
    pub name: String,
    /// `image/jpeg`, `image/png` or `application/pdf`
    pub media_type: String,
    /// Bytes
    pub size: i64,
    /// SHA-256 of the bytes
    pub hash: String,
    pub by: String,
    pub at: DateTime<Utc>,
    /// The picture of the same ticket that this one was drawn on
    pub of: Option<i64>,
}

impl From<FileLine> for File {
    fn from(row: FileLine) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            seen_by: row.seen_by,
            name: row.name,
            media_type: row.media_type,
            size: row.size,
            hash: row.hash,
            by: row.actor,
            at: row.at,
            of: row.original,
        }
    }
}

#[OpenApi(tag = "Tag::Tickets")]
impl Files {
    /// Files of a ticket, those that you may see
    #[oai(path = "/tickets/:code/files", method = "get")]
    async fn list(&self, who: SignedIn, code: Path<String>) -> Result<Json<Vec<File>>, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        let files = self.0.store.files_of(&row.code, &who.scope(&self.0)).await?;
        Ok(Json(files.into_iter().map(File::from).collect()))
    }

    /// A file of a ticket
    #[oai(path = "/tickets/:code/files/:id", method = "get")]
    async fn download(
        &self,
        who: SignedIn,
        code: Path<String>,
        id: Path<i64>,
        /// The small picture of a picture
        small: Query<Option<bool>>,
    ) -> Result<Handed, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        let found = self.0.store.file(&row.code, id.0, &who.scope(&self.0)).await?;
        let found = found.ok_or_else(|| Problem::not_found("file", id.0.to_string()))?;
        let is_small = small.0.unwrap_or_default();
        Ok(Handed::or_small(is_small, found.thumbnail, found.name, found.media_type, found.body))
    }

    /// Puts a file to a ticket
    ///
    /// The body is the file itself: JPEG, PNG, WebP or PDF, at most 10 MiB, 20 to a ticket. Pictures are drawn anew, so
    /// that only their pixels are kept. What people outside send, they see themselves.
    #[oai(path = "/tickets/:code/files", method = "post")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the query")]
    pub async fn add(
        &self,
        who: SignedIn,
        code: Path<String>,
        /// File name
        name: Query<String>,
        /// `photo_initial`, `photo`, `signature`, `job_sheet`, `card`, `receipt`, `claim`, `letter`, `other`; `other` if left out
        kind: Query<Option<String>>,
        /// `staff` if left out, `agency` (and staff), `customer` (and everybody)
        seen_by: Query<Option<String>>,
        /// Number of the picture that this one was drawn on
        of: Query<Option<i64>>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Bytes,
    ) -> Result<Made<File>, Problem> {
        let ticket = find(&self.0, &who, &code.0).await?;
        let key = once_key.request(&who.caller, &body.hash);
        let kind = one_of("kind", kind.0.unwrap_or_else(|| "other".into()), words::FILE_KINDS)?;
        let seen_by = match who.scope(&self.0) {
            Scope::Agency(_) => "agency".to_owned(),
            Scope::Customer(_) => "customer".to_owned(),
            _ => one_of("seen_by", seen_by.0.unwrap_or_else(|| "staff".into()), &READERS)?,
        };
        if let Some(of) = of.0
            && !(self.0.store.is_picture(&ticket.code, of).await?
                && self.0.store.file(&ticket.code, of, &who.scope(&self.0)).await?.is_some())
        {
            return Err(Problem::not_found("file", of.to_string()));
        }
        let Clean { name, media_type, body, thumbnail } = cleaned(name.0, body.value).await?;
        let line = FileLine {
            id: 0,
            kind,
            seen_by,
            name,
            media_type: media_type.to_owned(),
            size: i64::try_from(body.len()).unwrap_or(i64::MAX),
            hash: chain::hash_bytes(&body),
            actor: who.caller.name.clone(),
            at: self.0.clock.now(),
            original: of.0,
        };
        let home = ticket.code.clone();
        let row = row(ticket.code, &line, who.caller.agency.clone(), body, thumbnail);
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                let Some(id) = keep(tx, row, MOST).await? else {
                    return Err(too_many(MOST).into());
                };
                Ok::<_, Stop>(Made::new(&File { id, ..File::from(line) }))
            })
        })
        .await
        .map(|made| {
            made.at(|json| Some(vec!["tickets".into(), home, "files".into(), json["id"].to_string()]))
        })
    }
}

fn row(
    ticket: String,
    line: &FileLine,
    agency: Option<String>,
    body: Vec<u8>,
    thumbnail: Option<Vec<u8>>,
) -> ticket_file::Model {
    let line = line.clone();
    ticket_file::Model {
        id: 0,
        ticket,
        kind: line.kind,
        seen_by: line.seen_by,
        name: line.name,
        media_type: line.media_type,
        size: line.size,
        hash: line.hash,
        body,
        thumbnail,
        actor: line.actor,
        agency,
        at: line.at,
        original: line.original,
    }
}

fn one_of(field: &str, value: String, all: &[&str]) -> Result<String, Problem> {
    if all.contains(&value.as_str()) {
        return Ok(value);
    }
    Err(Problem::parameter(field, Text::why("why-one-of", vec![("words", all.join(", "))])))
}
