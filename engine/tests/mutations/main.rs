//! Nothing that is broken in the shipped definitions goes unnoticed: each kind of mistake is made at places all
//! over them, and `check` has to tell of it where it was made.

#![expect(clippy::expect_used, reason = "a test stops at what is not there")]
#![expect(clippy::disallowed_methods, reason = "a test reads the files it is about, with all cores")]
#![expect(clippy::string_slice, reason = "lines are cut where a mark was found")]

mod kinds;

use std::sync::atomic::{AtomicUsize, Ordering};

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
        // Of a text over several lines only its beginning is known.
        let mut begins =
            bundle.sources.text(place.source).lines().skip((place.line as usize).saturating_sub(2)).take(2);
        let is_folded = begins.any(|line| [">-", ">", "|-", "|"].iter().any(|end| line.ends_with(end)));
        let lines = if is_folded { 4 } else { 1 };
        let here = bundle.sources.path(place.source) == mutant.path
            && (place.line.saturating_sub(1)..=place.line + lines).contains(&mutant.line);
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

/// What is planted together, and of which kind.
struct Planting<'k> {
    kind: &'k Kind,
    mutants: Vec<Mutant>,
}

/// All that is to be planted: what may stand beside others in one go, the rest one by one.
fn plantings(files: &Files) -> Vec<Planting<'static>> {
    let of_kind = |kind: &'static Kind| {
        let mutants = (kind.make)(files);
        assert!(!mutants.is_empty(), "nowhere to {}", kind.name);
        match kind.told {
            Told::Each => vec![Planting { kind, mutants }],
            Told::First | Told::Elsewhere => {
                some(mutants).into_iter().map(|one| Planting { kind, mutants: vec![one] }).collect()
            }
        }
    };
    KINDS.iter().flat_map(of_kind).collect()
}

#[test]
fn every_mistake_in_the_shipped_definitions_is_told_where_it_was_made() {
    let files = shipped();
    let (bundle, found) = check(files.clone());
    assert!(found.is_empty(), "{}", aftercare_engine::diagnostic::render::short(&found, &bundle.sources));
    let plantings = plantings(&files);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut report = String::new();
        while let Some(planting) = plantings.get(next.fetch_add(1, Ordering::Relaxed)) {
            report += &missed(&files, planting.kind, &planting.mutants);
        }
        report
    };
    // Each needs all the definitions read and checked: on every core that is there.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let report: String = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker ends well")).collect()
    });
    assert!(report.is_empty(), "not told:\n{report}");
}
