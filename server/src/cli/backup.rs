//! `aftercare backup`: the embedded database into a folder, while it is in use.

use std::path::PathBuf;

use clap::Args;

use super::{Exit, Failure, open, print};
use crate::config::Settings;
use crate::{backup, history_seal};

/// Copy the embedded database, with its pictures and papers, into a folder of its own, while it is in use
///
/// The folder holds the database as it stood at one moment, the seals over the histories (`verify --seals`) and a note
/// with its SHA-256. `seal.key` of the data folder is not in it: keep that elsewhere. PostgreSQL has its own tools:
/// `pg_dump --format=custom --file=aftercare.dump "$AFTERCARE_DATABASE_URL"`, and `aftercare seal` for the seals.
#[derive(Args, Debug)]
pub struct Backup {
    /// Where to; it is made
    folder: PathBuf,
    #[command(flatten)]
    settings: Settings,
}

impl Backup {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        if config.database_url.is_some() {
            return Err(Failure::usage(
                "PostgreSQL is backed up by its own tools: run\n  pg_dump --format=custom --file=aftercare.dump \
                 \"$AFTERCARE_DATABASE_URL\"\nand `aftercare seal --to FILE` for the seals; after `pg_restore` run \
                 `aftercare hold` before anything is started",
            ));
        }
        open::runtime()?.block_on(async {
            let app = open::existing(config).await?;
            history_seal::seal(&app).await.map_err(Failure::environment)?;
            let note = backup::make(&app, &self.folder).await.map_err(Failure::environment)?;
            print::line(format!(
                "backed up into `{}`, seals: {}, SHA-256 {}",
                self.folder.display(),
                note.seals,
                note.database
            ));
            print::notice(
                "The key in `seal.key` is not in it: keep it elsewhere, it is needed to check the seals.\n",
            );
            Ok(Exit::Fine)
        })
    }
}
