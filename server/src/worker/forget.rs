//! Forgets answers that nobody will ask for again.

use std::time::Duration;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::rest;
use crate::app::App;
use crate::store::StoreError;

/// How long the same request gets the same answer.
pub const KEPT: TimeDelta = TimeDelta::days(7);
const PAUSE: Duration = Duration::from_secs(600);

pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        if let Err(error) = answers(&app).await {
            tracing::warn!(%error, "old answers cannot be forgotten");
        }
        if rest(&stop, PAUSE).await {
            return;
        }
    }
}

/// Forgets the answers of requests that are old enough; how many they were.
pub async fn answers(app: &App) -> Result<u64, StoreError> {
    let before = app.clock.now() - KEPT;
    let mut count = 0;
    loop {
        match app.store.forget_answers(before).await? {
            0 => return Ok(count),
            some => count += some,
        }
    }
}
