//! Rhai's syntax tree to a [`program`](super::program): names to slots, types guessed, mistakes noted.
//!
//! All mistakes of a text are found in one pass. What Rhai's grammar has and rules do not offer (closures,
//! ranges, `switch`, `try` …) is refused here by name.

mod call;
mod chain;
mod expression;
pub(super) mod kinds;
mod statement;

use std::sync::Arc;

use super::Name;
use super::program::{Node, Read, Site};
use super::scope::{Findings, Mark, Scope};
use crate::diagnostic::Sp;
use crate::facts::shape::Kind;

/// A function of the designer, as others see it.
#[derive(Clone, Debug)]
pub struct Signature {
    pub name: String,
    pub parameters: usize,
}

/// A variable while its function is compiled.
#[derive(Clone, Debug)]
struct Local {
    name: String,
    slot: u16,
    kind: Kind,
    constant: bool,
    /// Facts its value came from.
    reads: Vec<usize>,
}

/// What a text is compiled against, and what is found out about it on the way.
pub struct Lower<'a> {
    pub findings: Findings<'a>,
    scope: Scope<'a>,
    /// A rule knows its parameters only.
    parameters_only: bool,
    /// Names used, in the order of their slots.
    pub roots: Vec<(Name, Kind)>,
    locals: Vec<Local>,
    pub slots: u16,
    /// Facts read, each once, in the order of reading.
    pub reads: Vec<Read>,
    /// Indexes into `reads`, one for each reading.
    log: Vec<usize>,
    /// Fields and the texts that they are compared with.
    pub compared: Vec<(String, String)>,
    pub states: Vec<Sp<String>>,
    functions: &'a [Signature],
    pub called: Vec<u16>,
    pub sites: Vec<Site>,
    /// Number of the first site of this text among all.
    first_site: usize,
    /// Path of the rule file; none in an expression, where conditions are not named.
    file: Option<&'a str>,
    in_loop: bool,
}

impl<'a> Lower<'a> {
    /// For an expression.
    pub fn expression(findings: Findings<'a>, scope: Scope<'a>) -> Self {
        Self {
            findings,
            scope,
            parameters_only: false,
            roots: Vec::new(),
            locals: Vec::new(),
            slots: 0,
            reads: Vec::new(),
            log: Vec::new(),
            compared: Vec::new(),
            states: Vec::new(),
            functions: &[],
            called: Vec::new(),
            sites: Vec::new(),
            first_site: 0,
            file: None,
            in_loop: false,
        }
    }

    /// For a function of a rule file with these parameters.
    pub fn function(
        findings: Findings<'a>,
        file: &'a str,
        functions: &'a [Signature],
        parameters: Vec<(Name, Kind)>,
        first_site: usize,
    ) -> Self {
        Self {
            parameters_only: true,
            roots: parameters,
            functions,
            file: Some(file),
            first_site,
            ..Self::expression(findings, Scope::default())
        }
    }

    /// The slot of a name that is a fact, a field or a parameter.
    fn root(&mut self, name: &str, mark: Mark) -> Option<(u16, Kind)> {
        let known = self.roots.iter().zip(0u16..).find(|((root, _), _)| &*root.text == name);
        if let Some(((_, kind), n)) = known {
            return Some((n, *kind));
        }
        if !self.parameters_only
            && let Some((found, kind)) = self.scope.find(name)
        {
            let n = u16::try_from(self.roots.len()).ok()?;
            self.roots.push((found, kind));
            return Some((n, kind));
        }
        self.unknown_name(name, mark);
        None
    }

    fn unknown_name(&mut self, name: &str, mark: Mark) {
        let locals = self.locals.iter().map(|local| local.name.as_str());
        let mut names: Vec<&str> = locals.chain(self.roots.iter().map(|(root, _)| &*root.text)).collect();
        if !self.parameters_only {
            names.extend(self.scope.names());
        }
        let is_fact = super::scope::world(name).is_some();
        let message = format!("unknown name `{name}`");
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        self.findings.add("AC0301", mark, name, message, |diagnostic| {
            let diagnostic = diagnostic.label("no such fact, field or variable");
            if is_fact {
                return diagnostic.help(format!("`{name}` is a fact; add it to the rule's parameters"));
            }
            diagnostic.nearest("name", name, names.iter().map(String::as_str))
        });
    }

    /// Remembers that a fact is read here.
    fn read(&mut self, root: u16, keys: &[Arc<str>]) {
        let Some((name, _)) = self.roots.get(usize::from(root)) else { return };
        let path = keys.iter().fold(name.text.to_string(), |path, key| format!("{path}.{key}"));
        let known = self.reads.iter().position(|read| *read.path == *path);
        let n = known.unwrap_or_else(|| {
            self.reads.push(Read { path: path.into(), root, keys: keys.into() });
            self.reads.len() - 1
        });
        self.log.push(n);
    }

    /// Facts read since a point of the log, each once.
    fn read_since(&self, start: usize) -> Vec<usize> {
        let mut found = Vec::new();
        for n in self.log.get(start..).unwrap_or_default() {
            if !found.contains(n) {
                found.push(*n);
            }
        }
        found
    }

    fn local(&self, name: &str) -> Option<&Local> {
        self.locals.iter().rev().find(|local| local.name == name)
    }

    /// Notes a construct that rules do not offer.
    fn not_offered(&mut self, mark: Mark, what: &str, help: &str) -> (Node, Kind) {
        self.findings.add("AC0306", mark, "", format!("{what} is not offered in rules"), |diagnostic| {
            diagnostic.help(help)
        });
        broken()
    }
}

/// Stands where a mistake was noted; nothing with a mistake is ever run.
fn broken() -> (Node, Kind) {
    (Node::Broken, Kind::Any)
}
