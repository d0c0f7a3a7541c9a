//! All rules of a bundle, compiled once and called by name.
//!
//! A rule is a public function; its parameters are facts by name. A file `prices@2026-07-01.rhai` holds the
//! version of its rules from that day on; which date decides is told by a line `// dated by card.sold_on`, and is
//! `today` without one.

mod file;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::run::{Fault, Machine};
use super::scope::Mark;
use super::{Condition, RuleError};
use crate::diagnostic::{Diagnostic, Place, SourceId, Sources};
use crate::facts::Value;
use file::{Compiled, Entry};

/// The rules of a bundle.
#[derive(Debug, Default)]
pub struct Rules {
    files: Vec<Compiled>,
    rules: BTreeMap<String, Vec<Version>>,
}

/// A rule from a day on.
#[derive(Debug)]
struct Version {
    from: Option<NaiveDate>,
    dated_by: Arc<str>,
    file: usize,
    entry: Entry,
}

/// A fact by name, borrowed where the caller holds it.
pub type Fact<'v> = Option<Cow<'v, Value>>;

impl Rules {
    /// Compiles all rule files of a bundle; what has mistakes is left out and told.
    pub fn compile(files: &[(SourceId, &str)], sources: &Sources) -> (Self, Vec<Diagnostic>) {
        let mut rules = Self::default();
        let mut found = Vec::new();
        for (source, text) in files {
            let path = sources.path(*source);
            let (compiled, mut mistakes) = file::compile(*source, path, text);
            let stem = file::stem(path).0.to_owned();
            for entry in &compiled.entries {
                rules.add(&stem, rules.files.len(), &compiled, entry.clone(), &mut mistakes);
            }
            found.extend(mistakes);
            rules.files.push(compiled);
        }
        found.iter_mut().for_each(|wrong| rules.not_called(wrong));
        for versions in rules.rules.values_mut() {
            versions.sort_by_key(|version| version.from);
        }
        (rules, found)
    }

    /// An unknown function that is a rule: rules are decided, and no file calls those of another one.
    pub(crate) fn not_called(&self, wrong: &mut Diagnostic) {
        let name = wrong.message.strip_prefix("unknown function `").and_then(|rest| rest.strip_suffix('`'));
        let Some(name) = name.filter(|name| wrong.code == "AC0303" && self.has(name)).map(str::to_owned)
        else {
            return;
        };
        wrong.message = format!("the rule `{name}` cannot be called from here");
        wrong.label = "a rule is no function for others".to_owned();
        let help = "`decide` it first and read its answer as a fact, or have a `private fn` in this file";
        wrong.help = Some(help.to_owned());
    }

    fn add(
        &mut self,
        stem: &str,
        file: usize,
        compiled: &Compiled,
        entry: Entry,
        found: &mut Vec<Diagnostic>,
    ) {
        let versions = self.rules.entry(entry.name.to_string()).or_default();
        let other = versions.iter().find(|version| {
            let same_family = self.files.get(version.file).is_some_and(|other| other.stem == stem);
            !same_family || version.from == compiled.from
        });
        if let Some(other) = other {
            let path = self.files.get(other.file).map_or("this file", |file| &*file.path);
            found.push(
                Diagnostic::error("AC0312", entry.place, format!("there are two rules `{}`", entry.name))
                    .help(format!("the other one is in `{path}`; make one `private` or rename it")),
            );
            return;
        }
        let dated_by = compiled.dated_by.clone();
        versions.push(Version { from: compiled.from, dated_by, file, entry });
    }

