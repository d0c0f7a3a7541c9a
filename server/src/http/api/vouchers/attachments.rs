//! Papers of a voucher: put beside it at any time, never changed or removed.

use aftercare_engine::definition::messages::Permission;
use chrono::{DateTime, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};

use super::show::find;
use crate::app::App;
use crate::entity::attachment;
use crate::http::api::Tag;
use crate::http::body::Bytes;
use crate::http::file::{Handed, cleaned, too_many};
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Made, Stop, once};
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::store::chain;
use crate::store::voucher::entry::{self, Paper};
use crate::upload::{self, Clean};

/// Most papers of a voucher.
const MOST: u64 = 50;

pub struct Attachments(pub App);

/// A paper of a voucher
#[derive(Debug, Object)]
pub struct Attached {
    pub id: i64,
    pub name: String,
    pub media_type: String,
    /// Bytes
    pub size: i64,
    /// SHA-256 of the bytes
    pub hash: String,
    pub by: String,
    pub at: DateTime<Utc>,
}

impl From<Paper> for Attached {
    fn from(paper: Paper) -> Self {
        Self {
            id: paper.id,
            name: paper.name,
            media_type: paper.media_type,
            size: paper.size,
            hash: paper.hash,
            by: paper.actor,
            at: paper.at,
        }
    }
}

#[OpenApi(tag = "Tag::Books")]
impl Attachments {
    /// Attaches a paper to a voucher
    ///
    /// The body is the file itself: JPEG, PNG, WebP or PDF, at most 10 MiB, 50 to a voucher. Also to a final one: the
    /// voucher itself does not change.
    #[oai(path = "/vouchers/:reference/attachments", method = "post")]
    async fn attach(
        &self,
        who: SignedIn,
        reference: Path<i64>,
        /// File name
        name: Query<String>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Bytes,
    ) -> Result<Made<Attached>, Problem> {
        let voucher = find(&self.0, &who, Permission::VouchersWrite, reference.0).await?.reference;
        let key = once_key.request(&who.caller, &body.hash);
        let Clean { name, media_type, body, .. } = cleaned(name.0, body.value).await?;
        let row = attachment::Model {
            id: 0,
            voucher,
            name,
            media_type: media_type.to_owned(),
            size: i64::try_from(body.len()).unwrap_or(i64::MAX),
            hash: chain::hash_bytes(&body),
            body,
            actor: who.caller.name.clone(),
            at: self.0.clock.now(),
        };
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                let mut made = Attached {
                    id: 0,
                    name: row.name.clone(),
                    media_type: row.media_type.clone(),
                    size: row.size,
                    hash: row.hash.clone(),
                    by: row.actor.clone(),
                    at: row.at,
                };
                let Some(id) = entry::attach(tx, row, MOST).await? else {
                    return Err(too_many(MOST).into());
                };
                made.id = id;
                Ok::<_, Stop>(Made::new(&made))
            })
        })
        .await
        .map(|made| {
            made.at(|json| {
                let (voucher, id) = (voucher.to_string(), json["id"].to_string());
                Some(vec!["vouchers".into(), voucher, "attachments".into(), id])
            })
        })
    }

    /// A paper of a voucher
    #[oai(path = "/vouchers/:reference/attachments/:id", method = "get")]
    async fn download(&self, who: SignedIn, reference: Path<i64>, id: Path<i64>) -> Result<Handed, Problem> {
        let voucher = find(&self.0, &who, Permission::VouchersRead, reference.0).await?.reference;
        let found = self.0.store.paper(voucher, id.0).await?;
        let found = found.ok_or_else(|| Problem::not_found("attachment", id.0.to_string()))?;
        // What was kept before papers were looked at may call itself anything.
        let media_type = Some(found.media_type).filter(|known| upload::TYPES.contains(&known.as_str()));
        let media_type = media_type.unwrap_or_else(|| "application/octet-stream".into());
        Ok(Handed::out(found.name, media_type, found.body))
    }
}
