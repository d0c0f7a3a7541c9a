//! The papers of the demo: a sheet with lines on it, which stands for what somebody has filled in by hand.

use chrono::{DateTime, Utc};
use image::codecs::png::PngEncoder;
use image::{GrayImage, Luma};

use crate::app::App;
use crate::entity::ticket_file;
use crate::store::{StoreError, chain, file};
use crate::upload::clean;

/// Width and height of a sheet, and the distance of its lines.
const SIZE: (u32, u32) = (420, 594);
const LINE: u32 = 33;

/// Puts a sheet of this kind to a ticket.
pub(super) async fn attach(
    app: &App,
    ticket: &str,
    kind: &str,
    who: (&str, Option<String>),
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(sheet) = sheet() else { return Ok(()) };
    let Ok(clean) = clean(&format!("{kind}.png"), sheet) else { return Ok(()) };
    let row = ticket_file::Model {
        id: 0,
        ticket: ticket.to_owned(),
        kind: kind.to_owned(),
        seen_by: "agency".to_owned(),
        name: clean.name,
        media_type: clean.media_type.to_owned(),
        size: i64::try_from(clean.body.len()).unwrap_or(i64::MAX),
        hash: chain::hash_bytes(&clean.body),
        body: clean.body,
        thumbnail: clean.thumbnail,
        actor: who.0.to_owned(),
        agency: who.1,
        at,
        original: None,
    };
    app.store
        .write::<_, StoreError, _>(move |tx| {
            Box::pin(async move { file::keep(tx, row, u64::MAX).await.map(drop) })
        })
        .await
}

/// A white page with grey lines, as PNG.
fn sheet() -> Option<Vec<u8>> {
    let (width, height) = SIZE;
    let page = GrayImage::from_fn(width, height, |x, y| {
        let is_margin = x < LINE || x + LINE > width || y < LINE;
        Luma([if !is_margin && y % LINE == 0 { 120 } else { 250 }])
    });
    let mut bytes = Vec::new();
    page.write_with_encoder(PngEncoder::new(&mut bytes)).ok()?;
    Some(bytes)
}
