//! A file in the body of a request: counted while it arrives, and put on the disk, not into memory.

use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;
use std::time::Duration;

use poem::{Request, RequestBody, Result};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;

use crate::app::App;
use crate::exchange::source::Source;
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::register::find;

/// Most bytes of a file.
const BYTES: u64 = 128 * 1024 * 1024;
/// Longest that it may take to arrive.
pub const ARRIVAL: Duration = Duration::from_secs(300);
/// What a file is said to be.
const KINDS: [&str; 3] =
    ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/plain"];

/// A file that has arrived.
pub struct Upload {
    pub source: Source,
    /// SHA-256.
    pub hash: String,
}

/// Whether the body is said to be a file of a kind that another site's form cannot send.
pub fn is_sheet(request: &Request) -> bool {
    let kind = request.content_type().unwrap_or_default();
    KINDS.iter().take(2).any(|known| kind.starts_with(known))
}

impl<'a> ApiExtractor<'a> for Upload {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    const PARAM_IS_REQUIRED: bool = true;
    type ParamType = ();
    type ParamRawType = ();

    fn register(_: &mut Registry) {}

    fn request_meta() -> Option<MetaRequest> {
        let file = || MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary")));
        let content = KINDS.map(|content_type| MetaMediaType { content_type, schema: file() });
        Some(MetaRequest { description: None, content: content.into(), required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> Result<Self> {
        let kind = request.content_type().unwrap_or_default().to_owned();
        let wrong_kind = || Problem::new(Kind::MediaType, "detail-file-type", vec![]);
        if !KINDS.iter().any(|known| kind.starts_with(known)) {
            return Err(wrong_kind().into());
        }
        // Before a byte of it is written: may whoever sends it change this register at all?
        let who = SignedIn::of(request)?;
        let register = request.original_uri().path().rsplit('/').next().and_then(find);
        if let (Some(app), Some(register)) = (request.data::<App>(), register) {
            who.may(app, register.write)?;
        }
        let body = body.take().map_err(|_| wrong_kind())?;
        match tokio::time::timeout(ARRIVAL, arrive(body)).await {
            Ok(upload) => Ok(upload?),
            Err(_) => Err(Problem::new(Kind::Invalid, "detail-slow", vec![]).into()),
        }
    }
}

async fn arrive(body: poem::Body) -> Result<Upload, Problem> {
    let failed = |error: std::io::Error| Problem::internal(&error);
    let mut file = tempfile::tempfile().map_err(failed)?;
    let (mut reader, mut hash, mut bytes) = (body.into_async_read(), Sha256::new(), 0_u64);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = reader.read(&mut buffer).await;
        let read = read.map_err(|_| Problem::new(Kind::Invalid, "detail-slow", vec![]))?;
        let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
        bytes += piece.len() as u64;
        if bytes > BYTES {
            return Err(Problem::new(Kind::TooLarge, "detail-too-large", vec![("limit", BYTES.to_string())]));
        }
        hash.update(piece);
        file.write_all(piece).map_err(failed)?;
    }
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Upload { source: Source { file: Arc::new(file), bytes, name: String::new() }, hash })
}
