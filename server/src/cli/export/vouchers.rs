//! `aftercare export vouchers`: journals for hledger and beancount, tables for accounting packages.

use std::fs::File;
use std::io::{BufWriter, Cursor, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use crate::app::App;
use crate::cli::{Exit, Failure, open, print};
use crate::config::Settings;
use crate::export::{Asked, ExportError, Format, LAYOUT, Written, vouchers};

/// Write all vouchers of some days, oldest first
///
/// Drafts are written too, marked as such; notes are not. Exit code 2 when there is no such layout.
#[derive(Args, Debug)]
pub struct Vouchers {
    #[arg(long, value_enum)]
    format: Kind,
    /// First day; left out: all
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// Last day, inclusive; left out: all
    #[arg(long, value_name = "DATE")]
    to: Option<NaiveDate>,
    /// Columns of a table: a file under workflows/exports/
    #[arg(long, value_name = "NAME", default_value = LAYOUT)]
    layout: String,
    /// Only final vouchers and those that were reversed
    #[arg(long)]
    only_final: bool,
    /// File to write; left out: standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    Hledger,
    Beancount,
    Csv,
    Xlsx,
}

impl Vouchers {
    pub fn run(self) -> Result<Exit, Failure> {
        let asked = Asked {
            format: match self.format {
                Kind::Hledger => Format::Hledger,
                Kind::Beancount => Format::Beancount,
                Kind::Csv => Format::Csv,
                Kind::Xlsx => Format::Xlsx,
            },
            from: self.from,
            to: self.to,
            layout: Some(self.layout),
            only_final: self.only_final,
        };
        let config = self.settings.load().map_err(Failure::environment)?;
        open::runtime()?.block_on(async {
            let app = open::existing(config).await?;
            let written = match &self.out {
                Some(path) => to_file(&app, &asked, path).await,
                None => to_output(&app, &asked).await,
            };
            match written {
                Ok(written) => {
                    let Written { vouchers, lines } = written;
                    print::problems(&format!("{vouchers} vouchers with {lines} lines\n"));
                    Ok(Exit::Fine)
                }
                Err(error @ (ExportError::UnknownLayout { .. } | ExportError::TooManyRows(_))) => {
                    Err(Failure::usage(error))
                }
                Err(other) => Err(Failure::environment(other)),
            }
        })
    }
}

/// Beside the file first, so that a file under its name is always whole.
async fn to_file(app: &App, asked: &Asked, path: &std::path::Path) -> Result<Written, ExportError> {
    let beside = path.with_added_extension("part");
    let written = vouchers(app, asked, BufWriter::new(File::create(&beside)?)).await;
    match written {
        Ok(written) => {
            std::fs::rename(&beside, path)?;
            Ok(written)
        }
        Err(error) => {
            drop(std::fs::remove_file(&beside));
            Err(error)
        }
    }
}

async fn to_output(app: &App, asked: &Asked) -> Result<Written, ExportError> {
    let mut whole = Cursor::new(Vec::new());
    let written = vouchers(app, asked, &mut whole).await?;
    let mut out = std::io::stdout().lock();
    // A reader that goes away has what it wanted.
    drop(out.write_all(whole.get_ref()).and_then(|()| out.flush()));
    Ok(written)
}
