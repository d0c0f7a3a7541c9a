//! Nothing that is broken in the shipped definitions goes unnoticed: each kind of mistake is made at places all
//! over them, and `check` has to tell of it where it was made.

#![expect(clippy::expect_used, reason = "a test stops at what is not there")]
#![expect(clippy::disallowed_methods, reason = "a test reads the files it is about")]
#![expect(clippy::string_slice, reason = "lines are cut where a mark was found")]

mod kinds;

use aftercare_engine::diagnostic::{Diagnostic, Severity};
use aftercare_engine::{bundle, check};
use kinds::{KINDS, Kind, Mutant, Told};

/// Paths and texts.
type Files = Vec<(String, String)>;

/// At how many places a mistake is made that has to be made alone.
const PLACES: usize = 2;

fn shipped() -> Files {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["workflows", "rules"] {
        read(&root.join(folder), folder, &mut files);
    }
    files.sort();
    files
}

fn read(folder: &std::path::Path, name: &str, files: &mut Files) {
    for entry in std::fs::read_dir(folder).expect("a folder of definitions") {
        let path = entry.expect("an entry").path();
        let file = path.file_name().expect("a name").to_string_lossy().into_owned();
        let inner = format!("{name}/{file}");
        if path.is_dir() {
            read(&path, &inner, files);
        } else if file.ends_with(".rhai") || file.ends_with(".yaml") && !file.ends_with(".test.yaml") {
            files.push((inner, std::fs::read_to_string(path).expect("a text")));
        }
    }
}

fn check(files: Files) -> (bundle::Bundle, Vec<Diagnostic>) {
    let (bundle, mut found) = bundle::load(files);
    found.extend(check::all(&bundle));
    (bundle, found)
}

/// Some of them, evenly over all.
fn some(mutants: Vec<Mutant>) -> Vec<Mutant> {
    let every = mutants.len().div_ceil(PLACES).max(1);
    mutants.into_iter().skip(every / 2).step_by(every).collect()
}

/// The mutants of this kind, made together in the files, that are not told.
fn missed(files: &Files, kind: &Kind, mutants: &[Mutant]) -> String {
    let mut files = files.clone();
    for (path, text) in &mut files {
        for mutant in mutants.iter().filter(|mutant| mutant.path == *path) {
            *text = mutant.apply(text);
        }
    }
    let (bundle, found) = check(files.clone());
    let told = |mutant: &Mutant, one: &Diagnostic| {
        let Some(place) = one.place else { return false };
        let here = bundle.sources.path(place.source) == mutant.path && place.line.abs_diff(mutant.line) <= 1;
        one.severity == Severity::Error
            && kind.codes.contains(&one.code)
            && (here || kind.told == Told::Elsewhere)
    };
    let silent = mutants.iter().filter(|mutant| !found.iter().any(|one| told(mutant, one)));
    silent
        .map(|mutant| {
            let near = found.iter().filter(|one| {
                one.place.is_some_and(|place| {
                    kind.told == Told::Elsewhere
                        || bundle.sources.path(place.source) == mutant.path
                            && place.line.abs_diff(mutant.line) <= 3
                })
            });
            let near: Vec<String> =
                near.map(|one| format!("   told: {} {}\n", one.code, one.message)).collect();
            let line = mutant.with.as_deref().unwrap_or("(taken out)").trim();
            format!("{}: {}:{}: {line}\n{}", kind.name, mutant.path, mutant.line, near.concat())
        })
        .collect()
}

#[test]
fn every_mistake_in_the_shipped_definitions_is_told_where_it_was_made() {
    let files = shipped();
    let (bundle, found) = check(files.clone());
    assert!(found.is_empty(), "{}", aftercare_engine::diagnostic::render::short(&found, &bundle.sources));
    let mut report = String::new();
    for kind in KINDS {
        let mutants = (kind.make)(&files);
        if mutants.is_empty() {
            report += &format!("nowhere to {}\n", kind.name);
        }
        match kind.told {
            Told::Each => report += &missed(&files, kind, &mutants),
            Told::First | Told::Elsewhere => {
                some(mutants)
                    .iter()
                    .for_each(|one| report += &missed(&files, kind, std::slice::from_ref(one)));
            }
        }
    }
    assert!(report.is_empty(), "not told:\n{report}");
}
