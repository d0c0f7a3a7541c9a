//! `aftercare serve`: the server with its workers, until it is told to stop.

use std::net::TcpListener;
use std::sync::Arc;

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::{Exit, Failure, demo, open, print};
use crate::config::Settings;
use crate::gateway::Gateways;
use crate::http;
use crate::telemetry::{self, metrics::Metrics};
use crate::worker;

/// Serve the API and the pages, and run the workers (the default)
#[derive(Args, Debug)]
pub struct Serve {
    #[command(flatten)]
    pub settings: Settings,
}

impl Serve {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        telemetry::start(&config.log);
        let runtime = open::runtime()?;
        // The port first: who cannot have it should not touch the data.
        let socket = TcpListener::bind(config.listen).map_err(|error| {
            Failure::environment(format!("{} cannot be listened on: {error}", config.listen))
        })?;
        let address = socket.local_addr().map_err(Failure::environment)?;
        runtime.block_on(async {
            let app = open::app(config).await?;
            open::put_into_service(&app).await?;
            if app.config.demo && crate::demo::is_empty(&app).await.map_err(Failure::environment)? {
                demo::fill(&app, crate::demo::SEED).await?;
            }
            if app.config.demo {
                demo::sign_ins(&app);
            }
            print::line(format!("Aftercare listens on http://{address}  (API: http://{address}/api)"));
            let gateways = Gateways::open(&app.config.gateways).map_err(Failure::environment)?;
            let stop = CancellationToken::new();
            let workers = tokio::spawn(worker::run(app.clone(), gateways, stop.clone()));
            let metrics = Arc::new(Metrics::default());
            let served = http::serve(&app, &metrics, socket, stopped()).await;
            stop.cancel();
            // What a worker has in hand is finished and noted before the process ends.
            workers.await.map_err(Failure::environment)?;
            served.map_err(Failure::environment).map(|()| Exit::Fine)
        })
    }
}

/// Done when the process is asked to end.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Without a handler the default action ends the process, which is what was asked for.
    drop(interrupted.await);
}
