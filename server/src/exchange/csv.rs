//! CSV: comma, semicolon or tab, whichever the first line has most of; UTF-8, with or without its mark.

use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};

use super::source::{LONGEST, Line, Pieces, Unreadable, WIDEST};

/// What stands before UTF-8 where a spreadsheet wrote it.
pub const MARK: &str = "\u{feff}";

pub fn read(mut file: File, bytes: u64, pieces: &mut Pieces) -> Result<(), Unreadable> {
    let delimiter = delimiter(&mut file)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(1 << 16)
        .from_reader(file);
    let mut record = csv::ByteRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(_) => return Err(Unreadable::new(Some(line), "file-unreadable")),
        }
        // Blank lines before it are passed over by the reader.
        let line = record.position().map_or(line, csv::Position::line);
        if record.len() > WIDEST {
            return Err(Unreadable::new(Some(line), "file-too-wide"));
        }
        let mut cells = Vec::with_capacity(record.len());
        for cell in &record {
            let cell = std::str::from_utf8(cell).map_err(|_| Unreadable::new(Some(line), "file-not-utf8"))?;
            if cell.len() > LONGEST * 4 || cell.contains('\0') {
                return Err(Unreadable::new(Some(line), "file-unreadable"));
            }
            cells.push(unguarded(cell.trim_start_matches(MARK)).to_owned());
        }
        let percent = reader.position().byte().saturating_mul(100) / bytes.max(1);
        if !pieces.put(Line { number: line, cells }, u8::try_from(percent.min(100)).unwrap_or(100)) {
            return Ok(());
        }
    }
}

fn delimiter(file: &mut File) -> Result<u8, Unreadable> {
    let broken = |_| Unreadable::new(None, "file-unreadable");
    let mut first = Vec::new();
    let mut reader = BufReader::new(std::io::Read::take(&mut *file, 64 * 1024));
    reader.read_until(b'\n', &mut first).map_err(broken)?;
    drop(reader);
    file.seek(SeekFrom::Start(0)).map_err(broken)?;
    let count = |one: u8| first.iter().filter(|byte| **byte == one).count();
    Ok([b',', b';', b'\t'].into_iter().rev().max_by_key(|one| count(*one)).unwrap_or(b','))
}

/// Letters at the start of a cell that a spreadsheet takes for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell that no spreadsheet takes for a formula: an apostrophe stands before it.
pub fn guarded(text: &str) -> String {
    let is_number = text.strip_prefix('-').is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
    });
    if text.starts_with(FORMULA) && !is_number { format!("'{text}") } else { text.to_owned() }
}

/// The cell as it was before it was guarded.
fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_guarded_and_comes_back_as_it_was() {
        for text in ["=1+1", "+98912", "-cmd", "@sum", "\tx"] {
            assert_eq!(guarded(text), format!("'{text}"));
            assert_eq!(unguarded(&guarded(text)), text);
        }
        for text in ["-12.5", "plain", "'tis", "", "12"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }
}
