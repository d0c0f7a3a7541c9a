//! What became of a file, or would: counts, and every mistake with its line, its column and what was expected.

use serde_json::{Value, json};

use crate::i18n::{self, Language};
use crate::register::Register;
use crate::register::check::{Wrong, not_found};

/// Most mistakes that are told one by one; the others are counted.
pub const TOLD: usize = 1000;

/// A mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// From 1; none: the file as a whole.
    pub line: Option<u64>,
    /// What stands in the first line above it.
    pub column: Option<String>,
    /// Key of its text.
    pub code: &'static str,
    pub values: Vec<(&'static str, String)>,
    /// What stands there.
    pub found: Option<String>,
}

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub lines: u64,
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// The first mistakes.
    pub mistakes: Vec<Mistake>,
    /// How many there are in all.
    pub wrong: u64,
}

impl Report {
    pub fn is_clean(&self) -> bool {
        self.wrong == 0
    }

    pub fn note(&mut self, mistake: Mistake) {
        self.wrong += 1;
        if self.mistakes.len() < TOLD {
            self.mistakes.push(mistake);
        }
    }

    /// In somebody's language.
    pub fn told(&self, language: Language) -> Value {
        let mistakes: Vec<Value> = self.mistakes.iter().map(|one| one.told(language)).collect();
        json!({
            "lines": self.lines,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "wrong": self.wrong,
            "errors": mistakes,
        })
    }
}

impl Mistake {
    /// About the file as a whole.
    pub fn whole(code: &'static str) -> Self {
        Self { line: None, column: None, code, values: Vec::new(), found: None }
    }

    /// What is wrong with the entry of a line.
    pub fn of(line: u64, wrong: Wrong) -> Self {
        let Wrong { field, code, values } = wrong;
        Self { line: Some(line), column: Some(field), code, values, found: None }
    }

    /// A field names an entry that is not there.
    pub fn not_there(line: u64, field: &str, register: &Register, key: &str) -> Self {
        let found = Some(key.to_owned());
        Self { found, ..Self::of(line, not_found(field, register, key.to_owned())) }
    }

    pub fn message(&self, language: Language) -> String {
        let field = self.column.clone().unwrap_or_default();
        let values: Vec<(&str, String)> = self
            .values
            .iter()
            .map(|(name, value)| match *name {
                "what" => (*name, i18n::text(language, &format!("thing-{value}"), &[])),
                _ => (*name, value.clone()),
            })
            .chain([("field", field)])
            .collect();
        i18n::text(language, self.code, &values)
    }

    fn told(&self, language: Language) -> Value {
        let mut told = json!({"code": self.code.replace('-', "_"), "message": self.message(language)});
        let parts = [
            ("line", self.line.map(|line| json!(line))),
            ("column", self.column.as_ref().map(|column| json!(column))),
            ("found", self.found.as_ref().map(|found| json!(found))),
        ];
        if let Some(map) = told.as_object_mut() {
            map.extend(parts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        }
        told
    }
}
