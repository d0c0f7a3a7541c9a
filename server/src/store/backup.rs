//! The embedded database as a file: copied while it is written to, and held after it came back.

use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags};

use super::{Store, StoreError, setting};

/// While this setting is there, nothing leaves the house.
const HELD: &str = "outbox_held_since";

/// Copies the database as it stands at one moment. Readers and writers go on meanwhile.
pub fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(from, flags).map_err(broken)?;
    source.busy_timeout(std::time::Duration::from_secs(30)).map_err(broken)?;
    source.execute("VACUUM INTO ?1", [to.to_string_lossy()]).map_err(broken)?;
    let copied = std::fs::File::open(to).and_then(|file| file.sync_all());
    copied.map_err(|error| StoreError::corrupt("a copy of the database", error))
}

/// Marks a copy: what waits in it to leave the house waits for a person, and whoever was signed in is not any more.
pub fn hold(file: &Path, now: DateTime<Utc>) -> Result<(), StoreError> {
    let copy = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(broken)?;
    let now = now.to_rfc3339();
    copy.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)", [HELD, &now])
        .map_err(broken)?;
    let end = "UPDATE session SET revoked_at = ?1 WHERE revoked_at IS NULL AND kind = 'session'";
    copy.execute(end, [&now]).map_err(broken)?;
    Ok(())
}

fn broken(error: rusqlite::Error) -> StoreError {
    StoreError::corrupt("a copy of the database", error)
}

impl Store {
    /// Since when nothing leaves the house; none: everything does.
    pub async fn outbox_held_since(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let held = self.setting(HELD).await?;
        Ok(held.and_then(|at| at.parse().ok()))
    }

    /// Lets nothing leave the house from now on.
    pub async fn hold_outbox(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.set_setting(HELD, &now.to_rfc3339()).await
    }

    /// Lets everything leave again. `discard`: but what was waiting when it was held; that is dead, and can be tried again
    /// one by one. How many those are.
    pub async fn release_outbox(&self, discard: bool) -> Result<u64, StoreError> {
        let Some(since) = self.outbox_held_since().await? else { return Ok(0) };
        self.write(move |tx| {
            Box::pin(async move {
                let count = if discard { super::outbox::discard(tx, since).await? } else { 0 };
                setting::remove(tx, HELD).await?;
                Ok(count)
            })
        })
        .await
    }
}
