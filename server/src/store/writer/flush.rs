//! Makes commits durable while the next transaction is written.
//!
//! Asked to (`synchronous = FULL`), SQLite flushes its log within each commit and keeps the database locked
//! meanwhile. The writer's connection commits without (`NORMAL`), and the log is flushed here; the callers are
//! answered after that and never before. The log is the file beside the database that SQLite keeps as long as
//! anybody has the database open, as the writer has; before it is folded into the database SQLite flushes both.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use super::Job;

/// Answers that wait for the disk.
pub type Group = Box<dyn FnOnce() + Send>;

/// The way to the thread that waits for the disk.
pub struct Flusher {
    groups: Sender<Group>,
    log: Arc<File>,
}

impl Flusher {
    /// Starts the thread for a database that is open in WAL mode. The writer hears when a group is done.
    pub fn start(database: &Path, writer: Sender<Job>) -> io::Result<Self> {
        // Beside the file itself, as SQLite does, and not beside a link to it.
        let mut log = database.canonicalize()?.into_os_string();
        log.push("-wal");
        let log = Arc::new(OpenOptions::new().write(true).open(log)?);
        let own = Arc::clone(&log);
        let (groups, waiting) = channel::<Group>();
        let thread = thread::Builder::new().name("flusher".into());
        thread.spawn(move || {
            for group in waiting {
                flush(&own);
                // The writer ends before this thread.
                let _ = writer.send(Job::Flushed);
                group();
            }
        })?;
        Ok(Self { groups, log })
    }

    /// Waits for the disk here and now.
    pub fn flush_now(&self, group: Group) {
        flush(&self.log);
        group();
    }

    /// Lets a group answer as soon as all that is committed by now is on the disk.
    pub fn flush(&self, group: Group) {
        // Dropped answers tell their callers that the store is closed.
        let _ = self.groups.send(group);
    }
}

/// A log that could not be flushed may have lost what was in it without saying so again. Nobody was answered: we
/// end, and what is on the disk is read at the next start.
fn flush(log: &File) {
    if let Err(error) = log.sync_data() {
        tracing::error!(%error, "the database's log cannot be flushed: the server ends");
        std::process::abort();
    }
}
