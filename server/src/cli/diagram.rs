//! `aftercare diagram`: a process as a picture's text.

use std::path::{Path, PathBuf};

use aftercare_engine::diagram;
use aftercare_engine::language::Language;
use clap::{Args, ValueEnum};

use super::{Exit, Failure, print, simulate};

/// Draw a process, as text for Mermaid or as SCXML for other statechart tools
#[derive(Args, Debug)]
pub struct Diagram {
    /// A process file, or the name of a process of the bundle
    #[arg(value_name = "FILE|PROCESS")]
    what: String,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Language of the titles: en, fa, zh, pl
    #[arg(long, default_value = "en")]
    language: String,
    /// Folder with workflows/, rules/ and tests/scenarios/
    #[arg(long, value_name = "DIR", env = "AFTERCARE_BUNDLE", default_value = ".")]
    bundle: PathBuf,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Mermaid,
    Scxml,
}

impl Diagram {
    pub fn run(self) -> Result<Exit, Failure> {
        let language = Language::of_code(&self.language)
            .ok_or_else(|| Failure::usage(format!("there is no language `{}`", self.language)))?;
        let named = self.bundle.join("workflows/processes").join(format!("{}.yaml", self.what));
        let (file, bundle) = if Path::new(&self.what).is_file() {
            (PathBuf::from(&self.what), None)
        } else if named.is_file() {
            (named, Some(self.bundle.as_path()))
        } else {
            return Err(Failure::environment(format!("there is no file and no process `{}`", self.what)));
        };
        let chart = match simulate::chart(&file, bundle)? {
            Ok(chart) => chart,
            Err(told) => {
                print::problems(&told);
                return Ok(Exit::Problems);
            }
        };
        print::all(&match self.format {
            Format::Mermaid => diagram::mermaid(&chart, language),
            Format::Scxml => diagram::scxml(&chart),
        });
        Ok(Exit::Fine)
    }
}
