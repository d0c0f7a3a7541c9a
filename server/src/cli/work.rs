//! `aftercare work`: the workers without the server, beside one or more that serve.

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::{Exit, Failure, open, print, stop};
use crate::config::{Settings, weak};
use crate::gateway::Gateways;
use crate::telemetry;
use crate::worker;

/// Run the workers only: deliver messages and fire timers, until told to stop
///
/// Any number may run beside servers on the same database; what one has in hand, no other touches.
#[derive(Args, Debug)]
pub struct Work {
    #[command(flatten)]
    settings: Settings,
}

impl Work {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        weak::refuse(&config).map_err(Failure::environment)?;
        telemetry::start(&config.log);
        open::runtime()?.block_on(async {
            let app = open::app(config).await?;
            let gateways = Gateways::open(&app.config.gateways).map_err(Failure::environment)?;
            let stop = CancellationToken::new();
            stop::when_asked(&stop);
            print::notice("The workers run; Ctrl-C ends them\n");
            worker::run(app, gateways, stop).await;
            Ok(Exit::Fine)
        })
    }
}
