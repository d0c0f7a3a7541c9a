//! Files that people send: made fit to be kept, and handed out again. They are never shown in place: what a stranger
//! has sent must not run in our pages.

use std::sync::{Arc, LazyLock};

use poem_openapi::ApiResponse;
use poem_openapi::payload::{Attachment, AttachmentType};
use tokio::sync::Semaphore;

use crate::http::problem::{FieldError, Kind, Problem};
use crate::upload::{self, Clean, Unfit};

/// How many pictures are drawn anew at once: it takes a core each and much memory.
static DRAWING: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));

/// The bytes
#[derive(ApiResponse)]
pub enum Handed {
    #[oai(status = 200)]
    File(Attachment<Vec<u8>>, #[oai(header = "Content-Type")] String),
}

impl Handed {
    /// A file to be saved under its name.
    pub fn out(name: String, media_type: String, body: Vec<u8>) -> Self {
        let file = Attachment::new(body).attachment_type(AttachmentType::Attachment).filename(name);
        Self::File(file, media_type)
    }

    /// The same; of a picture the small one, if that is asked for.
    pub fn or_small(
        is_small: bool,
        small: Option<Vec<u8>>,
        name: String,
        media_type: String,
        body: Vec<u8>,
    ) -> Self {
        match small.filter(|_| is_small) {
            Some(small) => Self::out(name, "image/jpeg".into(), small),
            None => Self::out(name, media_type, body),
        }
    }
}

/// There are as many already as there may be.
pub fn too_many(most: u64) -> Problem {
    Problem::new(Kind::Conflict, "detail-too-many-files", vec![("most", most.to_string())])
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
    done.map_err(|error| Problem::internal(&error.to_string()))?.map_err(unfit)
}

fn unfit(why: Unfit) -> Problem {
    let (field, code, values) = match why {
        Unfit::Name => ("name", "file-name", vec![]),
        Unfit::Kind => ("body", "file-kind", vec![]),
        Unfit::Ending { of } => ("name", "file-ending", vec![("of", of.to_owned())]),
        Unfit::Pixels => ("body", "file-pixels", vec![("most", (upload::PIXELS / 1_000_000).to_string())]),
        Unfit::Size => ("body", "file-size", vec![("most", (upload::BYTES / 1024 / 1024).to_string())]),
        Unfit::Damaged => ("body", "file-damaged", vec![]),
    };
    Problem::fields(vec![FieldError::new(field, code, values)])
}
