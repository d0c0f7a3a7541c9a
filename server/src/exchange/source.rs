//! A file as lines of cells: read on a thread of its own and handed over in pieces, so that no more of it is in
//! memory than a few of them.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use tokio::sync::mpsc;

use super::{bounded, csv, xlsx};

/// Lines in a piece.
pub const PIECE: usize = 500;
/// Pieces that wait.
const WAITING: usize = 4;
/// Longest cell, in characters.
pub const LONGEST: usize = 10_000;
/// Most columns.
pub const WIDEST: usize = 500;

/// A file that was sent. It lies on the disk, not in memory.
#[derive(Clone, Debug)]
pub struct Source {
    pub file: Arc<File>,
    pub bytes: u64,
    pub name: String,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// From 1.
    pub number: u64,
    pub cells: Vec<String>,
}

/// Some lines.
#[derive(Debug, Default)]
pub struct Piece {
    pub lines: Vec<Line>,
    /// How much of the file has been read, in percent.
    pub percent: u8,
}

/// Why a file cannot be read on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub line: Option<u64>,
    pub code: &'static str,
    pub values: Vec<(&'static str, String)>,
}

impl Unreadable {
    pub fn new(line: Option<u64>, code: &'static str) -> Self {
        Self { line, code, values: Vec::new() }
    }
}

/// Takes lines and hands them over in pieces. False: nobody wants more.
pub struct Pieces {
    piece: Piece,
    to: mpsc::Sender<Result<Piece, Unreadable>>,
}

impl Pieces {
    pub fn put(&mut self, line: Line, percent: u8) -> bool {
        if line.cells.iter().all(|cell| cell.trim().is_empty()) {
            return true;
        }
        self.piece.lines.push(line);
        self.piece.percent = percent;
        self.piece.lines.len() < PIECE || self.hand_over()
    }

    fn hand_over(&mut self) -> bool {
        let piece = std::mem::take(&mut self.piece);
        self.to.blocking_send(Ok(piece)).is_ok()
    }
}

impl Source {
    /// Starts to read it from the beginning.
    pub fn lines(&self) -> mpsc::Receiver<Result<Piece, Unreadable>> {
        let (to, from) = mpsc::channel(WAITING);
        let (source, last) = (self.clone(), to.clone());
        tokio::task::spawn_blocking(move || {
            let mut pieces = Pieces { piece: Piece::default(), to };
            let read = source.read(&mut pieces);
            if !pieces.piece.lines.is_empty() {
                pieces.hand_over();
            }
            if let Err(unreadable) = read {
                // Whoever has stopped listening knows already.
                let _ = last.blocking_send(Err(unreadable));
            }
        });
        from
    }

    fn read(&self, pieces: &mut Pieces) -> Result<(), Unreadable> {
        let broken = |_| Unreadable::new(None, "file-unreadable");
        let mut file = self.file.try_clone().map_err(broken)?;
        file.seek(SeekFrom::Start(0)).map_err(broken)?;
        let mut first = [0; 4];
        let read = file.read(&mut first).map_err(broken)?;
        file.seek(SeekFrom::Start(0)).map_err(broken)?;
        if first.get(..read).is_some_and(|first| first.starts_with(b"PK")) {
            return match bounded::check(&mut file, bounded::MOST) {
                Ok(()) => xlsx::read(file, pieces),
                Err(bounded::Refused::TooLarge) => Err(Unreadable::new(None, "file-bomb")),
                Err(bounded::Refused::NoZip) => Err(Unreadable::new(None, "file-no-sheet")),
            };
        }
        csv::read(file, self.bytes, pieces)
    }
}
