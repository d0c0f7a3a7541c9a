//! For whoever watches the server: is it there, can it work, what has it done.

use std::sync::Arc;
use std::time::Duration;

use poem::http::{StatusCode, header};
use poem::{Addr, Endpoint, Request, Response, Result};

use super::problem::{Kind, Problem};
use super::signed_in;
use crate::app::App;
use crate::telemetry::metrics::Metrics;

/// Headers by which proxies say for whom they ask.
const PASSED_ON: [&str; 4] = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];
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
/// they run in. It tells how the house works, so it is there for known addresses alone.
pub struct Measured(pub App, pub Arc<Metrics>);

impl Endpoint for Measured {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        if !may_measure(&self.0, &request) {
            return Err(Problem::new(Kind::NotFound, "detail-route", vec![]).into());
        }
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

/// Whether a request comes from where metrics are read. What a proxy that we do not know has passed on comes from
/// anywhere, though the proxy itself stands near.
fn may_measure(app: &App, request: &Request) -> bool {
    let Addr::SocketAddr(peer) = &request.remote_addr().0 else { return false };
    let is_passed_on = PASSED_ON.iter().any(|name| request.headers().contains_key(*name));
    let is_ours = app.config.trusted_proxies.contains(&peer.ip().to_canonical());
    let client = signed_in::address(app, request);
    client.is_some_and(|client| app.config.metrics_from.contains(&client)) && (!is_passed_on || is_ours)
}
