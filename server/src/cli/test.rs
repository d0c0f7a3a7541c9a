//! `aftercare test`: the stories of the processes and the tables of the rules, without a server.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Instant;

use aftercare_engine::bundle;
use aftercare_engine::diagnostic::render::{self, Colour};
use aftercare_engine::diagnostic::{Diagnostic, json, sarif};
use aftercare_engine::rules::tests as tables;
use aftercare_engine::scenario::coverage::Coverage;
use aftercare_engine::scenario::{self, Report, coverage};
use clap::Args;

use super::check::{self, Format};
use super::{Exit, Failure, print};

/// Run the stories and the rule tests of a bundle
///
/// What comes out otherwise than written is shown at the line that expected it.
#[derive(Args, Debug)]
pub struct Test {
    /// Folder with workflows/, rules/ and tests/scenarios/
    #[arg(long, value_name = "DIR", env = "AFTERCARE_BUNDLE", default_value = ".")]
    bundle: PathBuf,
    /// Only stories and rule tests whose name has this text in it
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// How to tell what failed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Also tell what no story has seen: states, transitions, outcomes of guards and of rule conditions
    #[arg(long)]
    coverage: bool,
}

impl Test {
    pub fn run(self) -> Result<Exit, Failure> {
        let begun = Instant::now();
        let (bundle, found) = check::load(&self.bundle)?;
        if bundle::has_errors(&found) {
            print::all(&check::told(&found, &bundle.sources, self.format));
            return Ok(Exit::Problems);
        }
        let wanted = |name: &str| self.filter.as_ref().is_none_or(|text| name.contains(text.as_str()));
        let stories = bundle.scenarios.iter().filter(|story| wanted(&story.scenario.value));
        let reports: Vec<Report> = stories.map(|story| scenario::run(&bundle, story)).collect();
        let cases: Vec<tables::CaseResult> = bundle
            .rule_tests
            .iter()
            .flat_map(|table| tables::run(table, &bundle.library.rules))
            .filter(|case| wanted(&case.name) || wanted(&case.rule))
            .collect();
        let mut failed: Vec<Diagnostic> = reports.iter().flat_map(|report| report.found.clone()).collect();
        failed.extend(cases.iter().flat_map(|case| {
            let about = format!("{}: {}", case.rule, case.name);
            case.problems
                .iter()
                .map(move |problem| Diagnostic::error("AC0702", case.place, format!("{about}: {problem}")))
        }));
        let passed = reports.iter().filter(|report| report.passed()).count()
            + cases.iter().filter(|case| case.passed()).count();
        let total = reports.len() + cases.len();
        match self.format {
            Format::Text => {
                let colour = if std::io::stdout().is_terminal() { Colour::Ansi } else { Colour::Plain };
                if !failed.is_empty() {
                    print::all(&render::full(&failed, &bundle.sources, colour));
                }
                if self.coverage {
                    tell_coverage(&coverage::of(&bundle, &reports, &cases));
                }
                print::line(format!("{} passed, {} failed", passed, total - passed));
                tracing::debug!(took_ms = begun.elapsed().as_millis(), "Ran all stories");
            }
            Format::Json => print::all(&format!("{:#}\n", json::array(&failed, &bundle.sources))),
            Format::Sarif => print::all(&format!("{:#}\n", sarif::log(&failed, &bundle.sources))),
        }
        Ok(if failed.is_empty() { Exit::Fine } else { Exit::Problems })
    }
}

/// How much of each process the stories have seen, and what they have not.
fn tell_coverage(coverage: &Coverage) {
    for (process, seen) in &coverage.processes {
        let parts = [("states", &seen.states), ("transitions", &seen.transitions), ("guards", &seen.guards)];
        for (what, part) in parts {
            tell_part(&format!("{process}: {what}"), part);
        }
    }
    tell_part("rules: conditions", &coverage.conditions);
}

fn tell_part(what: &str, part: &coverage::Part) {
    print::line(format!("{what:<32} {:>4} of {:<4} {:>3} %", part.seen, part.total, part.percent()));
    for missing in &part.missing {
        print::line(format!("    never: {missing}"));
    }
}
