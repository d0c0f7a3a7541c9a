//! Files and functions stay small.

use super::sources::{self, Source};

/// Most lines of a file before its tests.
const FILE: usize = 500;
/// Most lines of a function, signature and braces included.
const FUNCTION: usize = 70;

/// Files that are longer, with their length. May only get shorter.
const LONG_FILES: &[(&str, usize)] = &[];
/// Functions that are longer, with their length. May only get shorter.
const LONG_FUNCTIONS: &[(&str, usize)] = &[];

#[test]
fn no_file_is_longer_than_500_lines() {
    let long: Vec<(String, usize)> = sources::rust()
        .iter()
        .map(|file| {
            (file.path.clone(), if file.is_test() { file.text.lines().count() } else { file.code().len() })
        })
        .filter(|(_, lines)| *lines > FILE)
        .collect();
    sources::ratchet("files have one subject and fit a reader", &long, LONG_FILES);
}

#[test]
fn nine_in_ten_files_are_under_300_lines_and_half_under_120() {
    let mut sizes: Vec<(usize, &str)> = sources::rust()
        .iter()
        .filter(|file| !file.is_test())
        .map(|file| (file.code().len(), file.path.as_str()))
        .collect();
    sizes.sort_unstable();
    let at = |share: usize| sizes[(sizes.len() - 1) * share / 100];
    assert!(at(50).0 <= 120, "the middle file has {} lines: {}", at(50).0, at(50).1);
    let largest: Vec<String> = sizes
        .iter()
        .filter(|(lines, _)| *lines > 300)
        .map(|(lines, path)| format!("{lines} {path}"))
        .collect();
    assert!(at(90).0 <= 300, "more than one file in ten has over 300 lines:\n  {}", largest.join("\n  "));
}

#[test]
fn no_function_is_longer_than_70_lines() {
    let long: Vec<(String, usize)> = sources::rust()
        .iter()
        .flat_map(|file| functions(&file.text).map(|(name, lines)| (format!("{}: {name}", file.path), lines)))
        .filter(|(_, lines)| *lines > FUNCTION)
        .collect();
    sources::ratchet("a function fits a screen", &long, LONG_FUNCTIONS);
}

#[test]
fn no_file_is_over_400_kb() {
    let large: Vec<String> = sources::files()
        .iter()
        .map(|path| (path, std::fs::metadata(sources::root().join(path)).map_or(0, |data| data.len())))
        .filter(|(_, bytes)| *bytes > 400_000)
        .map(|(path, bytes)| format!("{path} has {bytes} bytes"))
        .collect();
    sources::none("large files do not belong in git", &large);
}

/// Functions with their lengths. rustfmt puts the closing brace under the first letter of the signature.
fn functions(text: &str) -> impl Iterator<Item = (String, usize)> + '_ {
    let lines: Vec<&str> = text.lines().collect();
    (0..lines.len()).filter_map(move |first| {
        let line = lines[first];
        let name = function_name(line)?;
        let indent = &line[..line.len() - line.trim_start().len()];
        let rest = &lines[first..];
        let last = rest.iter().position(|line| {
            line.strip_prefix(indent).is_some_and(|rest| rest.starts_with('}')) || ends_at_once(line, indent)
        })?;
        Some((name, last + 1))
    })
}

/// A signature without a body, or a body on the line of the signature.
fn ends_at_once(line: &str, indent: &str) -> bool {
    let at_indent = line.strip_prefix(indent).is_some_and(|rest| !rest.starts_with(' '));
    at_indent && (line.ends_with(';') || (line.contains("fn ") && line.ends_with('}')))
}

fn function_name(line: &str) -> Option<String> {
    let mut words = line.trim_start().split(' ').skip_while(|word| {
        matches!(*word, "pub" | "const" | "async" | "unsafe" | "extern" | "default")
            || word.starts_with("pub(")
    });
    if words.next()? != "fn" {
        return None;
    }
    let name: String = words.next()?.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

#[test]
fn functions_are_measured_with_their_signature_and_braces() {
    let text = "fn short() {}\nimpl A {\n    pub async fn long(\n        a: u8,\n    ) -> u8 {\n        a\n    }\n    fn none(&self);\n}\n";
    let measured: Vec<(String, usize)> = functions(text).collect();
    assert_eq!(measured, [("short".to_owned(), 1), ("long".to_owned(), 5), ("none".to_owned(), 1)]);
}

#[test]
fn the_tests_of_a_file_do_not_count() {
    let file = Source {
        path: "engine/src/a.rs".into(),
        text: "//! A.\nfn a() {}\n#[cfg(test)]\nmod tests {}\n".into(),
    };
    assert_eq!(file.code().len(), 2);
}
