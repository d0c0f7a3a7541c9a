//! Takes up the definitions that another process has put into service.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{TROUBLE, rest};
use crate::app::App;

/// How long another process's definitions may stay unseen.
const GLANCE: Duration = Duration::from_secs(1);

pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        let pause = match app.catalog.follow().await {
            Ok(false) => GLANCE,
            Ok(true) => {
                let version = app.catalog.current();
                tracing::info!(bundle.hash = %version.hash(), "Took up bundle {}", version.hash());
                GLANCE
            }
            Err(error) => {
                tracing::warn!(%error, "the definitions in service cannot be read");
                TROUBLE
            }
        };
        if rest(&stop, pause).await {
            return;
        }
    }
}
