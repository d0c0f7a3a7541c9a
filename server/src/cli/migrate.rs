//! `aftercare migrate`: brings the database to the schema of this program.

use clap::Args;

use super::{Exit, Failure, open, print};
use crate::config::Settings;

/// Bring the database to the schema of this program, and nothing else
///
/// Serving does the same at its start. Running it again changes nothing.
#[derive(Args, Debug)]
pub struct Migrate {
    #[command(flatten)]
    settings: Settings,
}

impl Migrate {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        open::runtime()?.block_on(async {
            open::app(config).await?;
            print::line("the database has the schema of this program");
            Ok(Exit::Fine)
        })
    }
}
