//! The processes that the product ships: they check without a finding, and every story about them comes true.

use std::path::Path;

use aftercare::catalog::read_folder;
use aftercare_engine::bundle::{self, Bundle};
use aftercare_engine::diagnostic::Diagnostic;
use aftercare_engine::diagnostic::render::{self, Colour};
use aftercare_engine::rules::tests as tables;
use aftercare_engine::scenario::{self, coverage};

fn shipped() -> (Bundle, Vec<Diagnostic>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
    let (bundle, mut found) = bundle::load(read_folder(root).expect("a bundle"));
    found.extend(aftercare_engine::check::all(&bundle));
    (bundle, found)
}

#[test]
fn the_shipped_processes_check_without_a_finding() {
    let (bundle, found) = shipped();
    assert!(found.is_empty(), "{}", render::full(&found, &bundle.sources, Colour::Plain));
    assert!(bundle.processes.len() >= 3);
}

#[test]
fn every_story_comes_true() {
    let (bundle, _) = shipped();
    let reports = scenario::run_all(&bundle);
    let told: String = reports
        .iter()
        .filter(|report| !report.passed())
        .map(|report| {
            format!("{}\n{}", report.scenario, render::full(&report.found, &bundle.sources, Colour::Plain))
        })
        .collect();
    assert!(told.is_empty(), "{told}");
    assert!(reports.len() >= 25);
}

#[test]
fn the_stories_see_nearly_every_state_and_transition() {
    let (bundle, _) = shipped();
    let tables: Vec<_> =
        bundle.rule_tests.iter().flat_map(|table| tables::run(table, &bundle.library.rules)).collect();
    let coverage = coverage::of(&bundle, &scenario::run_all(&bundle), &tables);
    for (name, process) in &coverage.processes {
        assert!(
            process.states.percent() >= 95,
            "{name} has states without a story: {:?}",
            process.states.missing
        );
        assert!(
            process.transitions.percent() >= 90,
            "{name} has transitions without a story: {:?}",
            process.transitions.missing
        );
    }
}

#[test]
fn every_process_shows_its_requirements() {
    let (bundle, _) = shipped();
    for scenario in &bundle.scenarios {
        assert!(!scenario.ids.is_empty(), "`{}` names no requirement", scenario.scenario.value);
    }
}
