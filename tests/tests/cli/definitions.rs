//! `check`, `test`, `explain CODE`: what they say about definitions, and their exit codes.

use aftercare_tests::company;

use crate::{folder, run, text};

const STORY: &str = "
scenarios:
  - scenario: whoever brings it is heard
    process: errand
    open:
      by: reception
      data: {fault: it does not spin}
      expect: {configuration: [STATE]}
";

/// The company of the store's tests with a story that ends in this state.
fn bundle(state: &str) -> tempfile::TempDir {
    let mut files = company::files();
    files.push(("tests/scenarios/errand/heard.yaml".into(), STORY.replace("STATE", state)));
    folder(&files)
}

#[test]
fn a_sound_bundle_ends_with_0() {
    let bundle = bundle("registered");
    let checked = run(&["check", "--bundle", text(bundle.path())]);
    assert_eq!(checked.code, 0, "{checked:?}");
}

#[test]
fn an_error_in_a_bundle_ends_with_1_and_names_code_and_place() {
    let mut files = company::files();
    for (path, text) in &mut files {
        if path.ends_with("processes/errand.yaml") {
            *text = text.replace("{10 days: forgotten}", "{10 days: forgoten}");
        }
    }
    let bundle = folder(&files);
    let checked = run(&["check", "--bundle", text(bundle.path())]);
    assert_eq!(checked.code, 1, "{checked:?}");
    assert!(checked.out.contains("AC0102"), "{}", checked.out);
    assert!(checked.out.contains("workflows/processes/errand.yaml:"), "{}", checked.out);
    let told = run(&["check", "--format", "json", "--bundle", text(bundle.path())]);
    let told: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    assert!(told.to_string().contains("AC0102"), "{told}");
}

#[test]
fn nobody_is_asked_for_a_password_where_nobody_sends_anything() {
    let mut files = company::files();
    let errand = files.iter_mut().find(|(path, _)| path.ends_with("processes/errand.yaml")).expect("it");
    errand.1 =
        errand.1.replace("{10 days: forgotten}", "{10 days: {target: forgotten, reauthenticate: true}}");
    let checked = run(&["check", "--bundle", text(folder(&files).path())]);
    assert!(checked.code == 1 && checked.out.contains("AC0206"), "{checked:?}");
}

#[test]
fn stories_that_come_out_as_written_end_with_0_and_others_with_1() {
    let good = bundle("registered");
    let passed = run(&["test", "--bundle", text(good.path())]);
    assert_eq!((passed.code, passed.out.trim()), (0, "1 passed, 0 failed"), "{passed:?}");
    let bad = bundle("working");
    let failed = run(&["test", "--bundle", text(bad.path())]);
    assert_eq!(failed.code, 1, "{failed:?}");
    assert!(failed.out.contains("tests/scenarios/errand/heard.yaml:"), "{}", failed.out);
}

#[test]
fn what_is_no_bundle_ends_with_3_and_a_wrong_argument_with_2() {
    let nothing = tempfile::tempdir().expect("a folder");
    let checked = run(&["check", "--bundle", text(nothing.path())]);
    assert_eq!(checked.code, 3, "{checked:?}");
    assert!(checked.problems.starts_with("error: `"), "{}", checked.problems);
    assert_eq!(run(&["check", "--formt", "json"]).code, 2);
}

#[test]
fn a_diagnostic_code_is_explained_in_any_case_and_an_unknown_one_ends_with_2() {
    let told = run(&["explain", "ac0102"]);
    assert_eq!(told.code, 0);
    assert!(told.out.starts_with("AC0102: "), "{}", told.out);
    let unknown = run(&["explain", "AC9999"]);
    assert_eq!(unknown.code, 2);
    assert_eq!(unknown.problems, "error: there is no code `AC9999`; codes look like AC0102\n");
}

// SP-16
#[test]
fn the_way_of_an_on_site_repair_by_an_agency_is_drawn_in_every_language() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    for (language, words) in [
        ("en", ["Agencies are asked", "Takes the job", "assign_agency"]),
        ("fa", ["در انتظار پاسخ نمایندگان", "پذیرفت", "ask_agencies"]),
    ] {
        let drawn = run(&["diagram", "onsite_repair", "--language", language, "--bundle", root]);
        assert_eq!(drawn.code, 0, "{drawn:?}");
        assert!(drawn.out.contains("stateDiagram"), "{}", drawn.out);
        for word in words {
            assert!(drawn.out.contains(word), "{word}: {}", drawn.out);
        }
    }
}
