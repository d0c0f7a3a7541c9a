//! The demo company, smaller than usual: its books at the end of a period, by the commands of the README.

use aftercare_tests::world::definitions;

use crate::{Ended, folder, run, text};

#[test]
fn the_demo_company_is_sound_before_and_after_the_runs_over_its_books() {
    let (bundle, data) = (folder(&definitions()), tempfile::tempdir().expect("a folder"));
    let on_it = |arguments: &[&str]| {
        let ended =
            run(&[arguments, &["--data", text(data.path()), "--bundle", text(bundle.path())]].concat());
        assert_eq!(ended.code, 0, "{arguments:?}: {ended:?}");
        ended
    };
    let is_sound = || {
        let Ended { out, .. } = on_it(&["verify"]);
        assert!(out.contains(": nothing is wrong\n"), "{out}");
    };
    // After the end of a quarter: what a quarter asks for is in the books.
    on_it(&["demo", "--tickets", "60", "--at", "2026-09-28T09:00:00Z"]);
    is_sound();
    let list = on_it(&["run"]).out;
    let names: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"provision_true_up") && names.len() >= 5, "{list}");
    let mut posted = false;
    // A year is closed when all its vouchers are final, which nobody makes those of the demo.
    for name in names.into_iter().filter(|name| *name != "year_closing") {
        let shown = on_it(&["run", name, "--preview"]).out;
        let done = on_it(&["run", name]).out;
        // The preview promises what the run then does.
        let counts = |text: &str, before: &str| -> Vec<String> {
            let told = text.lines().filter(|line| line.contains(" items"));
            told.filter_map(|line| line.split_once(before)?.1.split_whitespace().next().map(str::to_owned))
                .collect()
        };
        assert_eq!(counts(&shown, "would post "), counts(&done, "items, "), "{name}: {shown}\n{done}");
        posted |= counts(&done, "items, ").iter().any(|count| count != "0");
        let again = on_it(&["run", name]).out;
        assert!(again.starts_with("Nothing to do"), "{name}: {again}");
    }
    assert!(posted, "no run has posted anything");
    is_sound();
}
