//! `aftercare hold`: nothing leaves the house.

use clap::Args;

use super::{Exit, Failure, open, print};
use crate::config::Settings;

/// Let no message and no call leave the house, until `aftercare release`
///
/// For a store that was restored by other tools: run it before anything is started. `aftercare restore` does it itself.
#[derive(Args, Debug)]
pub struct Hold {
    #[command(flatten)]
    settings: Settings,
}

impl Hold {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        open::runtime()?.block_on(async {
            let app = open::existing(config).await?;
            app.store.hold_outbox(app.clock.now()).await.map_err(Failure::environment)?;
            print::line("nothing leaves the house until `aftercare release`");
            Ok(Exit::Fine)
        })
    }
}