    /// Calls a rule with the facts it names, and gives its answer with the conditions it asked.
    ///
    /// # Errors
    /// When there is no such rule, none in force on the date, or it has no answer.
    pub fn call<'v>(
        &self,
        name: &str,
        facts: &dyn Fn(&str) -> Fact<'v>,
    ) -> Result<(Value, Vec<Condition>), RuleError> {
        let version = self.version(name, facts)?;
        let Some(file) = self.files.get(version.file) else { return Err(missing(name)) };
        let arguments: smallvec::SmallVec<[Cow<'v, Value>; 12]> =
            version.entry.parameters.iter().map(|name| facts(name).unwrap_or_default()).collect();
        let machine = Machine::new(&file.bodies, &file.sites);
        let value = machine
            .invoke(version.entry.function, &arguments, Mark { line: version.entry.place.line, column: 1 })
            .map_err(|fault| located(&file.path, *fault))?;
        Ok((value, machine.noted.into_inner()))
    }

    /// The version in force: the last whose day is not after the date that decides.
    fn version<'v>(&self, name: &str, facts: &dyn Fn(&str) -> Fact<'v>) -> Result<&Version, RuleError> {
        let versions = self.rules.get(name).ok_or_else(|| missing(name))?;
        if let [only] = versions.as_slice()
            && only.from.is_none()
        {
            return Ok(only);
        }
        let date = |path: &str| {
            let (root, rest) = path.split_once('.').unwrap_or((path, ""));
            let value = facts(root)?;
            if rest.is_empty() { value.as_date() } else { value.at(rest).and_then(Value::as_date) }
        };
        let in_force = versions.iter().rev().find(|version| match version.from {
            None => true,
            Some(from) => date(&version.dated_by).or_else(|| date("today")).is_some_and(|day| from <= day),
        });
        in_force.ok_or_else(|| RuleError {
            message: format!("no version of the rule `{name}` is in force on that day"),
            source_line: self.path(name).to_owned(),
        })
    }

    fn path(&self, name: &str) -> &str {
        let version = self.rules.get(name).and_then(|versions| versions.last());
        version.and_then(|version| self.files.get(version.file)).map_or("rules", |file| &file.path)
    }

    /// Names of all rules, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.rules.keys().map(String::as_str)
    }

    /// Whether there is such a rule.
    pub fn has(&self, name: &str) -> bool {
        self.rules.contains_key(name)
    }

    /// The facts that a rule asks for, over all its versions, each once; none if there is no such rule.
    pub fn parameters(&self, name: &str) -> Option<impl Iterator<Item = &str>> {
        let versions = self.rules.get(name)?;
        let all: Vec<&str> =
            versions.iter().flat_map(|version| &version.entry.parameters).map(|name| &**name).collect();
        let first = |n: usize, name: &str| all.iter().position(|other| *other == name) == Some(n);
        let once: Vec<&str> =
            all.iter().enumerate().filter(|(n, name)| first(*n, name)).map(|(_, name)| *name).collect();
        Some(once.into_iter())
    }

    /// What the author says about a rule.
    pub fn about(&self, name: &str) -> &str {
        self.versions(name).last().map_or("", |version| &version.entry.about)
    }

    /// Where a rule begins.
    pub fn place(&self, name: &str) -> Option<Place> {
        self.versions(name).last().map(|version| version.entry.place)
    }

    /// Names of the conditions that a rule can ask, in the order of its text. Each is a branch both ways.
    pub fn conditions(&self, name: &str) -> Vec<Arc<str>> {
        let mut found: Vec<Arc<str>> = Vec::new();
        for version in self.versions(name) {
            let Some(file) = self.files.get(version.file) else { continue };
            for site in version.entry.sites.iter().filter_map(|n| file.sites.get(usize::from(*n))) {
                if !found.contains(&site.name) {
                    found.push(site.name.clone());
                }
            }
        }
        found
    }

    fn versions(&self, name: &str) -> impl DoubleEndedIterator<Item = &Version> {
        self.rules.get(name).into_iter().flatten()
    }
}

fn missing(name: &str) -> RuleError {
    RuleError { message: format!("there is no rule `{name}`"), source_line: "rules".to_owned() }
}

#[cold]
fn located(path: &str, fault: Fault) -> RuleError {
    RuleError { message: fault.message, source_line: format!("{path}:{}", fault.mark.line) }
}

#[cfg(test)]
mod tests;
