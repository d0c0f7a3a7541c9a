//! A backup of the embedded database, made while everybody works, and its way back.
//!
//! A backup is a folder: the database as it stood at one moment, the seals over its histories, and a note that says what
//! the two must be. The key of the house is not in it: who has the backup alone can neither open what is sealed nor
//! seal anew. What comes back is held: nothing leaves the house before a person says so, since much of it was sent.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::config::Config;
use crate::entity::history_seal;
use crate::store::{self, StoreError, chain};

/// The files of a backup.
const DATABASE: &str = "aftercare.db";
pub const SEALS: &str = "seals.jsonl";
const NOTE: &str = "backup.json";
/// Seals read at once.
const PIECE: u64 = 1_000;

/// What a backup says about itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub made_at: DateTime<Utc>,
    /// Version of the program.
    pub program: String,
    /// SHA-256 of the database.
    pub database: String,
    /// How many seals there are.
    pub seals: usize,
}

/// Why a backup cannot be made or brought back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("`{path}`: {error}")]
    File { path: String, error: std::io::Error },
    #[error("`{0}` is there already; a backup goes into a folder of its own")]
    Taken(String),
    #[error("there is a store in `{0}` already; a backup is brought back into an empty data folder")]
    NotEmpty(String),
    #[error("`{0}` is no backup: its `backup.json` cannot be read")]
    NoBackup(String),
    #[error("the database in `{0}` is not the one that was backed up: its SHA-256 is another")]
    Changed(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> BackupError + '_ {
    |error| BackupError::File { path: path.display().to_string(), error }
}

/// Makes one. The note is written last: a folder without it is none.
pub async fn make(app: &App, to: &Path) -> Result<Note, BackupError> {
    let (database, seals) = (to.join(DATABASE), to.join(SEALS));
    private_folder(to).map_err(failed(to))?;
    if database.exists() || to.join(NOTE).exists() {
        return Err(BackupError::Taken(database.display().to_string()));
    }
    let (from, copy) = (app.config.database_file(), database.clone());
    let copied = tokio::task::spawn_blocking(move || store::backup::copy(&from, &copy)).await;
    copied.map_err(|error| failed(&database)(std::io::Error::other(error)))??;
    let count = put_aside(app, &seals).await?;
    let note = Note {
        made_at: app.clock.now(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        database: hash_of(&database).map_err(failed(&database))?,
        seals: count,
    };
    let text = serde_json::to_string_pretty(&note).unwrap_or_default();
    write(&to.join(NOTE), &text).map_err(failed(&to.join(NOTE)))?;
    Ok(note)
}

/// Writes all seals into a file, one a line; how many.
pub async fn put_aside(app: &App, path: &Path) -> Result<usize, BackupError> {
    let (mut text, mut last, mut count) = (String::new(), 0, 0);
    loop {
        let seals = app.store.seals_after(last, PIECE).await?;
        let Some(newest) = seals.last() else { break };
        last = newest.number;
        count += seals.len();
        for seal in &seals {
            text += &serde_json::to_string(seal).unwrap_or_default();
            text.push('\n');
        }
    }
    write(path, &text).map_err(failed(path))?;
    Ok(count)
}

/// Seals that were put aside.
pub fn read_seals(path: &Path) -> Result<Vec<history_seal::Model>, BackupError> {
    let text = std::fs::read_to_string(path).map_err(failed(path))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let seals: Result<Vec<_>, _> = lines.map(serde_json::from_str).collect();
    seals.map_err(|error| failed(path)(std::io::Error::other(error)))
}

/// Brings one back into an empty data folder, with everything that waits to leave the house held and everybody signed out.
pub fn restore(config: &Config, from: &Path, now: DateTime<Utc>) -> Result<Note, BackupError> {
    let told = from.display().to_string();
    let note = std::fs::read_to_string(from.join(NOTE)).ok();
    let note: Option<Note> = note.and_then(|text| serde_json::from_str(&text).ok());
    let note = note.ok_or_else(|| BackupError::NoBackup(told.clone()))?;
    let (database, target) = (from.join(DATABASE), config.database_file());
    if hash_of(&database).map_err(failed(&database))? != note.database {
        return Err(BackupError::Changed(told));
    }
    if target.exists() {
        return Err(BackupError::NotEmpty(config.data.display().to_string()));
    }
    private_folder(&config.data).map_err(failed(&config.data))?;
    // What is not whole yet is called otherwise: a server that starts meanwhile finds no store.
    let part = target.with_extension("part");
    std::fs::copy(&database, &part).map_err(failed(&part))?;
    store::backup::hold(&part, now)?;
    std::fs::rename(&part, &target).map_err(failed(&target))?;
    Ok(note)
}

fn hash_of(path: &Path) -> std::io::Result<String> {
    let (mut file, mut hasher, mut piece) = (File::open(path)?, Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(chain::hex(&hasher.finalize())),
            count => hasher.update(piece.get(..count).unwrap_or_default()),
        }
    }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// A folder that its owner alone can look into.
pub fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path)
}
