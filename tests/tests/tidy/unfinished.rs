//! Nothing is left half done.

use super::sources;

/// Marks of work left behind. Split, so that this list does not find itself.
const MARKS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
    concat!("HA", "CK"),
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("#[ig", "nore"),
    concat!("#[should_", "panic"),
    concat!("#[al", "low("),
    concat!("#![al", "low("),
    concat!("dbg", "!("),
];

#[test]
fn nothing_is_left_half_done() {
    let mut found = Vec::new();
    for path in sources::files().iter().filter(|path| is_text(path)) {
        for (line, number) in sources::read(path).lines().zip(1..) {
            for mark in MARKS.iter().filter(|mark| line.contains(**mark)) {
                found.push(format!("{path}:{number} has `{mark}`"));
            }
        }
    }
    sources::none("finish it, or say it in an issue", &found);
}

#[test]
fn files_end_with_a_line_and_have_no_tabs_or_trailing_spaces() {
    let mut found = Vec::new();
    for path in sources::files().iter().filter(|path| is_text(path)) {
        let text = sources::read(path);
        if !text.is_empty() && !text.ends_with('\n') {
            found.push(format!("{path} does not end with a line"));
        }
        for (line, number) in text.lines().zip(1..) {
            if line.ends_with([' ', '\t', '\r']) {
                found.push(format!("{path}:{number} ends with a space"));
            }
            if line.contains('\t') {
                found.push(format!("{path}:{number} has a tab"));
            }
        }
    }
    sources::none("texts look the same everywhere", &found);
}

fn is_text(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let script = matches!(path, "tests/run" | ".ci/run");
    script
        || matches!(
            extension,
            "rs" | "toml" | "yaml" | "yml" | "md" | "rhai" | "html" | "css" | "js" | "mjs" | "ftl" | "sql"
        )
}
