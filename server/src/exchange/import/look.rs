//! A look through a file: what is clean is laid down, what is wrong is noted. It writes nothing else.

use std::collections::{HashMap, HashSet};

use sea_orm::ConnectionTrait;

use super::super::columns::{self, Column};
use super::super::report::{Mistake, Report};
use super::super::source::Line;
use super::ring::Ways;
use super::waiting::Writing;
use super::{Progress, Wanted};
use crate::register::check::{Asking, Checked, Entry, Wrong, check, merging, present};
use crate::store::StoreError;
use crate::store::registry::category;

/// What is known on the way.
struct State<'a> {
    asking: &'a Asking,
    wanted: &'a Wanted,
    writing: &'a mut Writing,
    /// For each place of a line; none: what stands there is not read.
    columns: Vec<Option<Column>>,
    /// Keys so far, and the lines where they stand.
    keys: HashMap<String, u64>,
    /// Numbers so far that only one customer has, and whose they are.
    numbers: HashMap<String, String>,
    /// Entries of the same register that were named before they came.
    awaited: Vec<(u64, &'static str, String)>,
    ways: Ways,
    report: Report,
}

/// Goes through the file once.
pub async fn look(
    db: &impl ConnectionTrait,
    asking: &Asking,
    wanted: &Wanted,
    writing: &mut Writing,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Report, StoreError> {
    let attributes = category::attributes(db).await?;
    let known = columns::of(wanted.register, &attributes, &asking.hidden);
    let mut state = State {
        asking,
        wanted,
        writing,
        columns: Vec::new(),
        keys: HashMap::new(),
        numbers: HashMap::new(),
        awaited: Vec::new(),
        ways: Ways::default(),
        report: Report::default(),
    };
    let mut is_headed = false;
    if let Some(named) = &wanted.columns {
        state.head(1, named, &known);
        is_headed = true;
    }
    let mut pieces = wanted.source.lines();
    while let Some(piece) = pieces.recv().await {
        let mut piece = match piece {
            Ok(piece) => piece,
            Err(unreadable) => {
                state.report.note(unreadable.into());
                return Ok(state.report);
            }
        };
        if !is_headed {
            let head = piece.lines.remove(0);
            state.head(head.number, &head.cells, &known);
            is_headed = true;
        }
        // With a first line that is not understood every other line would be wrong.
        if state.report.lines == 0 && !state.report.is_clean() {
            return Ok(state.report);
        }
        state.lines(db, piece.lines).await?;
        progress(Progress { lines: state.report.lines, percent: piece.percent });
    }
    if !is_headed {
        state.report.note(state.mistake(None, None, "file-empty", vec![], None));
    }
    state.finish(db).await?;
    Ok(state.report)
}

impl State<'_> {
    fn mistake(
        &self,
        line: Option<u64>,
        column: Option<String>,
        code: &'static str,
        values: Vec<(&'static str, String)>,
        found: Option<String>,
    ) -> Mistake {
        Mistake { line, column, code, values, found }
    }

    /// Understands the first line.
    fn head(&mut self, line: u64, cells: &[String], known: &[Column]) {
        let mut taken = HashSet::new();
        for cell in cells {
            let name = cell.trim().to_lowercase();
            let column = known.iter().find(|column| column.header == name);
            let is_skipped = name.is_empty() || name == "-" || name == "version";
            let mistake = match column {
                None if is_skipped => None,
                None => {
                    let nearest = known.iter().map(|column| column.header.as_str());
                    let nearest = nearest.max_by_key(|one| likeness(one, &name)).unwrap_or_default();
                    Some(("column-unknown", vec![("nearest", nearest.to_owned())]))
                }
                Some(column) if !taken.insert(column.header.clone()) => Some(("column-twice", vec![])),
                Some(_) => None,
            };
            if let Some((code, values)) = mistake {
                self.report.note(self.mistake(Some(line), Some(name), code, values, None));
            }
            self.columns.push(column.cloned());
        }
        let key = self.wanted.register.key().name;
        let has_key = self.columns.iter().flatten().any(|column| column.header == key);
        if !has_key {
            self.report.note(self.mistake(Some(line), Some(key.to_owned()), "column-missing", vec![], None));
        }
    }

    async fn lines(&mut self, db: &impl ConnectionTrait, lines: Vec<Line>) -> Result<(), StoreError> {
        let register = self.wanted.register;
        self.report.lines += lines.len() as u64;
        let mut read: Vec<(Line, Entry)> = Vec::with_capacity(lines.len());
        for line in lines {
            if let Some(entry) = self.entry(&line) {
                read.push((line, entry));
            }
        }
        let key = register.key().name;
        let keys: Vec<&str> = read.iter().filter_map(|(_, entry)| entry.get(key)?.as_str()).collect();
        let there = present(db, register, &self.asking.locale, &keys).await?;
        let entries = read.iter().map(|(_, entry)| entry.clone()).collect();
        let found = check(db, register, self.asking, merging(entries, there, register)).await?;
        for ((line, _), found) in read.iter().zip(found) {
            match found {
                Ok(checked) => {
                    if let Some(entry) = self.sort(line, checked).filter(|_| self.report.is_clean()) {
                        self.writing.put(line.number, &entry)?;
                    }
                }
                Err(wrong) => wrong.into_iter().for_each(|wrong| self.wrong(line, wrong)),
            }
        }
        Ok(())
    }

    /// What a line says, if it can be read.
    fn entry(&mut self, line: &Line) -> Option<Entry> {
        let mut entry = self.wanted.with.clone();
        let before = self.report.wrong;
        let columns = std::mem::take(&mut self.columns);
        for (place, cell) in line.cells.iter().enumerate() {
            match columns.get(place) {
                Some(Some(column)) => {
                    if let Err(mistake) = column.put(&mut entry, cell) {
                        let column = Some(column.header.clone());
                        let found = Some(cell.clone());
                        self.report.note(self.mistake(
                            Some(line.number),
                            column,
                            mistake.code,
                            mistake.values,
                            found,
                        ));
                    }
                }
                Some(None) => {}
                None if cell.trim().is_empty() => {}
                None => {
                    let values = vec![("columns", columns.len().to_string())];
                    let found = Some(cell.clone());
                    self.report.note(self.mistake(Some(line.number), None, "line-too-wide", values, found));
                    break;
                }
            }
        }
        self.columns = columns;
        let key = self.wanted.register.key().name;
        let named = entry.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
        if let Some(named) = named
            && let Some(first) = self.keys.insert(named.clone(), line.number)
        {
            let values = vec![("line", first.to_string())];
            let mistake =
                self.mistake(Some(line.number), Some(key.to_owned()), "line-twice", values, Some(named));
            self.report.note(mistake);
        }
        (self.report.wrong == before).then_some(entry)
    }

    /// Counts an entry, and gives it back if it is to be written.
    fn sort(&mut self, line: &Line, checked: Checked) -> Option<Checked> {
        for (field, number) in checked.numbers() {
            let owner = self.numbers.entry(number).or_insert_with(|| checked.key().to_owned());
            if owner != checked.key() {
                let values = vec![("key", owner.clone())];
                self.wrong(line, Wrong::new(field, "field-belongs", values));
                return None;
            }
        }
        let awaited = checked.awaited.iter().map(|(field, key)| (line.number, *field, key.clone()));
        self.awaited.extend(awaited);
        self.ways.note(self.wanted.register, &checked);
        if checked.present.is_none() {
            self.report.added += 1;
        } else if checked.is_new_or_changed() {
            self.report.changed += 1;
        } else {
            self.report.unchanged += 1;
            return None;
        }
        Some(checked)
    }

    fn wrong(&mut self, line: &Line, wrong: Wrong) {
        let fits = |column: &&Column| {
            wrong
                .field
                .strip_prefix(&column.header)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let at = self.columns.iter().position(|column| column.as_ref().is_some_and(|one| fits(&one)));
        let header = at.and_then(|at| self.columns.get(at)).and_then(Option::as_ref);
        let column = header.map_or_else(|| wrong.field.clone(), |column| column.header.clone());
        let found = at.and_then(|at| line.cells.get(at)).cloned().filter(|cell| !cell.is_empty());
        self.report.note(self.mistake(Some(line.number), Some(column), wrong.code, wrong.values, found));
    }

    /// What was named and never came, and what would stand above itself.
    async fn finish(&mut self, db: &impl ConnectionTrait) -> Result<(), StoreError> {
        let register = self.wanted.register;
        for (line, field, key) in std::mem::take(&mut self.awaited) {
            if !self.keys.contains_key(&key) {
                self.report.note(Mistake::not_there(line, field, register, &key));
            }
        }
        for ring in std::mem::take(&mut self.ways).rings(db, register).await? {
            let line = self.keys.get(&ring.key).copied();
            let values = vec![("value", ring.key)];
            self.report.note(self.mistake(
                line,
                Some(ring.field.to_owned()),
                "field-ring",
                values,
                Some(ring.above),
            ));
        }
        self.report.mistakes.sort_by_key(|mistake| mistake.line);
        Ok(())
    }
}

/// How much two names are alike: letters that stand in both, from the start and anywhere.
fn likeness(one: &str, other: &str) -> usize {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let within = one.chars().filter(|letter| other.contains(*letter)).count();
    same * 3 + within * 2 - one.len().min(within * 2)
}
