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
fn every_verdict_about_the_cover_is_told_in_a_sentence() {
    let (bundle, _) = shipped();
    let terms = ["guarantee", "extension", "warranty", "commitment"];
    let granted = terms.iter().flat_map(|term| ["in", "partly", "out"].map(|how| format!("{how}_by_{term}")));
    let asked = bundle.library.rules.conditions("coverage").into_iter();
    let refused = asked.filter(|name| !name.starts_with("in_")).map(|name| format!("not_{name}"));
    let others =
        ["not_terms_over", "not_at_own_cost", "in_by_rework", "in_by_goodwill", "partly_by_goodwill"];
    let others =
        others.into_iter().chain(["in_by_installation", "not_first_installation"]).map(str::to_owned);
    let all: Vec<String> = granted.chain(refused).chain(others).collect();
    assert!(all.len() > 25, "{all:?}");
    let without = all.iter().filter(|key| bundle.library.reasons.get(key).is_none());
    assert_eq!(without.collect::<Vec<_>>(), Vec::<&String>::new());
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

/// Rows of the posting table in which something is posted; G3, what is rejected, posts nothing.
const ROWS: &str = "A1 A2 B1 B2 B3 C1 C2 C3 D1 D2 D3 D4 D5 E1 E2 E3 E4 E5 E6 E7 F1 F2 G1 G2 G4 H1 H2 H3 H4 H5 I1 I2 I3 \
    I4 I5 I6 J1 J2 J3 J4 K1 K2 L1 L2 M1 M2 N1 N2";

/// SP-58: each row of the posting table has its templates, and each template a story or a test that says to the last
/// unit what it posts.
#[test]
fn every_row_of_the_posting_table_is_posted_in_a_story_or_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
    let text = |path: &str| std::fs::read_to_string(root.join(path)).expect("a text");
    let stories: String = read_folder(root)
        .expect("a bundle")
        .into_iter()
        .filter(|(path, _)| path.starts_with("tests/scenarios/"))
        .map(|(_, text)| text)
        .collect();
    let tests =
        ["postings", "recompute", "reports"].map(|name| text(&format!("tests/tests/books/{name}.rs")));
    let table = text("workflows/vouchers/README.md");
    let (mut rows, mut unproved) = (Vec::new(), Vec::new());
    for row in table.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, ids, _, templates, ..] = cells.as_slice() else { continue };
        rows.extend(ids.split(", ").map(str::to_owned));
        for template in templates.split('`').skip(1).step_by(2) {
            let in_story = stories.contains(&format!("template: {template},"))
                || stories.contains(&format!("template: {template}\n"));
            if !in_story && !tests.iter().any(|test| test.contains(&format!("\"{template}\""))) {
                unproved.push(format!("{ids}: {template}"));
            }
        }
    }
    let missing: Vec<&str> = ROWS.split_whitespace().filter(|id| !rows.iter().any(|row| row == id)).collect();
    assert!(missing.is_empty(), "rows without a template: {missing:?}");
    assert!(unproved.is_empty(), "templates that no story shows: {unproved:?}");
}

/// N2: what a customer pays is rounded on a line of its own, and VAT stays what it is.
#[test]
fn a_company_that_rounds_documents_books_the_difference_by_itself_n2() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
    let mut files = read_folder(root).expect("a bundle");
    files.retain(|(path, _)| !path.starts_with("tests/scenarios/") || path.ends_with("givens.yaml"));
    for (_, text) in files.iter_mut().filter(|(path, _)| path.ends_with("company.yaml")) {
        text.push_str("document_rounding: {to: 100000}\n");
    }
    files.push(("tests/scenarios/onsite_repair/rounded.yaml".to_owned(), ROUNDED.to_owned()));
    let (bundle, found) = bundle::load(files);
    assert!(found.is_empty(), "{}", render::full(&found, &bundle.sources, Colour::Plain));
    let reports = scenario::run_all(&bundle);
    assert_eq!(reports.len(), 1);
    for report in reports {
        assert!(report.passed(), "{}", render::full(&report.found, &bundle.sources, Colour::Plain));
    }
}

const ROUNDED: &str = "
scenario: a visit is paid for in round money
process: onsite_repair
given: {use: [house, fridge, out_of_cover]}
open:
  by: call_centre
  data: {fault: The fridge does not cool, fault_code: no_cooling, warranty_kind: internal}
steps:
  - {by: reception, event: pay_for_repair}
  - {by: sara, event: assign_technician, data: {technician: reza, visit_at: '2026-11-23T10:00:00+03:30'}}
  - {after: 2 days, by: reza, event: set_out}
  - {by: reza, event: arrive}
  - {by: reza, event: safe, data: {safety: {power_off: true, supply_shut: false, area_clear: true, protection: true}}}
  - {by: reza, event: diagnosed, data: {findings: Main board burnt, fault_code: electronics}}
  - {by: reza, event: add_parts, data: {parts: [{code: BOARD, quantity: 1, old_serial: B-OLD-1, new_serial: B-NEW-1}]}}
  - {by: reza, event: add_services, data: {services: [{code: VISIT, quantity: 1}]}}
  - {by: reza, event: plan_done}
  - by: customer
    event: decline
    expect:
      vouchers:
        - template: customer_invoice
          lines:
            - {debit: 113001, amount: 440000}
            - {debit: 819001, amount: 40000}
            - {credit: 610001, amount: 400000}
            - {credit: 312001, amount: 40000}
            - {credit: 113001, amount: 40000}
";
