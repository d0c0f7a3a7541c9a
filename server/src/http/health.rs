//! For whoever watches the server: is it there, can it work, what has it done.

use std::sync::Arc;
use std::time::Duration;

use poem::http::{StatusCode, header};
use poem::{Endpoint, Request, Response, Result};
use sea_orm::{ConnectionTrait, Statement};

use crate::app::App;
use crate::telemetry::metrics::Metrics;

/// Longest wait for the database before we call ourselves not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// `/readyz`: the database answers and definitions are in service.
pub struct Ready(pub App);

impl Endpoint for Ready {
    type Output = Response;

    async fn call(&self, _: Request) -> Result<Response> {
        let db = self.0.store.reader();
        let question = Statement::from_string(db.get_database_backend(), "SELECT 1");
        let answer = tokio::time::timeout(PATIENCE, db.query_one_raw(question)).await;
        let (status, text) = match answer {
            Ok(Ok(_)) => (StatusCode::OK, "ready\n"),
            _ => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
        };
        Ok(Response::builder().status(status).body(text))
    }
}

/// `/metrics`: Prometheus text.
pub struct Measured(pub Arc<Metrics>);

impl Endpoint for Measured {
    type Output = Response;

    async fn call(&self, _: Request) -> Result<Response> {
        let kind = "text/plain; version=0.0.4; charset=utf-8";
        Ok(Response::builder().header(header::CONTENT_TYPE, kind).body(self.0.render()))
    }
}
