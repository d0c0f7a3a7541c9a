//! What a file would write, on the disk until it is written: entries that were checked, each with its line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};

use tokio::sync::mpsc;

use crate::register::check::Checked;
use crate::store::StoreError;

/// Entries in a piece.
const PIECE: usize = 500;
/// Pieces that are read ahead.
const AHEAD: usize = 4;

/// Entries with their lines.
type Piece = Vec<(u64, Checked)>;

/// Takes entries.
#[derive(Debug)]
pub struct Writing {
    file: BufWriter<File>,
    count: u64,
}

/// Entries that wait.
#[derive(Debug)]
pub struct Waiting {
    file: File,
    pub count: u64,
}

impl Writing {
    pub fn new() -> Result<Self, StoreError> {
        Ok(Self { file: BufWriter::new(tempfile::tempfile().map_err(failed)?), count: 0 })
    }

    pub fn put(&mut self, line: u64, entry: &Checked) -> Result<(), StoreError> {
        self.count += 1;
        serde_json::to_writer(&mut self.file, &(line, entry)).map_err(|error| failed(error.into()))?;
        self.file.write_all(b"\n").map_err(failed)
    }

    pub fn done(self) -> Result<Waiting, StoreError> {
        let file = self.file.into_inner().map_err(|error| failed(error.into_error()))?;
        Ok(Waiting { file, count: self.count })
    }
}

impl Waiting {
    /// Starts to read them on a thread of its own, so that whoever writes them does nothing else.
    pub fn pieces(&self) -> mpsc::Receiver<Result<Piece, StoreError>> {
        let (to, from) = mpsc::channel(AHEAD);
        let file = self.file.try_clone();
        tokio::task::spawn_blocking(move || {
            if let Err(error) = file.and_then(|file| read(file, &to)) {
                // Whoever has stopped listening knows already.
                let _ = to.blocking_send(Err(failed(error)));
            }
        });
        from
    }
}

fn read(mut file: File, to: &mpsc::Sender<Result<Piece, StoreError>>) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    let mut lines = BufReader::new(file).lines();
    loop {
        let piece: io::Result<Piece> = lines.by_ref().take(PIECE).map(|line| entry(&line?)).collect();
        let piece = piece?;
        if piece.is_empty() || to.blocking_send(Ok(piece)).is_err() {
            return Ok(());
        }
    }
}

fn entry(line: &str) -> io::Result<(u64, Checked)> {
    Ok(serde_json::from_str(line)?)
}

/// The disk takes or gives nothing.
fn failed(error: io::Error) -> StoreError {
    StoreError::Disk(error.to_string())
}
