//! Malformed, hostile and huge definition files: each gets its own clear answer, soon, and nothing breaks.

use std::time::{Duration, Instant};

use aftercare_engine::bundle;
use aftercare_tests::any_file;
use proptest::prelude::*;

/// Longest time for refusing a file, on a slow and busy machine.
const SOON: Duration = Duration::from_secs(5);

/// Loads a text as a process and gives the first finding's code and message.
#[track_caller]
fn refused(text: &str) -> (String, String) {
    let begin = Instant::now();
    let (_, found) = bundle::load(vec![("workflows/processes/hostile.yaml".to_owned(), text.to_owned())]);
    assert!(begin.elapsed() < SOON, "it took {:?}", begin.elapsed());
    assert!(bundle::has_errors(&found), "the file was accepted");
    let first = found.into_iter().next().expect("a finding");
    (first.code.to_owned(), first.message)
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut text = "process: bomb\na0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let before = format!("*a{}", n - 1);
        text.push_str(&format!("a{n}: &a{n} [{}]\n", [before.as_str(); 9].join(", ")));
    }
    refused(&text);
}

#[test]
fn ten_megabytes_are_refused_unread() {
    let (_, message) = refused(&format!("process: huge\ntitle: {}\n", "x".repeat(10 << 20)));
    assert!(message.len() < 300, "the message repeats the file");
}

#[test]
fn nesting_without_end_is_refused() {
    refused(&format!("process: deep\nstates: {}{}\n", "[".repeat(100_000), "]".repeat(100_000)));
    let mut text = "process: deep\n".to_owned();
    for depth in 0..2000 {
        text.push_str(&format!("{}s:\n", " ".repeat(depth)));
    }
    refused(&text);
}

#[test]
fn more_values_than_any_process_has_are_refused() {
    refused(&format!(
        "process: wide\nstates: {{{}}}\n",
        (0..200_000).map(|n| format!("s{n}: ")).collect::<Vec<_>>().join(",")
    ));
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let (_, message) = refused("process: twice\ninitial: a\ninitial: b\nstates: {a: {}, b: {}}\n");
    assert!(message.contains("initial"), "{message}");
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_one() {
    let text = "process: unknown\ninitial: a\nstates: {a: {type: final}}\ninitail: a\n";
    let (_, found) = bundle::load(vec![("workflows/processes/unknown.yaml".to_owned(), text.to_owned())]);
    let told = found.iter().find(|one| one.message.contains("initail")).expect("the key is named");
    assert!(told.help.as_deref().unwrap_or_default().contains("initial"), "{told:?}");
    assert_eq!(told.place.map(|place| (place.line, place.column)), Some((4, 1)));
}

#[test]
fn tags_control_characters_and_several_documents_are_refused() {
    refused("process: !!python/object:os.system tagged\n");
    refused("process: a\u{0}b\n");
    refused("process: first\n---\nprocess: second\n");
    refused("process: [unclosed\n");
    refused("\u{feff}\u{feff}process: marked: twice\n");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_loaded_or_refused_without_a_panic(text in "\\PC{0,200}") {
        any_file::load(&text);
    }

    #[test]
    fn any_yaml_is_loaded_or_refused_without_a_panic(words in prop::collection::vec(word(), 0..60)) {
        any_file::load(&words.concat());
    }
}

/// Pieces that YAML, processes and rules are made of.
fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "process: a\n",
        "fragment: a\n",
        "voucher: a\n",
        "messages:\n",
        "company:\n",
        "calendar: a\n",
        "states:\n",
        "initial: a\n",
        "  a:\n",
        "    on:\n",
        "  - ",
        "\n",
        " ",
        "  ",
        "{",
        "}",
        "[",
        "]",
        ": ",
        "- ",
        ", ",
        "a",
        "b",
        "&a ",
        "*a",
        "!!str ",
        "'",
        "\"",
        "|\n",
        ">\n",
        "#",
        "?",
        "<<: ",
        "1",
        "-1.5e9",
        "0x1F",
        "true",
        "~",
        "é",
        "ي",
        "\t",
        "$x",
        "${x}",
        "use: a\n",
        "type: parallel\n",
        "target: a\n",
        "guard: \"a == 1\"\n",
        "entry:\n",
        "fn a(ticket) { ",
        "condition(\"a\", ",
        "loop { } ",
        "let x = ",
        ");",
        "()",
        "|x| ",
        "rule_tests:\n",
        "---\n",
    ])
}
