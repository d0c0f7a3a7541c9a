//! A bundle: all definition files together, read, compared, merged, compiled and addressed by content.
//!
//! Loading never stops at the first mistake: whatever could be read is returned, with all that is wrong in all
//! files. It opens no files: whoever calls brings paths and texts.

mod hash;
mod read;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::definition::rule_tests::RuleTests;
use crate::definition::scenario::{Given, Scenario};
use crate::definition::{Process, Table};
use crate::diagnostic::{Diagnostic, Severity, SourceId, Sources};
use crate::library::Library;
use crate::report::Report;
use crate::statechart::Statechart;

/// A loaded bundle. It may be put into service only if no finding is an error.
#[derive(Debug, Default)]
pub struct Bundle {
    pub sources: Sources,
    pub library: Arc<Library>,
    pub processes: BTreeMap<String, LoadedProcess>,
    /// Reports over tickets by name.
    pub reports: BTreeMap<String, Arc<Report>>,
    /// Stories in the order of their files.
    pub scenarios: Vec<Scenario>,
    /// Tests beside the rules.
    pub rule_tests: Vec<RuleTests>,
    /// What stories share.
    pub givens: Table<Given>,
    /// Over all files; equal texts under equal paths give an equal hash.
    pub hash: String,
}

/// One process of a bundle.
#[derive(Debug)]
pub struct LoadedProcess {
    pub source: SourceId,
    /// As written, fragments merged.
    pub definition: Arc<Process>,
    /// Ready to run; none if something in it cannot.
    pub chart: Option<Arc<Statechart>>,
    /// Over its file and the fragments in it: a new version begins when this changes.
    pub hash: String,
}

impl Bundle {
    /// The compiled chart of a process.
    pub fn chart(&self, process: &str) -> Option<&Arc<Statechart>> {
        self.processes.get(process)?.chart.as_ref()
    }
}

/// Reads a bundle from its files: path relative to the bundle, and text.
pub fn load(files: Vec<(String, String)>) -> (Bundle, Vec<Diagnostic>) {
    read::bundle(files, false)
}

/// Reads files of which a process may name what is not there: for `simulate`.
pub fn load_lenient(files: Vec<(String, String)>) -> (Bundle, Vec<Diagnostic>) {
    read::bundle(files, true)
}

pub(crate) use read::in_order;

/// The hash that a bundle of these files has, without reading them.
pub fn hash_of(files: &[(String, String)]) -> String {
    hash::of(files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
}

/// Whether anything found keeps the bundle out of service.
pub fn has_errors(found: &[Diagnostic]) -> bool {
    found.iter().any(|one| one.severity == Severity::Error)
}
