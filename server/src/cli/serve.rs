//! `aftercare serve`: the server with its workers, until it is told to stop.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::{Exit, Failure, demo, open, print, registers, stop};
use crate::app::App;
use crate::config::{Settings, weak};
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
        weak::refuse(&config).map_err(Failure::environment)?;
        telemetry::start(&config.log);
        let runtime = open::runtime()?;
        // The port first: who cannot have it should not touch the data.
        let socket = TcpListener::bind(config.listen).map_err(|error| {
            Failure::environment(format!("{} cannot be listened on: {error}", config.listen))
        })?;
        runtime.block_on(async {
            let app = open::app(config).await?;
            open::put_into_service(&app).await?;
            if app.config.demo && crate::demo::is_empty(&app).await.map_err(Failure::environment)? {
                demo::fill(&app, crate::demo::SEED, crate::demo::TICKETS).await?;
            }
            let locale = registers::locale(&app);
            app.store.fill_search(&locale).await.map_err(Failure::environment)?;
            serve(&app, socket).await
        })
    }
}

async fn serve(app: &App, socket: TcpListener) -> Result<Exit, Failure> {
    let gateways = Gateways::open(&app.config.gateways).map_err(Failure::environment)?;
    let address = socket.local_addr().map_err(Failure::environment)?;
    if !http::is_ready(app).await {
        return Err(Failure::environment("the database does not answer"));
    }
    let stop = CancellationToken::new();
    stop::when_asked(&stop);
    let workers = tokio::spawn(worker::run(app.clone(), gateways, stop.clone()));
    // The socket listens already: whoever reads this and comes at once waits for a moment at most.
    announce(app, address);
    let metrics = Arc::new(Metrics::default());
    let served = http::serve(app, &metrics, socket, stop.clone().cancelled_owned()).await;
    stop.cancel();
    // What a worker has in hand is finished and noted before the process ends.
    workers.await.map_err(Failure::environment)?;
    served.map_err(Failure::environment).map(|()| Exit::Fine)
}

/// Where we are reached and, in a demo, by whom.
fn announce(app: &App, address: SocketAddr) {
    let who = if app.config.demo { demo::sign_ins(app) } else { String::new() };
    print::notice(&format!(
        "Aftercare is ready.\n\n  Address   http://{address}\n  API       http://{address}/api\n{who}\nCtrl-C ends it.\n"
    ));
}
