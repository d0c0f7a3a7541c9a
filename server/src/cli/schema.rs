//! `aftercare schema`: the JSON Schema of each kind of definition file, for editors and for reading.

use std::path::PathBuf;

use aftercare_engine::schema;
use clap::Args;

use super::{Exit, Failure, print};

/// Print the JSON Schema of a kind of definition file, or list the kinds
///
/// With --out every schema is written to a folder, as KIND.schema.json, where an editor can use it:
/// `# yaml-language-server: $schema=../../schemas/process.schema.json`
#[derive(Args, Debug)]
pub struct Schema {
    /// The kind, as its first key: process, fragment, messages, …
    kind: Option<String>,
    /// Folder to write the schemas to
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Schema {
    pub fn run(self) -> Result<Exit, Failure> {
        let wanted: Vec<_> = schema::KINDS
            .iter()
            .filter(|kind| self.kind.as_deref().is_none_or(|wanted| kind.key == wanted))
            .collect();
        if let (Some(kind), true) = (&self.kind, wanted.is_empty()) {
            let known: Vec<&str> = schema::KINDS.iter().map(|kind| kind.key).collect();
            return Err(Failure::usage(format!(
                "there is no kind `{kind}`; the kinds are {}",
                known.join(", ")
            )));
        }
        match (&self.out, &self.kind) {
            (Some(folder), _) => {
                let failed = |error| Failure::environment(format!("`{}`: {error}", folder.display()));
                std::fs::create_dir_all(folder).map_err(failed)?;
                for kind in wanted {
                    let path = folder.join(format!("{}.schema.json", kind.key));
                    std::fs::write(path, pretty(&kind.schema())).map_err(failed)?;
                }
            }
            (None, Some(_)) => wanted.iter().for_each(|kind| print::all(&pretty(&kind.schema()))),
            (None, None) => {
                for kind in wanted {
                    print::line(format!("{:10} {:22} {}", kind.key, kind.folder, kind.about));
                }
            }
        }
        Ok(Exit::Fine)
    }
}

fn pretty(schema: &serde_json::Value) -> String {
    format!("{schema:#}\n")
}
