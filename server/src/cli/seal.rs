//! `aftercare seal`: seals what is new in the histories, now.

use std::path::PathBuf;

use clap::Args;

use super::{Exit, Failure, open, print};
use crate::config::Settings;
use crate::{backup, history_seal};

/// Seal what is new in the histories and vouchers now, and put the seals aside
///
/// A server does it every hour and when it ends. Kept on another machine, the file tells later by `verify --seals FILE`
/// whether anything was cut off.
#[derive(Args, Debug)]
pub struct Seal {
    /// File to write all seals into
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

impl Seal {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        open::runtime()?.block_on(async {
            let app = open::existing(config).await?;
            let count = history_seal::seal(&app).await.map_err(Failure::environment)?;
            print::line(format!("{count} histories and vouchers sealed"));
            if let Some(path) = &self.to {
                let seals = backup::put_aside(&app, path).await.map_err(Failure::environment)?;
                print::line(format!("{seals} seals put into `{}`", path.display()));
            }
            Ok(Exit::Fine)
        })
    }
}
