//! Papers of a voucher: put beside it at any time, never changed or removed.

use aftercare_engine::definition::messages::Permission;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use poem::http::StatusCode;
use poem_openapi::param::Path;
use poem_openapi::payload::{Attachment as Download, AttachmentType};
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Deserialize;

use super::show::find;
use crate::app::App;
use crate::entity::attachment;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{FieldError, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::store::chain;
use crate::store::voucher::entry::{self, Paper};

/// Longest name, in characters.
const LONGEST: usize = 200;

pub struct Attachments(pub App);

/// A paper to attach
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
struct Attaching {
    /// File name
    name: String,
    /// Such as `application/pdf`
    media_type: String,
    /// The bytes, in base64
    content: String,
}

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

/// The bytes
#[derive(ApiResponse)]
enum Bytes {
    #[oai(status = 200)]
    File(Download<Vec<u8>>),
}

#[OpenApi(tag = "Tag::Books")]
impl Attachments {
    /// Attaches a paper to a voucher
    ///
    /// Also to a final one: the voucher itself does not change. 422: the name is empty or the content is no base64.
    #[oai(path = "/vouchers/:reference/attachments", method = "post")]
    async fn attach(
        &self,
        who: SignedIn,
        reference: Path<i64>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Attaching>,
    ) -> Result<Answer<Attached>, Problem> {
        let voucher = find(&self.0, &who, Permission::VouchersWrite, reference.0).await?.reference;
        let key = once_key.request(&who.caller, &body.hash);
        let row = row(body.value, voucher, &who.caller.name, self.0.clock.now())?;
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
                made.id = entry::attach(tx, row).await?;
                Ok::<_, Stop>(Answer::new(StatusCode::CREATED, &made))
            })
        })
        .await
    }

    /// A paper of a voucher
    #[oai(path = "/vouchers/:reference/attachments/:id", method = "get")]
    async fn download(&self, who: SignedIn, reference: Path<i64>, id: Path<i64>) -> Result<Bytes, Problem> {
        let voucher = find(&self.0, &who, Permission::VouchersRead, reference.0).await?.reference;
        let found = self.0.store.paper(voucher, id.0).await?;
        let found = found.ok_or_else(|| Problem::not_found("attachment", id.0.to_string()))?;
        // Never shown in place: what a stranger has sent must not run in our pages.
        let file = Download::new(found.body).attachment_type(AttachmentType::Attachment).filename(found.name);
        Ok(Bytes::File(file))
    }
}

fn row(given: Attaching, voucher: i64, who: &str, at: DateTime<Utc>) -> Result<attachment::Model, Problem> {
    let wrong = |field: &str, why| Problem::fields(vec![FieldError::invalid(field, why)]);
    let name = given.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(char::is_control) {
        return Err(wrong("name", Text::why("why-length", vec![("most", LONGEST.to_string())])));
    }
    let body = STANDARD
        .decode(given.content.trim())
        .map_err(|_| wrong("content", Text::why("why-base64", vec![])))?;
    Ok(attachment::Model {
        id: 0,
        voucher,
        name: name.to_owned(),
        media_type: given.media_type,
        size: i64::try_from(body.len()).unwrap_or(i64::MAX),
        hash: chain::hash_bytes(&body),
        body,
        actor: who.to_owned(),
        at,
    })
}
