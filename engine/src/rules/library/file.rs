//! One rule file: functions to bodies, public ones to rules.

use std::sync::Arc;

use chrono::NaiveDate;
use rhai::{AST, ASTNode, FnAccess, ScriptFuncDef, Stmt};

use crate::diagnostic::{Diagnostic, Place, SourceId};
use crate::facts::shape::{self, Kind};
use crate::rules::Name;
use crate::rules::lower::{Lower, Signature};
use crate::rules::parse;
use crate::rules::program::{Body, Site};
use crate::rules::scope::{Findings, Mark, Origin, world};

/// A compiled rule file.
#[derive(Debug)]
pub struct Compiled {
    pub path: Arc<str>,
    pub stem: String,
    /// Day from which it is in force; none: always.
    pub from: Option<NaiveDate>,
    pub dated_by: Arc<str>,
    pub bodies: Vec<Body>,
    pub sites: Vec<Site>,
    pub entries: Vec<Entry>,
}

/// A rule: a public function.
#[derive(Clone, Debug)]
pub struct Entry {
    pub name: Arc<str>,
    pub function: u16,
    pub parameters: Vec<Arc<str>>,
    pub about: String,
    pub place: Place,
    /// Conditions in it and in the functions it calls.
    pub sites: Vec<u16>,
}

/// What was found out about a function.
struct Compiling {
    sites: std::ops::Range<usize>,
    called: Vec<u16>,
}

/// Name of a rule file without folder, date and ending, and its date as written.
pub fn stem(path: &str) -> (&str, Option<&str>) {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.strip_suffix(".rhai").unwrap_or(name);
    name.split_once('@').map_or((name, None), |(stem, date)| (stem, Some(date)))
}

/// Compiles a rule file and tells all mistakes in it.
pub fn compile(source: SourceId, path: &str, text: &str) -> (Compiled, Vec<Diagnostic>) {
    let origin = Origin::File { source, text };
    let mut findings = Findings { origin, found: Vec::new() };
    let (stem, date) = stem(path);
    let mut file = Compiled {
        path: path.into(),
        stem: stem.to_owned(),
        from: date.and_then(|date| date.parse().ok()),
        dated_by: dated_by(text, &mut findings),
        bodies: Vec::new(),
        sites: Vec::new(),
        entries: Vec::new(),
    };
    if let (Some(date), None) = (date, file.from) {
        let message = format!("`{date}` in the file's name is not a day such as `2026-01-01`");
        findings.error("AC0313", Mark { line: 1, column: 1 }, "", message);
    }
    let Some(tree) = parse::file(text, &mut findings) else { return (file, findings.found) };
    if let Some(statement) = tree.statements().first() {
        let mark = Mark::from(statement.position());
        findings.add(
            "AC0306",
            mark,
            "",
            "a statement outside of a function is not offered in rules",
            |found| found.help("rules are functions: `fn coverage(card, today) { … }`"),
        );
    }
    let found = functions(&mut file, &tree, findings);
    (file, found)
}

