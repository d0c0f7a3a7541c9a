//! `aftercare restore`: a backup into an empty data folder.

use std::path::PathBuf;

use clap::Args;

use super::{Exit, Failure, open, print};
use crate::backup;
use crate::clock::{Clock, SystemClock};
use crate::config::Settings;

/// Bring a backup back into an empty data folder
///
/// Nothing leaves the house until `aftercare release`: what waited when the backup was made may have been sent since.
/// Everybody signs in anew. Put `seal.key` beside the store, then run `aftercare verify`.
#[derive(Args, Debug)]
pub struct Restore {
    /// Folder that `aftercare backup` has made
    folder: PathBuf,
    #[command(flatten)]
    settings: Settings,
}

impl Restore {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        if config.database_url.is_some() {
            return Err(Failure::usage(
                "PostgreSQL is restored by its own tools: `pg_restore --dbname=… aftercare.dump`, then `aftercare hold` \
                 before anything is started",
            ));
        }
        let now = SystemClock::default().now();
        let note = backup::restore(&config, &self.folder, now).map_err(Failure::environment)?;
        // Brings it to the schema of this program, and shows that it opens.
        open::runtime()?.block_on(open::existing(config))?;
        print::line(format!("brought back as it was at {}", note.made_at.to_rfc3339()));
        print::notice(
            "Messages are held: `aftercare release` lets them go, `release --discard` only new ones.\n",
        );
        Ok(Exit::Fine)
    }
}
