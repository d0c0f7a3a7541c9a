//! `aftercare deploy`: puts a folder's definitions into service, under servers that run or before they start.

use aftercare_engine::diagnostic::render;
use clap::Args;

use super::{Exit, Failure, files, open, print};
use crate::catalog::DeployError;
use crate::config::Settings;
use crate::telemetry;

/// Put the definitions of the folder into service
///
/// Servers on the same store take them up a moment later. Definitions with errors are not put into service: the
/// errors are told, and what was in service stays.
#[derive(Args, Debug)]
pub struct Deploy {
    #[command(flatten)]
    settings: Settings,
}

impl Deploy {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        telemetry::start(&config.log);
        open::runtime()?.block_on(async {
            let app = open::existing(config).await?;
            let files = files::bundle(&app.config.bundle)?;
            match app.catalog.deploy(files, open::SYSTEM, app.clock.now()).await {
                Ok((version, _)) => {
                    print::line(format!("bundle {} is in service", version.hash()));
                    Ok(Exit::Fine)
                }
                Err(DeployError::Wrong(wrong, found)) => {
                    print::problems(&render::short(&found, &wrong.sources));
                    Ok(Exit::Problems)
                }
                Err(DeployError::Store(error)) => Err(Failure::environment(error)),
            }
        })
    }
}
