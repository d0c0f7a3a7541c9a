//! Which names an expression may use, and where a place in its text stands in the author's file.

use std::sync::Arc;

use super::Name;
use crate::diagnostic::{Diagnostic, Place, SourceId, Sp};
use crate::facts::shape::{self, Entry, Kind};

/// Names beside those of the world, which are always known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'a> {
    /// The ticket's own fields, in the order of the chart's fields.
    pub fields: &'a [(Arc<str>, Kind)],
    /// Names that hold only here, such as `line`; they go before all others.
    pub locals: &'a [(&'a str, Kind)],
    /// Names whose keys are known here although the table of facts does not say them, such as `data`.
    pub records: &'a [Record<'a>],
    /// Any name may stand: for a bare statechart that declares nothing.
    pub lenient: bool,
}

/// A name and its keys with their types.
pub type Record<'a> = (&'a str, &'a [(Arc<str>, Kind)]);

impl Scope<'_> {
    /// The keys of a name, when they are known here.
    pub fn keys_of(&self, name: &str) -> Option<&[(Arc<str>, Kind)]> {
        self.records.iter().find(|(record, _)| *record == name).map(|(_, keys)| *keys)
    }

    /// A known name with the type of its value.
    pub fn find(&self, name: &str) -> Option<(Name, Kind)> {
        let made = |field| Name { text: Arc::from(name), field };
        if let Some((_, kind)) = self.locals.iter().find(|(local, _)| *local == name) {
            return Some((made(None), *kind));
        }
        if let Some((n, (_, kind))) =
            self.fields.iter().zip(0u16..).map(|(f, n)| (n, f)).find(|(_, f)| &*f.0 == name)
        {
            return Some((made(Some(n)), *kind));
        }
        if let Some(entry) = world(name) {
            return Some((made(None), entry.kind));
        }
        self.lenient.then(|| (made(None), Kind::Any))
    }

    /// All known names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let locals = self.locals.iter().map(|(name, _)| *name);
        let fields = self.fields.iter().map(|(name, _)| &**name);
        locals.chain(fields).chain(shape::WORLD.iter().map(|entry| entry.name))
    }
}

/// A name of the world.
pub fn world(name: &str) -> Option<&'static Entry> {
    shape::WORLD.iter().find(|entry| entry.name == name)
}

/// A line and a column in a text, both from 1; columns count characters. Line 0: unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    pub line: u32,
    pub column: u32,
}

impl From<rhai::Position> for Mark {
    fn from(position: rhai::Position) -> Self {
        let number = |n: Option<usize>| n.and_then(|n| u32::try_from(n).ok());
        Self { line: number(position.line()).unwrap_or(0), column: number(position.position()).unwrap_or(1) }
    }
}

/// What a mark is a mark in.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// An expression that stands as a value in a YAML file.
    Scalar(&'a Sp<String>),
    /// A whole rule file.
    File { source: SourceId, text: &'a str },
}

impl Origin<'_> {
    /// The place of so many characters at a mark. Inside a folded or escaped scalar only the scalar is known.
    pub fn place(&self, mark: Mark, characters: usize) -> Place {
        match self {
            Self::Scalar(text) => in_scalar(text, mark, characters),
            Self::File { source, text } => {
                let start: usize = text
                    .split_inclusive('\n')
                    .take((mark.line as usize).saturating_sub(1))
                    .map(str::len)
                    .sum();
                let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
                let (before, len) = measure(line, mark.column, characters);
                Place {
                    source: *source,
                    line: mark.line.max(1),
                    column: mark.column.max(1),
                    start: u32::try_from(start + before).unwrap_or(u32::MAX),
                    len,
                }
            }
        }
    }
}

fn in_scalar(text: &Sp<String>, mark: Mark, characters: usize) -> Place {
    let whole = text.place;
    let quotes = match (whole.len as usize).checked_sub(text.value.len()) {
        Some(0) => 0,
        Some(2) => 1,
        _ => return whole,
    };
    if mark.line != 1 || text.value.contains('\n') {
        return whole;
    }
    let (before, len) = measure(&text.value, mark.column, characters);
    Place {
        column: whole.column + quotes + mark.column.saturating_sub(1),
        start: whole.start + quotes + u32::try_from(before).unwrap_or(0),
        len,
        ..whole
    }
}

/// Bytes before a column, and bytes of so many characters from there: at least one, at most the line's rest.
fn measure(line: &str, column: u32, characters: usize) -> (usize, u32) {
    let mut rest = line.char_indices().skip((column as usize).saturating_sub(1));
    let start = rest.next().map_or(line.len(), |(n, _)| n);
    let end = rest.nth(characters.max(1) - 1).map_or(line.len(), |(n, _)| n);
    (start, u32::try_from(end.saturating_sub(start)).unwrap_or(1).max(1))
}

/// Findings while a text is compiled.
#[derive(Debug)]
pub struct Findings<'a> {
    pub origin: Origin<'a>,
    pub found: Vec<Diagnostic>,
}

impl Findings<'_> {
    /// Notes an error about a word at a mark.
    pub fn error(&mut self, code: &'static str, mark: Mark, word: &str, message: impl Into<String>) {
        self.add(code, mark, word, message, |diagnostic| diagnostic);
    }

    /// Notes an error about a word at a mark, with more said about it.
    pub fn add(
        &mut self,
        code: &'static str,
        mark: Mark,
        word: &str,
        message: impl Into<String>,
        more: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let place = self.origin.place(mark, word.chars().count());
        self.found.push(more(Diagnostic::error(code, place, message)));
    }
}
