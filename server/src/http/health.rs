//! For whoever watches the server: is it there, can it work, what has it done.

use std::sync::Arc;
use std::time::Duration;

use poem::http::{StatusCode, header};
use poem::{Endpoint, Request, Response, Result};

use crate::app::App;
use crate::telemetry::metrics::Metrics;

/// Longest wait for the database before we call ourselves not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// `/readyz`: the database answers. Definitions are in service before the server listens.
pub struct Ready(pub App);

impl Endpoint for Ready {
    type Output = Response;

    async fn call(&self, _: Request) -> Result<Response> {
        let (status, text) = if is_ready(&self.0).await {
            (StatusCode::OK, "ready\n")
        } else {
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        };
        Ok(Response::builder().status(status).body(text))
    }
}

/// Whether requests can be answered.
pub async fn is_ready(app: &App) -> bool {
    matches!(tokio::time::timeout(PATIENCE, app.store.answers()).await, Ok(Ok(())))
}

/// `/metrics`: Prometheus text. What waits for the workers is counted when somebody asks, whichever process
/// they run in.
pub struct Measured(pub App, pub Arc<Metrics>);

impl Endpoint for Measured {
    type Output = Response;

    async fn call(&self, _: Request) -> Result<Response> {
        let kind = "text/plain; version=0.0.4; charset=utf-8";
        let Self(app, metrics) = self;
        match app.store.backlog(app.clock.now()).await {
            Ok(backlog) => {
                for (what, count) in backlog {
                    metrics.gauge("aftercare_backlog", &[("kind", what)], count);
                }
            }
            Err(error) => tracing::warn!(%error, "the backlog cannot be counted"),
        }
        Ok(Response::builder().header(header::CONTENT_TYPE, kind).body(metrics.render()))
    }
}
