//! `aftercare simulate`: a process file run by hand. Lines in, lines out, no database.

use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aftercare_engine::bundle;
use aftercare_engine::diagnostic::Severity;
use aftercare_engine::diagnostic::render::{self, Colour};
use aftercare_engine::facts::Map;
use aftercare_engine::simulate::{Input, Output, Simulation};
use aftercare_engine::statechart::Statechart;
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};

use super::{Exit, Failure, files, print};

/// Run a process file by hand: events and times in, what became of it out
///
/// Reads one JSON object a line from standard input:
///   {"event": "assign", "data": {"technician": "t1"}, "by": "dispatcher", "at": "2026-11-21T10:00:00Z"}
/// Without `event` only the clock moves; `at` moves it first and fires what comes due on the way; without `by`
/// nobody is asked for a role. Writes one JSON object a line, the initial one first, then one for each input:
///   {"configuration": ["work.visiting"], "outcome": "moved", "reasons": [], "effects": []}
/// A line that is no such object is answered with `"outcome": "error"`, changes nothing, and makes the exit
/// code 1 at the end. Roles, labels, deadlines and translations may be missing in the file.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Simulate {
    /// A process file, or only `initial` and `states`
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// JSON or YAML map of facts that expressions may use, by name
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// The first moment, RFC 3339 [default: 1970-01-01T00:00:00Z]
    #[arg(long, value_name = "TIME")]
    at: Option<DateTime<Utc>>,
    /// Bundle whose fragments, rules, vouchers and messages the file may use [default: the one the file is in]
    #[arg(long, value_name = "DIR")]
    bundle: Option<PathBuf>,
    /// How to write what became of it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object a line
    #[default]
    Json,
    /// One short line each, for people
    Text,
}

impl Simulate {
    pub fn run(self) -> Result<Exit, Failure> {
        let chart = match chart(&self.file, self.bundle.as_deref())? {
            Ok(chart) => chart,
            Err(told) => {
                print::problems(&told);
                return Ok(Exit::Problems);
            }
        };
        let given = match &self.facts {
            Some(path) => facts(path)?,
            None => Map::new(),
        };
        let (mut simulation, first) = Simulation::start(chart, given, self.at.unwrap_or_default());
        let mut configuration = first.configuration.clone();
        self.write(&first);
        let mut exit = Exit::Fine;
        for line in std::io::stdin().lock().split(b'\n') {
            let line = line.map_err(|error| Failure::environment(format!("standard input: {error}")))?;
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            match input(&line) {
                Ok(input) => {
                    let output = simulation.input(input);
                    configuration.clone_from(&output.configuration);
                    self.write(&output);
                }
                Err(message) => {
                    exit = Exit::Problems;
                    self.write_error(&configuration, &message);
                }
            }
        }
        Ok(exit)
    }

    fn write(&self, output: &Output) {
        match self.format {
            Format::Json => print::line(serde_json::to_string(output).unwrap_or_default()),
            Format::Text => {
                let reasons: Vec<&str> = output.reasons.iter().map(|reason| reason.code.as_str()).collect();
                let effects = match output.effects.len() {
                    0 => String::new(),
                    count => format!("  {count} effects"),
                };
                let states = output.configuration.join(" ");
                print::line(
                    format!("{:9} {states}  {}{effects}", output.outcome, reasons.join(" ")).trim_end(),
                );
            }
        }
    }

    fn write_error(&self, configuration: &[String], message: &str) {
        match self.format {
            Format::Json => print::line(serde_json::json!({
                "configuration": configuration,
                "outcome": "error",
                "reasons": [{"code": "bad_input", "values": {"message": message}}],
                "effects": [],
            })),
            Format::Text => print::line(format!("error     {message}")),
        }
    }
}

fn input(line: &[u8]) -> Result<Input, String> {
    serde_json::from_slice(line).map_err(|error| error.to_string())
}

/// The chart of a file, or what is wrong with it.
pub fn chart(file: &Path, bundle: Option<&Path>) -> Result<Result<Arc<Statechart>, String>, Failure> {
    let text = files::text(file)?;
    let folder = bundle.map(Path::to_owned).or_else(|| bundle_of(file));
    let own = folder.as_ref().map_or_else(|| file.to_string_lossy().into_owned(), |root| inside(root, file));
    let mut all = match &folder {
        Some(root) => files::bundle(root)?,
        None => Vec::new(),
    };
    all.retain(|(path, _)| *path != own);
    all.push((own.clone(), text));
    let (loaded, found) = bundle::load_lenient(all);
    let source = loaded.sources.iter().find(|(_, path, _)| *path == own).map(|(id, _, _)| id);
    // Mistakes in other files of the bundle are not this file's.
    let wrong: Vec<_> = found
        .into_iter()
        .filter(|one| one.severity == Severity::Error)
        .filter(|one| one.place.is_none_or(|place| Some(place.source) == source))
        .collect();
    let process = loaded.processes.values().find(|process| Some(process.source) == source);
    match process.and_then(|process| process.chart.clone()) {
        Some(chart) if wrong.is_empty() => Ok(Ok(chart)),
        _ if wrong.is_empty() => Ok(Err(format!("error: `{own}` is not a process\n"))),
        _ => Ok(Err(render::full(&wrong, &loaded.sources, Colour::Plain))),
    }
}

/// The bundle that a file is part of: the folder above its `workflows/`.
fn bundle_of(file: &Path) -> Option<PathBuf> {
    let full = file.canonicalize().ok()?;
    let workflows = full.ancestors().find(|up| up.file_name().is_some_and(|name| name == "workflows"))?;
    workflows.parent().map(Path::to_owned)
}

fn inside(root: &Path, file: &Path) -> String {
    let full = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (root, file) = (full(root), full(file));
    file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/")
}

/// Facts by name. JSON is YAML too.
fn facts(path: &Path) -> Result<Map, Failure> {
    let text = files::text(path)?;
    let wrong =
        |error: String| Failure::usage(format!("`{}` is not a map of facts: {error}", path.display()));
    if path.extension().is_some_and(|ending| ending == "json") {
        return serde_json::from_str(&text).map_err(|error| wrong(error.to_string()));
    }
    serde_yaml::from_str(&text).map_err(|error| wrong(error.to_string()))
}