fn functions(file: &mut Compiled, tree: &AST, findings: Findings<'_>) -> Vec<Diagnostic> {
    let mut found = findings.found;
    let mut definitions: Vec<&ScriptFuncDef> = tree.iter_fn_def().map(AsRef::as_ref).collect();
    definitions.sort_by_key(|definition| Mark::from(definition.body.start_position()));
    let signatures: Vec<Signature> = definitions
        .iter()
        .map(|definition| Signature {
            name: definition.name.to_string(),
            parameters: definition.params.len(),
        })
        .collect();
    let mut compiling = Vec::new();
    for definition in &definitions {
        let fresh = Findings { origin: findings.origin, found: Vec::new() };
        let parameters = definition.params.iter().map(|name| parameter(name)).collect();
        let first = file.sites.len();
        let mut lower = Lower::function(fresh, &file.path, &signatures, parameters, first);
        let steps = lower.steps(&statements(tree, definition));
        file.bodies.push(Body { steps, slots: lower.slots });
        let called = lower.called;
        let sites = lower.sites;
        found.append(&mut lower.findings.found);
        file.sites.extend(sites);
        compiling.push(Compiling { sites: first..file.sites.len(), called });
    }
    for (definition, function) in definitions.iter().zip(0u16..) {
        if definition.access == FnAccess::Public {
            let mark = Mark::from(definition.body.start_position());
            file.entries.push(Entry {
                name: definition.name.as_str().into(),
                function,
                parameters: definition.params.iter().map(|name| name.as_str().into()).collect(),
                about: about(definition),
                place: findings.origin.place(Mark { column: 1, ..mark }, 2),
                sites: sites(function, &compiling),
            });
        }
    }
    // A file with mistakes offers no rule: what is half understood must not decide.
    if !found.is_empty() {
        file.entries.clear();
    }
    found
}

/// The statements of a function, which Rhai shows only on a walk over the whole tree: those inside its braces.
fn statements(tree: &AST, definition: &ScriptFuncDef) -> Vec<Stmt> {
    let braces = Mark::from(definition.body.start_position())..=Mark::from(definition.body.end_position());
    let mut found = Vec::new();
    tree.walk(&mut |path| {
        if let [ASTNode::Stmt(statement)] = path
            && braces.contains(&Mark::from(statement.position()))
        {
            found.push((*statement).clone());
        }
        true
    });
    found
}

/// A parameter is the fact of its name; one that is no fact of the world is a ticket's field.
fn parameter(name: &str) -> (Name, Kind) {
    let kind = match name {
        "item" => Kind::Map(shape::ITEM),
        "line" => Kind::Map(shape::CHARGE_LINE),
        _ => world(name).map_or(Kind::Any, |entry| entry.kind),
    };
    (Name { text: name.into(), field: None }, kind)
}

/// Conditions of a function and of all that it calls.
fn sites(function: u16, functions: &[Compiling]) -> Vec<u16> {
    let mut open = vec![function];
    let mut seen: Vec<u16> = Vec::new();
    while let Some(next) = open.pop() {
        if !seen.contains(&next) {
            seen.push(next);
            open.extend(functions.get(usize::from(next)).into_iter().flat_map(|f| f.called.iter().copied()));
        }
    }
    let ranges = seen.iter().filter_map(|n| functions.get(usize::from(*n))).map(|f| f.sites.clone());
    let mut found: Vec<u16> = ranges.flatten().filter_map(|site| u16::try_from(site).ok()).collect();
    found.sort_unstable();
    found
}

fn about(definition: &ScriptFuncDef) -> String {
    let lines = definition.comments.iter().flat_map(|comment| comment.lines());
    let lines: Vec<&str> = lines.map(|line| line.trim_start_matches('/').trim()).collect();
    lines.join("\n")
}

/// The fact named by a line `// dated by …`.
fn dated_by(text: &str, findings: &mut Findings<'_>) -> Arc<str> {
    let line = text.lines().zip(1u32..).find_map(|(line, n)| Some((line.strip_prefix("// dated by ")?, n)));
    let Some((path, line)) = line else { return "today".into() };
    let path = path.trim().trim_matches('`');
    let mut keys = path.split('.');
    let kind = keys.next().and_then(world).map(|entry| entry.kind);
    let kind = keys.try_fold(kind, |kind, key| match kind {
        Some(Kind::Map(entries)) => Some(entries.iter().find(|e| e.name == key).map(|e| e.kind)),
        _ => None,
    });
    // Which day a moment lies in depends on the time zone: `today` and other days do not.
    if !matches!(kind, Some(Some(Kind::Date))) {
        let mark = Mark { line, column: 13 };
        findings.error("AC0313", mark, path, format!("`{path}` is not a fact that is a date"));
    }
    path.into()
}
