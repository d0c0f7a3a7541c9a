//! A file comes into a register: looked through for everything that is wrong, then written whole.
//!
//! Looking takes long and holds nobody up: what is to be written waits on the disk. Writing it is one short
//! transaction, in which an entry that somebody has changed meanwhile is known by its version; what entries name is
//! asked again only if a register has changed since. Nothing is kept of a file in which anything is wrong.

mod look;
mod ring;
mod waiting;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use sea_orm::ConnectionTrait;
use tokio::sync::watch;

use super::report::{Mistake, Report};
use super::source::{Source, Unreadable};
use crate::app::App;
use crate::register::Register;
use crate::register::check::{Asking, Checked, Entry, again};
use crate::register::enter;
use crate::store::registry::existing;
use crate::store::registry::import::{self, Import};
use crate::store::{StoreError, Transaction};
use waiting::{Waiting, Writing};

/// What is to be imported.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub register: &'static Register,
    pub source: Source,
    /// SHA-256 of the file.
    pub hash: String,
    /// The columns of a file that has no first line to say them; `-`: not read.
    pub columns: Option<Vec<String>>,
    /// What every line says that has no column of its own.
    pub with: Entry,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub lines: u64,
    /// Of the whole work.
    pub percent: u8,
}

/// Where progress is told.
pub type Told = watch::Sender<Progress>;

/// How much of the work looking is, in percent, when what was looked through is written then.
const LOOKING: u8 = 80;

/// A file that was looked through.
#[derive(Debug)]
pub struct Looked {
    pub report: Report,
    /// What it would add and change.
    waiting: Waiting,
    /// Where the registers stood before.
    revision: i64,
}

/// Looks through a file: what it would do, and all that is wrong with it.
pub async fn look(
    app: &App,
    asking: &Asking,
    wanted: &Wanted,
    told: &Told,
    is_all: bool,
) -> Result<Looked, StoreError> {
    let share = if is_all { 100 } else { u16::from(LOOKING) };
    let progress = |progress: Progress| {
        let percent = u8::try_from(u16::from(progress.percent) * share / 100).unwrap_or(LOOKING);
        told.send_replace(Progress { percent, ..progress });
    };
    let revision = import::revision(app.store.reader()).await?;
    let mut writing = Writing::new()?;
    let report = look::look(app.store.reader(), asking, wanted, &mut writing, &progress).await?;
    Ok(Looked { report, waiting: writing.done()?, revision })
}

/// Why a file did not come in.
#[derive(Debug)]
pub enum Stopped {
    Wrong(Box<Report>),
    Store(StoreError),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Writes a clean file in this transaction, which must not be kept when it is stopped.
pub fn commit<'t>(
    tx: &'t Transaction,
    asking: &'t Asking,
    wanted: &'t Wanted,
    looked: Looked,
    now: DateTime<Utc>,
    told: &'t Told,
) -> BoxFuture<'t, Result<Report, Stopped>> {
    Box::pin(async move {
        let Looked { mut report, waiting, revision } = looked;
        let is_old = import::revision(tx).await? != revision;
        write(tx, asking, wanted, (&waiting, is_old), now, &mut report, told).await?;
        if !report.is_clean() {
            return Err(Stopped::Wrong(Box::new(report)));
        }
        let done = Import {
            register: wanted.register.name,
            file: &wanted.source.name,
            hash: &wanted.hash,
            lines: report.lines,
            added: report.added,
            changed: report.changed,
            actor: &asking.who,
            at: now,
        };
        import::keep(tx, &done).await?;
        Ok(report)
    })
}

/// Writes what waits; with old answers about what it names it is asked again.
async fn write(
    tx: &Transaction,
    asking: &Asking,
    wanted: &Wanted,
    (waiting, is_old): (&Waiting, bool),
    now: DateTime<Utc>,
    report: &mut Report,
    told: &Told,
) -> Result<(), StoreError> {
    let (mut pieces, mut written) = (waiting.pieces(), 0);
    let (mut awaited, mut came) = (Vec::new(), HashSet::new());
    while let Some(piece) = pieces.recv().await {
        let (lines, mut entries): (Vec<u64>, Vec<Checked>) = piece?.into_iter().unzip();
        if is_old {
            let found = again(tx, wanted.register, &mut entries).await?;
            for (line, wrong) in lines.iter().zip(found) {
                wrong.into_iter().for_each(|wrong| report.note(Mistake::of(*line, wrong)));
            }
            for (line, entry) in lines.iter().zip(&entries) {
                came.insert(entry.key().to_owned());
                awaited.extend(entry.awaited.iter().map(|(field, key)| (*line, *field, key.clone())));
            }
        }
        if report.is_clean() && !enter::write(tx, wanted.register, asking, &entries, now).await? {
            report.note(Mistake::whole("file-faster"));
        }
        written += entries.len() as u64;
        let percent = u64::from(100 - LOOKING) * written / waiting.count.max(1);
        let percent = LOOKING + u8::try_from(percent).unwrap_or_default();
        told.send_replace(Progress { lines: report.lines, percent });
    }
    awaited.retain(|(_, _, key)| !came.contains(key));
    named_and_gone(tx, wanted.register, awaited, report).await?;
    report.mistakes.sort_by_key(|mistake| mistake.line);
    Ok(())
}

/// Entries of the same register that are named and neither came nor were there.
async fn named_and_gone(
    tx: &impl ConnectionTrait,
    register: &'static Register,
    awaited: Vec<(u64, &'static str, String)>,
    report: &mut Report,
) -> Result<(), StoreError> {
    let keys: Vec<&str> = awaited.iter().map(|(_, _, key)| key.as_str()).collect();
    let there = existing(tx, register, &keys).await?;
    for (line, field, key) in awaited.iter().filter(|(_, _, key)| !there.contains(key)) {
        report.note(Mistake::not_there(*line, field, register, key));
    }
    Ok(())
}

impl From<Unreadable> for Mistake {
    fn from(unreadable: Unreadable) -> Self {
        Self {
            line: unreadable.line,
            column: None,
            code: unreadable.code,
            values: unreadable.values,
            found: None,
        }
    }
}
