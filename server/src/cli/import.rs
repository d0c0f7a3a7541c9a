//! `aftercare import`: a file comes into a register.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::{Exit, Failure, open, print, registers};
use crate::app::App;
use crate::config::Settings;
use crate::exchange::import::{Progress, Stopped, Told, Wanted, commit, look};
use crate::exchange::report::Report;
use crate::exchange::source::Source;
use crate::i18n::Language;
use crate::register::Register;
use crate::register::check::{Asking, Entry};

/// Bring a CSV or XLSX file into a register, whole or not at all
///
/// The first line names the fields; an entry whose key is there is changed, and fields without a column stay as they
/// are. What is wrong is told by line and column, and then nothing comes in. `aftercare export REGISTER` writes a file
/// with all columns.
#[derive(Args, Debug)]
pub struct Import {
    /// Name of the register, such as `devices`
    #[arg(value_parser = registers::parse)]
    register: &'static Register,
    file: PathBuf,
    /// Only look through it: say what would happen and what is wrong
    #[arg(long)]
    dry_run: bool,
    /// The fields of a file without a first line, such as a barcode reader's; `-`: not read
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    columns: Option<Vec<String>>,
    /// In whose name
    #[arg(long, value_name = "USER", default_value = "system")]
    by: String,
    /// Language of what is told
    #[arg(long, value_name = "CODE", default_value = "en", value_parser = registers::language)]
    language: Language,
    #[command(flatten)]
    settings: Settings,
}

impl Import {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        crate::telemetry::start(&config.log);
        let (source, hash) = self.source()?;
        open::runtime()?.block_on(async {
            let app = open::existing(config).await?;
            let asking = Asking { reason: "imported".to_owned(), ..registers::asking(&app, &self.by) };
            let (register, columns) = (self.register, self.columns.clone());
            let wanted = Wanted { register, source, hash, columns, with: Entry::new() };
            let (told, progress) = watch::channel(Progress::default());
            let bar = tokio::spawn(show(progress));
            let done = work(&app, asking, wanted, self.dry_run, told).await;
            drop(bar.await);
            match done {
                Ok(report) => Ok(self.tell(&report)),
                Err(Stopped::Wrong(report)) => Ok(self.tell(&report)),
                Err(Stopped::Store(error)) => Err(Failure::environment(error)),
            }
        })
    }

    fn source(&self) -> Result<(Source, String), Failure> {
        let path = self.file.display().to_string();
        let failed =
            |error: std::io::Error| Failure::usage(format!("the file `{path}` cannot be read: {error}"));
        let mut file = File::open(&self.file).map_err(failed)?;
        let (mut hash, mut buffer, mut bytes) = (Sha256::new(), vec![0; 64 * 1024], 0);
        loop {
            let read = file.read(&mut buffer).map_err(failed)?;
            let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
            hash.update(piece);
            bytes += piece.len() as u64;
        }
        let name = self.file.file_name().map(|name| name.to_string_lossy().into_owned());
        let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok((Source { file: Arc::new(file), bytes, name: name.unwrap_or_default() }, hash))
    }

    fn tell(&self, report: &Report) -> Exit {
        for mistake in &report.mistakes {
            let place = [
                mistake.line.map(|line| line.to_string()),
                mistake.column.clone(),
                mistake.found.as_ref().map(|found| format!("`{found}`")),
            ];
            let place: Vec<String> = place.into_iter().flatten().collect();
            let text = mistake.message(self.language);
            print::problems(&format!("{}:{}: {text}\n", self.file.display(), place.join(": ")));
        }
        let told = report.mistakes.len() as u64;
        if report.wrong > told {
            print::problems(&format!("… and {} more\n", report.wrong - told));
        }
        let Report { lines, added, changed, unchanged, wrong, .. } = report;
        if !report.is_clean() {
            print::line(format!("{lines} lines, {wrong} mistakes: nothing came in"));
            return Exit::Problems;
        }
        let would = if self.dry_run { " would be" } else { "" };
        print::line(format!(
            "{lines} lines:{would} {added} added, {changed} changed, {unchanged} as they were"
        ));
        Exit::Fine
    }
}

async fn work(
    app: &App,
    asking: Asking,
    wanted: Wanted,
    dry_run: bool,
    told: Told,
) -> Result<Report, Stopped> {
    let looked = look(app, &asking, &wanted, &told, dry_run).await?;
    if dry_run || !looked.report.is_clean() {
        return Ok(looked.report);
    }
    let now = app.clock.now();
    app.store
        .write(move |tx| Box::pin(async move { commit(tx, &asking, &wanted, looked, now, &told).await }))
        .await
}

/// A bar on a terminal, until nobody tells any more.
async fn show(mut progress: watch::Receiver<Progress>) {
    if !std::io::stderr().is_terminal() {
        return;
    }
    while progress.changed().await.is_ok() {
        let Progress { lines, percent } = *progress.borrow_and_update();
        let full = usize::from(percent) * 30 / 100;
        print::problems(&format!("\r[{:<30}] {percent:>3} %  {lines} lines ", "#".repeat(full)));
    }
    print::problems("\r\x1b[K");
}
