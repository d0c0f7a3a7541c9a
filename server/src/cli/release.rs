//! `aftercare release`: what was held leaves the house.

use clap::Args;

use super::{Exit, Failure, open, print};
use crate::config::Settings;

/// Let messages and calls leave the house again after `restore` or `hold`
#[derive(Args, Debug)]
pub struct Release {
    /// Not what was waiting when it was held: it is marked as dead, and can be sent one by one on the page of messages
    #[arg(long)]
    discard: bool,
    #[command(flatten)]
    settings: Settings,
}

impl Release {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        open::runtime()?.block_on(async {
            let app = open::existing(config).await?;
            if app.store.outbox_held_since().await.map_err(Failure::environment)?.is_none() {
                print::line("nothing is held");
                return Ok(Exit::Fine);
            }
            let discarded = app.store.release_outbox(self.discard).await.map_err(Failure::environment)?;
            print::line(match discarded {
                0 => "released".to_owned(),
                count => format!("released; {count} that had waited are not sent"),
            });
            Ok(Exit::Fine)
        })
    }
}
