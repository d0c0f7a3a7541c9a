//! What is wrong in an author's file, where, and what to do about it.
//!
//! Wording: lower case, no full stop, the author's own words in backticks, no Rust names; help stands apart.
//! Codes are stable: `AC00xx` file and shape, `AC01xx` names, `AC02xx` statechart, `AC03xx` expressions and
//! rules, `AC04xx` people and waiting, `AC05xx` languages and messages, `AC06xx` money and vouchers,
//! `AC07xx` scenarios.

pub mod codes;
pub mod json;
pub mod place;
pub mod render;
pub mod sarif;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use place::{Place, SourceId, Sources, Sp};

/// How bad it is. Only an error stops a bundle from being deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The definition cannot be deployed.
    Error,
    /// It can be deployed, but an author should look.
    Warning,
}

/// One finding about an author's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code such as `AC0102`.
    pub code: &'static str,
    pub severity: Severity,
    /// One line: what is wrong.
    pub message: String,
    /// Where; absent only when no single place is to blame.
    pub place: Option<Place>,
    /// Short text under the caret.
    pub label: String,
    /// What to do, often the nearest valid name.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            place: Some(place),
            label: String::new(),
            help: None,
        }
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, place, message) }
    }

    /// The short text under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// What the author can do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Help with the valid name nearest to what was written, or with the short list of all of them.
    #[must_use]
    pub fn nearest<'a>(self, what: &str, written: &str, valid: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names: Vec<&str> = valid.into_iter().collect();
        names.sort_unstable();
        names.dedup();
        let article = if what.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
        let best = names
            .iter()
            .map(|name| (strsim::damerau_levenshtein(written, name), *name))
            .min()
            .filter(|(distance, name)| *distance <= 1 + name.len().max(written.len()) / 3);
        match best {
            Some((_, name)) => self.help(format!("{article} {what} with a similar name exists: `{name}`")),
            None if names.is_empty() => self.help(format!("there is no {what} yet")),
            None if names.len() <= 12 => self.help(format!("the {what} can be: `{}`", names.join("`, `"))),
            None => self,
        }
    }
}
