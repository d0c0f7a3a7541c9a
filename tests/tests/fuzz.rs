//! The targets of `tests/fuzz` on what is known: the shipped files, what fuzzing has found, and changes to both that
//! are the same in every run. So they never rot, and what was mended stays mended.
//!
//! `AFTERCARE_FUZZ_SECONDS` goes on with other changes for so long, each target by itself.

use std::path::Path;
use std::time::{Duration, Instant};

use aftercare_tests::{any_file, any_line, any_message, any_rule, any_run};

/// Longest text that is changed: what is longer is mostly more of the same, and slower.
const LONGEST: usize = 1500;

#[test]
fn a_definition_that_somebody_has_mangled_is_loaded_or_refused() {
    let seeds = seeds("yaml_load", &[("workflows", "yaml"), ("tests/scxml", "yaml")]);
    run(seeds, 40, |bytes| any_file::load(&String::from_utf8_lossy(bytes)));
}

#[test]
fn a_rule_that_somebody_has_mangled_ends_with_an_answer_or_an_error() {
    let mut seeds = seeds("rules", &[]);
    seeds.extend(functions().into_iter().map(String::into_bytes));
    seeds.extend(guards().into_iter().map(String::into_bytes));
    run(seeds, 600, |bytes| any_rule::run(&String::from_utf8_lossy(bytes)));
}

#[test]
fn a_message_that_somebody_has_mangled_is_refused_or_rendered_within_its_limits() {
    let mut seeds = seeds("messages", &[]);
    seeds.extend(message_texts().into_iter().map(String::into_bytes));
    run(seeds, 250, |bytes| any_message::render(&String::from_utf8_lossy(bytes)));
}

#[test]
fn lines_that_somebody_has_mangled_leave_a_ticket_that_can_be_stored() {
    let mut all = seeds("lines", &[]);
    all.push(LINES.as_bytes().to_vec());
    run(all, 250, any_line::feed);
}

#[test]
fn any_chart_that_was_found_to_be_wrong_is_right_now() {
    for bytes in seeds("step", &[]) {
        any_run::drive(&bytes);
    }
}

const LINES: &str = r#"{"event": "fill", "data": {"text": "a", "number": 3, "price": "12.50", "day": "2026-11-22"}}
{"event": "count", "data": {"number": 9223372036854775807}}
{"event": "total", "data": {"price": "79228162514264337593543950335", "share": "0.5"}}
{"event": "later", "data": {"moment": "2026-11-22T10:00:00Z"}}
{"event": "fill", "data": {"parts": [{"code": "P1", "quantity": 2, "old_serial": "a"}], "stars": 6, "kind": "c"}}
{"at": "1970-01-02T00:00:00Z"}
{"event": "wait", "at": "1970-01-02T08:00:00Z"}
{"event": "go_on", "by": "nobody", "at": "2262-04-11T23:47:16.854775807Z"}
{"event": "end", "at": "+262142-12-31T23:59:59Z"}
"#;

/// Runs every seed as it is and then changed ones: as many as are asked for, or as long as the environment says.
fn run(seeds: Vec<Vec<u8>>, changed: usize, target: impl Fn(&[u8])) {
    assert!(!seeds.is_empty(), "there is nothing to change");
    let mut noise = Noise(0x9E37_79B9_7F4A_7C15);
    let seconds = std::env::var("AFTERCARE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let end = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    seeds.iter().for_each(|seed| target(seed));
    let mut count = 0;
    while count < changed || end.is_some_and(|end| Instant::now() < end) {
        let mut bytes = seeds[noise.below(seeds.len())].clone();
        for _ in 0..=noise.below(3) {
            change(&mut bytes, &seeds, &mut noise);
        }
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| target(&bytes))).is_err() {
            panic!(
                "found by change {count}, keep it in tests/fuzz/found: {:?}",
                String::from_utf8_lossy(&bytes)
            );
        }
        count += 1;
    }
    println!("{} seeds, {count} changed ones", seeds.len());
}

