//! The HTTP face of the server: every request passes the edge, then finds its route here.

pub mod access;
pub mod api;
pub mod body;
pub mod edge;
pub mod file;
mod health;
pub mod hidden;
pub mod idempotency_key;
pub mod listen;
pub mod notice;
pub mod once;
pub mod pages;
pub mod password_link;
pub mod portal;
pub mod problem;
pub mod request_id;
mod root;
pub mod shown;
pub mod signed_in;
pub mod visitor;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use poem::listener::TcpAcceptor;
use poem::{Endpoint, EndpointExt, Response, Route, Server, get};

use crate::app::App;
use crate::auth::throttle::Throttle;
use crate::telemetry::metrics::Metrics;

pub use health::is_ready;

/// How long open requests may take to end when the server stops.
const FAREWELL: Duration = Duration::from_secs(10);

/// All routes behind the edge.
pub fn endpoint(app: &App, metrics: &Arc<Metrics>) -> impl Endpoint<Output = Response> + use<> {
    let throttle = Arc::new(Throttle::default());
    let api = api::service(app, Arc::clone(&throttle));
    let routes = Route::new()
        .at("/healthz", get(poem::endpoint::make_sync(|_| "ok\n")))
        .at("/readyz", get(health::Ready(app.clone())))
        .at("/metrics", get(health::Measured(app.clone(), Arc::clone(metrics))))
        .nest("/api", root::ApiRoot::new(api))
        .nest_no_strip("/", pages::routes(app, &throttle));
    edge::Edge::new(routes.map_to_response(), app.clone(), Arc::clone(metrics))
}

/// Serves on a bound socket until `stop` is done, then lets open requests end.
pub async fn serve(
    app: &App,
    metrics: &Arc<Metrics>,
    socket: std::net::TcpListener,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    socket.set_nonblocking(true)?;
    let acceptor = TcpAcceptor::from_std(socket)?;
    Server::new_with_acceptor(listen::Watched::new(acceptor, &app.config.limits))
        .name("aftercare")
        .idle_timeout(Duration::from_secs(120))
        .run_with_graceful_shutdown(endpoint(app, metrics), stop, Some(FAREWELL))
        .await
}
