//! What people are told is told in their language: no English sentence is put into a problem.

use super::sources;

/// Words of a compiler for the author of a template, a rule or a voucher: English, as everywhere to authors.
const RAW: &[&str] = &[
    "server/src/http/api/tickets/letters/merge.rs",
    "server/src/http/api/vouchers/enter.rs",
    "server/src/http/api/runs/start.rs",
    "server/src/http/api/reports.rs",
    "server/src/http/problem.rs",
    "server/src/http/problem/document.rs",
];

#[test]
fn no_sentence_of_ours_is_put_into_a_problem() {
    let mut wrong = Vec::new();
    for source in sources::rust().iter().filter(|source| source.path.starts_with("server/src/http/")) {
        let written = ["(\"reason\", \"", "(\"reason\", format!", "(\"reason\", reason"];
        // A field may be called so.
        let lines = source.statements().filter(|(_, line)| !line.contains("new(\"reason\""));
        for (number, line) in lines {
            let is_told = line.contains("(\"reason\", ") && line.contains("to_string()");
            if is_told || written.iter().any(|words| line.contains(words)) {
                wrong.push(format!("{}:{number}: {line}", source.path));
            }
            if line.contains("Text::Raw(") && !RAW.contains(&source.path.as_str()) {
                wrong.push(format!("{}:{number}: words of a compiler for whoever is no author", source.path));
            }
        }
    }
    sources::none("a problem has a reason that is not in its reader's language", &wrong);
}