/// One change: a piece taken out, said twice, put elsewhere, brought from another text; a sign for another.
fn change(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], noise: &mut Noise) {
    const SIGNS: &[&str] = &[
        "\"",
        "'",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ":",
        "- ",
        "\n",
        "\n  ",
        "|",
        "&a ",
        "*a",
        "<<: ",
        "#",
        "%",
        "{{",
        "}}",
        "{% for a in b %}",
        "{% endfor %}",
        "()",
        "-1",
        "0",
        "9999999999999999999999",
        "0.1",
        "1e400",
        "\u{0}",
        "ي",
        "🜁",
        "loop { }",
        "!",
        "?.",
        "??",
        "..",
        "in(\"a\")",
        "true",
        "null",
        "~",
        "days_after(today, 99999999)",
    ];
    let (from, to) = (noise.below(bytes.len() + 1), noise.below(bytes.len() + 1));
    let (from, to) = (from.min(to), from.max(to).min(from.min(to) + 40));
    let piece = bytes[from..to].to_vec();
    match noise.below(6) {
        0 => drop(bytes.drain(from..to)),
        1 => drop(bytes.splice(from..from, piece)),
        2 => {
            let at = noise.below(bytes.len() + 1);
            drop(bytes.splice(at..at, piece));
        }
        3 => {
            let other = &seeds[noise.below(seeds.len())];
            let at = noise.below(other.len() + 1);
            let end = (at + noise.below(60)).min(other.len());
            drop(bytes.splice(from..to, other[at..end].to_vec()));
        }
        4 => drop(bytes.splice(from..from, SIGNS[noise.below(SIGNS.len())].bytes())),
        _ => drop(bytes.splice(from..to, SIGNS[noise.below(SIGNS.len())].bytes())),
    }
    bytes.truncate(4 * LONGEST);
}

/// Numbers without a pattern, the same in every run.
struct Noise(u64);

impl Noise {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }
}

/// What fuzzing has found for a target, and short files with these endings in these folders.
fn seeds(target: &str, folders: &[(&str, &str)]) -> Vec<Vec<u8>> {
    let mut seeds = files(&format!("tests/fuzz/found/{target}"), "");
    for (folder, ending) in folders {
        seeds.extend(files(folder, ending).into_iter().filter(|bytes| bytes.len() <= LONGEST));
    }
    seeds
}

/// The functions of the shipped rules, each a text of its own.
fn functions() -> Vec<String> {
    texts("rules", ".rhai").iter().flat_map(|text| text.split("\n\n")).map(str::to_owned).collect()
}

/// What stands behind `guard:` and `when:` in the shipped definitions.
fn guards() -> Vec<String> {
    let files = texts("workflows", ".yaml");
    let lines = files.iter().flat_map(|text| text.lines());
    lines
        .filter_map(|line| line.split_once("when: ").or_else(|| line.split_once("guard: ")))
        .map(|(_, rest)| rest.trim().trim_matches('\'').to_owned())
        .filter(|guard| !guard.is_empty())
        .collect()
}

/// The English texts of the shipped messages.
fn message_texts() -> Vec<String> {
    let files = texts("workflows/messages", ".yaml");
    let own = files.iter().flat_map(|text| text.lines()).filter_map(|line| line.trim().strip_prefix("en: "));
    own.map(|text| text.trim_matches('"').to_owned()).collect()
}

fn texts(folder: &str, ending: &str) -> Vec<String> {
    files(folder, ending).into_iter().map(|bytes| String::from_utf8(bytes).expect("a text")).collect()
}

/// The files in a folder of the repository and in those below it, in one order.
fn files(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let mut found = Vec::new();
    for name in names {
        let path = format!("{folder}/{name}");
        if root.join(&path).is_dir() {
            found.extend(files(&path, ending));
        } else if name.ends_with(ending) {
            found.push(std::fs::read(root.join(&path)).expect("a file"));
        }
    }
    found
}
