//! Asks providers about payments from which nobody has come back.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::rest;
use crate::app::App;
use crate::gateway::payment::Payments;
use crate::pay::settle::late;

const PAUSE: Duration = Duration::from_secs(300);

pub(super) async fn run(app: App, stop: CancellationToken) {
    // Wrong settings end the server before it serves.
    let payments = Payments::open(&app.config.gateways).unwrap_or_default();
    loop {
        if let Err(error) = late(&app, &payments).await {
            tracing::warn!(%error, "open payments cannot be looked at");
        }
        if rest(&stop, PAUSE).await {
            return;
        }
    }
}
