//! A register as a CSV or XLSX file.

use std::io::{Write, copy};
use std::path::PathBuf;

use clap::Args;

use crate::auth::Scope;
use crate::cli::{Exit, Failure, open, registers};
use crate::config::Settings;
use crate::exchange::Format;
use crate::exchange::export::{Failed, Wanted, export};
use crate::register::Register;

/// Which register, and where to.
#[derive(Args, Debug)]
pub struct ExportRegister {
    /// Name of the register, such as `devices`
    #[arg(value_parser = registers::parse, required = true)]
    register: Option<&'static Register>,
    #[arg(long, default_value = "csv")]
    format: Format,
    /// Write it there instead of to standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

impl ExportRegister {
    pub fn run(self) -> Result<Exit, Failure> {
        let register = self.register.ok_or_else(|| Failure::usage("which register?"))?;
        let config = self.settings.load().map_err(Failure::environment)?;
        crate::telemetry::start(&config.log);
        open::runtime()?.block_on(async {
            let app = open::existing(config).await?;
            let asking = registers::asking(&app, "system");
            let (hidden, locale) = (asking.hidden, asking.locale);
            let wanted = Wanted {
                register,
                format: self.format,
                search: Vec::new(),
                scope: Scope::All,
                hidden,
                locale,
            };
            let made = export(&app.store, &wanted).await;
            let (mut file, _) = made.map_err(|failed| match failed {
                Failed::TooLong => Failure::usage(failed),
                other => Failure::environment(other),
            })?;
            match &self.output {
                Some(path) => {
                    let failed = |error| {
                        Failure::environment(format!(
                            "the file `{}` cannot be written: {error}",
                            path.display()
                        ))
                    };
                    let mut out = std::fs::File::create(path).map_err(failed)?;
                    copy(&mut file, &mut out).map_err(failed)?;
                }
                None => {
                    let mut out = std::io::stdout().lock();
                    // A reader that goes away has had enough.
                    drop(copy(&mut file, &mut out).and_then(|_| out.flush()));
                }
            }
            Ok(Exit::Fine)
        })
    }
}
