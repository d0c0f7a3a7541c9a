//! Papers and pictures of a register's entries: whoever of the house reads the entry reads them, whoever writes it adds.

use chrono::{DateTime, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::list::in_reach;
use super::show::find;
use crate::app::App;
use crate::entity::register_file;
use crate::http::api::Tag;
use crate::http::api::tickets::is_outside;
use crate::http::body::Bytes;
use crate::http::file::{Handed, cleaned, too_many};
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Made, Stop, once};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::register::{self, Register};
use crate::store::chain;
use crate::store::register_file::{FileLine, keep};
use crate::upload::Clean;

/// Most files of an entry.
const MOST: u64 = 50;

pub struct Files(pub App);

/// A file of an entry
#[derive(Debug, Object)]
#[oai(rename = "EntryFile")]
pub struct File {
    pub id: i64,
    pub name: String,
    /// `image/jpeg`, `image/png` or `application/pdf`
    pub media_type: String,
    /// Bytes
    pub size: i64,
    /// SHA-256 of the bytes
    pub hash: String,
    pub by: String,
    pub at: DateTime<Utc>,
}

impl From<FileLine> for File {
    fn from(row: FileLine) -> Self {
        let FileLine { id, name, media_type, size, hash, actor, at } = row;
        Self { id, name, media_type, size, hash, by: actor, at }
    }
}

#[OpenApi(tag = "Tag::Registers")]
impl Files {
    /// Files of an entry, oldest first
    ///
    /// For staff who read the register.
    #[oai(path = "/registers/:register/:key/files", method = "get")]
    async fn list(
        &self,
        who: SignedIn,
        register: Path<String>,
        key: Path<String>,
    ) -> Result<Json<Vec<File>>, Problem> {
        self.of(&who, &register.0, &key.0).await.map(Json)
    }

    /// A file of an entry
    #[oai(path = "/registers/:register/:key/files/:id", method = "get")]
    async fn download(
        &self,
        who: SignedIn,
        register: Path<String>,
        key: Path<String>,
        id: Path<i64>,
        /// The small picture of a picture
        small: Query<Option<bool>>,
    ) -> Result<Handed, Problem> {
        let register = self.entry(&who, &register.0, &key.0).await?;
        let found = self.0.store.register_file(register.name, &key.0, id.0).await?;
        let found = found.ok_or_else(|| Problem::not_found("file", id.0.to_string()))?;
        let is_small = small.0.unwrap_or_default();
        Ok(Handed::or_small(is_small, found.thumbnail, found.name, found.media_type, found.body))
    }

    /// Puts a file to an entry
    ///
    /// The body is the file itself: JPEG, PNG, WebP or PDF, at most 10 MiB, 50 to an entry. Pictures are drawn anew, so
    /// that only their pixels are kept.
    #[oai(path = "/registers/:register/:key/files", method = "post")]
    pub async fn add(
        &self,
        who: SignedIn,
        register: Path<String>,
        key: Path<String>,
        /// File name
        name: Query<String>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Bytes,
    ) -> Result<Made<File>, Problem> {
        let register = self.entry(&who, &register.0, &key.0).await?;
        who.may(&self.0, register.write)?;
        let request = once_key.request(&who.caller, &body.hash);
        let Clean { name, media_type, body, thumbnail } = cleaned(name.0, body.value).await?;
        let line = FileLine {
            id: 0,
            name,
            media_type: media_type.to_owned(),
            size: i64::try_from(body.len()).unwrap_or(i64::MAX),
            hash: chain::hash_bytes(&body),
            actor: who.caller.name.clone(),
            at: self.0.clock.now(),
        };
        let home = key.0.clone();
        let row = row(register, key.0, &line, body, thumbnail);
        once(&self.0, request, move |tx| {
            Box::pin(async move {
                let Some(id) = keep(tx, row, MOST).await? else {
                    return Err(too_many(MOST).into());
                };
                Ok::<_, Stop>(Made::new(&File { id, ..File::from(line) }))
            })
        })
        .await
        .map(|made| {
            made.at(|json| {
                let id = json["id"].to_string();
                Some(vec!["registers".into(), register.name.into(), home, "files".into(), id])
            })
        })
    }
}

impl Files {
    /// The files of an entry that the caller may read.
    pub async fn of(&self, who: &SignedIn, register: &str, key: &str) -> Result<Vec<File>, Problem> {
        let register = self.entry(who, register, key).await?;
        let files = self.0.store.register_files(register.name, key).await?;
        Ok(files.into_iter().map(File::from).collect())
    }

    /// The register, if the caller is of the house and reads this entry of it.
    async fn entry(&self, who: &SignedIn, register: &str, key: &str) -> Result<&'static Register, Problem> {
        let register = register::find(register).ok_or_else(|| Problem::not_found("register", register))?;
        in_reach(&self.0, who, register, key).await?;
        if is_outside(&who.scope(&self.0)) {
            return Err(Problem::new(Kind::Forbidden, "detail-staff-only", vec![]));
        }
        find(&self.0, register, key).await?;
        Ok(register)
    }
}

fn row(
    register: &Register,
    entry: String,
    line: &FileLine,
    body: Vec<u8>,
    thumbnail: Option<Vec<u8>>,
) -> register_file::Model {
    let line = line.clone();
    register_file::Model {
        id: 0,
        register: register.name.to_owned(),
        entry,
        name: line.name,
        media_type: line.media_type,
        size: line.size,
        hash: line.hash,
        body,
        thumbnail,
        actor: line.actor,
        at: line.at,
    }
}
