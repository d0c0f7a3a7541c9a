//! Seals what is new in the histories, every hour.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::rest;
use crate::app::App;
use crate::history_seal;

const PAUSE: Duration = Duration::from_secs(3_600);

pub(super) async fn run(app: App, stop: CancellationToken) {
    while !rest(&stop, PAUSE).await {
        now(&app).await;
    }
}

/// Without a key nothing is sealed, and whoever runs the server is told each time.
pub(super) async fn now(app: &App) {
    if let Err(error) = history_seal::seal(app).await {
        tracing::warn!("The histories cannot be sealed: {error}");
    }
}
