//! `aftercare check`: everything that can be known about a bundle before a ticket exists.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use aftercare_engine::bundle::{self, Bundle};
use aftercare_engine::diagnostic::render::{self, Colour};
use aftercare_engine::diagnostic::{Diagnostic, Sources};
use clap::{Args, ValueEnum};

use super::{Exit, Failure, files, print};

/// Check a bundle's definitions, rules and scenarios
///
/// All problems are told at once, each with its place, a stable code and what to do. Only errors keep a bundle
/// out of service; warnings do not.
#[derive(Args, Debug)]
pub struct Check {
    /// Folder with workflows/, rules/ and tests/scenarios/
    #[arg(long, value_name = "DIR", env = "AFTERCARE_BUNDLE", default_value = ".")]
    bundle: PathBuf,
    /// How to tell them
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Tell only what concerns these files; the whole bundle is read all the same
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// How findings are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// As a compiler does, with the piece of the file
    #[default]
    Text,
    /// One JSON document, for editors
    Json,
    /// SARIF 2.1.0, for code hosts
    Sarif,
}

impl Check {
    pub fn run(self) -> Result<Exit, Failure> {
        let (bundle, mut found) = load(&self.bundle)?;
        if !self.files.is_empty() {
            let wanted: Vec<String> = self.files.iter().map(|file| inside(&self.bundle, file)).collect();
            found.retain(|one| {
                one.place
                    .is_some_and(|place| wanted.iter().any(|path| path == bundle.sources.path(place.source)))
            });
        }
        print::all(&told(&found, &bundle.sources, self.format));
        Ok(if bundle::has_errors(&found) { Exit::Problems } else { Exit::Fine })
    }
}

/// A bundle from its folder with all that is wrong in it.
pub fn load(folder: &Path) -> Result<(Bundle, Vec<Diagnostic>), Failure> {
    let (bundle, mut found) = bundle::load(files::bundle(folder)?);
    found.extend(aftercare_engine::check::all(&bundle));
    Ok((bundle, found))
}

/// Findings as text, JSON or SARIF.
pub fn told(found: &[Diagnostic], sources: &Sources, format: Format) -> String {
    let colour = if std::io::stdout().is_terminal() { Colour::Ansi } else { Colour::Plain };
    match format {
        Format::Text => render::full(found, sources, colour),
        Format::Json => format!("{:#}\n", aftercare_engine::diagnostic::json::array(found, sources)),
        Format::Sarif => format!("{:#}\n", aftercare_engine::diagnostic::sarif::log(found, sources)),
    }
}

/// A file as the bundle knows it.
fn inside(bundle: &Path, file: &Path) -> String {
    let full = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (root, file) = (full(bundle), full(file));
    file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/")
}
