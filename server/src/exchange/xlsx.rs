//! XLSX: the first sheet, cell by cell.

use std::fs::File;
use std::io::BufReader;

use calamine::{DataRef, Reader, Xlsx};

use super::source::{LONGEST, Line, Pieces, Unreadable, WIDEST};

pub fn read(file: File, pieces: &mut Pieces) -> Result<(), Unreadable> {
    let broken = || Unreadable::new(None, "file-no-sheet");
    let mut book: Xlsx<BufReader<File>> = Xlsx::new(BufReader::new(file)).map_err(|_| broken())?;
    let name = book.sheet_names().first().cloned().ok_or_else(broken)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| broken())?;
    let last = u64::from(cells.dimensions().end.0).max(1);
    let mut line = Line { number: 1, cells: Vec::new() };
    loop {
        let cell = cells.next_cell().map_err(|_| Unreadable::new(Some(line.number), "file-unreadable"))?;
        let Some(cell) = cell else { break };
        let (row, column) = cell.get_position();
        let number = u64::from(row) + 1;
        if number != line.number {
            let done = std::mem::replace(&mut line, Line { number, cells: Vec::new() });
            let percent = done.number.saturating_mul(100) / last;
            if !pieces.put(done, u8::try_from(percent.min(100)).unwrap_or(100)) {
                return Ok(());
            }
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if column >= WIDEST {
            return Err(Unreadable::new(Some(number), "file-too-wide"));
        }
        if text.len() > LONGEST * 4 {
            return Err(Unreadable::new(Some(number), "file-unreadable"));
        }
        if line.cells.len() <= column {
            line.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = line.cells.get_mut(column) {
            *cell = text;
        }
    }
    pieces.put(line, 100);
    Ok(())
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
    }
}
