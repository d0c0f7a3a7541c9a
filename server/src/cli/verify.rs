//! `aftercare verify`: whether the store says the truth.

use std::path::PathBuf;

use clap::Args;

use super::{Exit, Failure, open, print};
use crate::backup;
use crate::config::Settings;
use crate::verify::{self, KINDS, Report};

/// Check that the store says the truth: hash chains, balances, numbers, states, origins
///
/// It reads everything and changes nothing. Every step is taken again from the facts that were kept with it, and every
/// history is held against its seals. What is newer than the last seal, somebody who writes to the database can cut off
/// unseen; and if the seals were cut off as well, only a file of them that was kept elsewhere tells (`--seals`).
/// Exit code 1 when something is wrong.
#[derive(Args, Debug)]
#[command(after_long_help = shape())]
pub struct Verify {
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    /// Seals that were put aside by `aftercare seal --to FILE` or with a backup
    #[arg(long, value_name = "FILE")]
    seals: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

impl Verify {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        let aside = self.seals.as_deref().map(backup::read_seals).transpose();
        let aside = aside.map_err(Failure::environment)?.unwrap_or_default();
        let report = open::runtime()?.block_on(async {
            let app = open::existing(config).await?;
            verify::with_seals(&app, &aside).await.map_err(Failure::environment)
        })?;
        if self.json {
            let mut document = serde_json::to_value(&report).map_err(Failure::environment)?;
            document["sound"] = report.is_sound().into();
            print::line(format!("{document:#}"));
        } else {
            print::all(&told(&report));
        }
        Ok(if report.is_sound() { Exit::Fine } else { Exit::Problems })
    }
}

/// What `--json` prints, and which row each kind of finding names.
fn shape() -> String {
    let mut text = String::from(
        "With --json it prints\n\n  {\"tickets\": 3, \"steps\": 14, \"vouchers\": 2, \"sealed_at\": null, \"sound\": false, \"more\": 0,\n   \
         \"findings\": [{\"kind\": \"stock\", \"subject\": \"W1/P1\", \"message\": \"…\"}]}\n\n\
         `more` counts the findings beyond the first of each kind. The kinds, and what `subject` names:\n\n",
    );
    for (kind, row) in KINDS {
        text += &format!("  {kind:<8} {row}\n");
    }
    text
}

/// The findings, one a line, then what was looked at.
fn told(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        text += &format!("{:<8} {}: {}\n", finding.kind, finding.subject, finding.message);
    }
    if report.more > 0 {
        text += &format!("and {} more of these kinds\n", report.more);
    }
    let result = match report.findings.len() + report.more {
        0 => "nothing is wrong".to_owned(),
        1 => "1 finding".to_owned(),
        count => format!("{count} findings"),
    };
    let Report { tickets, steps, vouchers, .. } = report;
    text += &format!("Looked at {tickets} tickets with {steps} steps, and {vouchers} vouchers: {result}\n");
    text += &match report.sealed_at {
        Some(at) => {
            format!("What is newer than the last seal, of {}, could be cut off unseen\n", at.to_rfc3339())
        }
        None => {
            "Nothing is sealed yet: whoever writes to the database could make it anew unseen\n".to_owned()
        }
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::Finding;

    #[test]
    fn a_sound_store_is_one_line() {
        let report = Report { tickets: 3, steps: 14, vouchers: 2, ..Report::default() };
        assert_eq!(
            told(&report),
            "Looked at 3 tickets with 14 steps, and 2 vouchers: nothing is wrong\n\
             Nothing is sealed yet: whoever writes to the database could make it anew unseen\n"
        );
    }

    #[test]
    fn findings_come_before_the_sum_of_them() {
        let finding =
            Finding { kind: "chain", subject: "T1/2".into(), message: "the hash is another".into() };
        let sealed_at = "2026-11-21T08:00:00Z".parse().ok();
        let report = Report { tickets: 1, sealed_at, findings: vec![finding], more: 1, ..Report::default() };
        assert_eq!(
            told(&report),
            "chain    T1/2: the hash is another\nand 1 more of these kinds\n\
             Looked at 1 tickets with 0 steps, and 0 vouchers: 2 findings\n\
             What is newer than the last seal, of 2026-11-21T08:00:00+00:00, could be cut off unseen\n"
        );
    }
}
