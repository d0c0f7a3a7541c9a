//! A file comes into a register: once looked through for everything that is wrong, then written whole.
//!
//! Both passes check the same; the second one in the transaction that writes, since the register may have changed
//! between them. Nothing is kept of a file in which anything is wrong.

mod pass;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use tokio::sync::watch;

pub use pass::{Pass, pass};

use super::report::{Mistake, Report};
use super::source::{Source, Unreadable};
use crate::app::App;
use crate::register::Register;
use crate::register::check::{Asking, Entry};
use crate::store::registry::import::{self, Import};
use crate::store::{StoreError, Transaction};

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

/// Looks through a file: what it would do, and all that is wrong with it.
pub async fn preview(
    app: &App,
    asking: &Asking,
    wanted: &Wanted,
    told: &Told,
    share: u8,
) -> Result<Report, StoreError> {
    let progress = |progress: Progress| {
        let percent = u8::try_from(u16::from(progress.percent) * u16::from(share) / 100).unwrap_or(share);
        told.send_replace(Progress { percent, ..progress });
    };
    pass(app.store.reader(), asking, wanted, Pass::Look, &progress).await
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

/// Writes the file in this transaction, which must not be kept when it is stopped.
pub fn commit<'t>(
    tx: &'t Transaction,
    asking: &'t Asking,
    wanted: &'t Wanted,
    now: DateTime<Utc>,
    told: &'t Told,
) -> BoxFuture<'t, Result<Report, Stopped>> {
    Box::pin(async move {
        let progress = |progress: Progress| {
            told.send_replace(Progress { percent: 50 + progress.percent / 2, ..progress });
        };
        let report = pass(tx, asking, wanted, Pass::Write(now), &progress).await?;
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
