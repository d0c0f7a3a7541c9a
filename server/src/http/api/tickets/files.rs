//! Files of a ticket: pictures before and after, papers of a claim, letters. Kept as they came, never changed.

use std::sync::{Arc, LazyLock};

use aftercare_engine::facts::words;
use chrono::{DateTime, Utc};
use poem::http::StatusCode;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Attachment as Download, AttachmentType, Json};
use poem_openapi::{ApiResponse, Object, OpenApi};
use tokio::sync::Semaphore;

use super::find;
use crate::app::App;
use crate::auth::Scope;
use crate::entity::ticket_file;
use crate::http::api::Tag;
use crate::http::body::Bytes;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{FieldError, Kind, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::store::chain;
use crate::store::file::{FileLine, keep};
use crate::upload::{self, Clean, Unfit};

/// Most files of a ticket.
const MOST: u64 = 20;
pub const READERS: [&str; 3] = ["staff", "agency", "customer"];

/// How many pictures are drawn anew at once: it takes a core each and much memory.
static DRAWING: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));

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

/// The bytes
#[derive(ApiResponse)]
enum Found {
    #[oai(status = 200)]
    File(Download<Vec<u8>>, #[oai(header = "Content-Type")] String),
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
    ) -> Result<Found, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        let found = self.0.store.file(&row.code, id.0, &who.scope(&self.0)).await?;
        let found = found.ok_or_else(|| Problem::not_found("file", id.0.to_string()))?;
        let (body, media_type) = match found.thumbnail {
            Some(thumbnail) if small.0.unwrap_or_default() => (thumbnail, "image/jpeg".to_owned()),
            _ => (found.body, found.media_type),
        };
        // Never shown in place: what a stranger has sent must not run in our pages.
        let file = Download::new(body).attachment_type(AttachmentType::Attachment).filename(found.name);
        Ok(Found::File(file, media_type))
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
    ) -> Result<Answer<File>, Problem> {
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
        let row = row(ticket.code, &line, who.caller.agency.clone(), body, thumbnail);
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                let Some(id) = keep(tx, row, MOST).await? else {
                    let most = vec![("most", MOST.to_string())];
                    return Err(Problem::new(Kind::Conflict, "detail-too-many-files", most).into());
                };
                Ok::<_, Stop>(Answer::new(StatusCode::CREATED, &File { id, ..File::from(line) }))
            })
        })
        .await
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

/// The file made fit to be kept, on a thread of its own.
pub async fn cleaned(name: String, body: Vec<u8>) -> Result<Clean, Problem> {
    let permit = Arc::clone(&DRAWING).acquire_owned().await.map_err(|_| Problem::unavailable())?;
    // The turn ends with the work: whoever sent it may have gone long before.
    let done = tokio::task::spawn_blocking(move || {
        let clean = upload::clean(&name, body);
        drop(permit);
        clean
    });
    let done = done.await;
    done.map_err(|error| Problem::internal(&error.to_string()))?.map_err(|unfit| {
        let (field, code, values) = match unfit {
            Unfit::Name => ("name", "file-name", vec![]),
            Unfit::Kind => ("body", "file-kind", vec![]),
            Unfit::Ending { of } => ("name", "file-ending", vec![("of", of.to_owned())]),
            Unfit::Pixels => {
                ("body", "file-pixels", vec![("most", (upload::PIXELS / 1_000_000).to_string())])
            }
            Unfit::Size => ("body", "file-size", vec![("most", (upload::BYTES / 1024 / 1024).to_string())]),
            Unfit::Damaged => ("body", "file-damaged", vec![]),
        };
        Problem::fields(vec![FieldError::new(field, code, values)])
    })
}
