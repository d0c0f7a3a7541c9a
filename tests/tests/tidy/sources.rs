//! The files that are kept in git, as the tidy tests see them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The folder of the whole workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the workspace").to_path_buf()
}

/// A text file kept in git (or about to be).
pub struct Source {
    /// Path from the root, with slashes.
    pub path: String,
    pub text: String,
}

impl Source {
    /// The lines before the file's own tests; nothing for a file of tests.
    pub fn code(&self) -> Vec<&str> {
        if self.is_test() {
            return Vec::new();
        }
        self.text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).collect()
    }

    /// Whether the file is there for tests only.
    pub fn is_test(&self) -> bool {
        self.path.starts_with("tests/") || self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// The code with a number for each line, comments left out.
    pub fn statements(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code().into_iter().zip(1..).filter_map(|(line, number)| {
            let line = line.trim();
            (!line.starts_with("//")).then_some((number, line))
        })
    }
}

/// Every file known to git, and new ones that it does not ignore.
pub fn files() -> &'static [String] {
    static FILES: OnceLock<Vec<String>> = OnceLock::new();
    FILES.get_or_init(|| {
        let answer = Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
            .current_dir(root())
            .output()
            .expect("git runs");
        assert!(answer.status.success(), "git cannot list the files");
        let names: BTreeSet<String> = String::from_utf8(answer.stdout)
            .expect("paths are UTF-8")
            .split_terminator('\0')
            .filter(|name| root().join(name).is_file())
            .map(str::to_owned)
            .collect();
        names.into_iter().collect()
    })
}

/// Every Rust file.
pub fn rust() -> &'static [Source] {
    static RUST: OnceLock<Vec<Source>> = OnceLock::new();
    RUST.get_or_init(|| {
        let rust = files().iter().filter(|path| path.ends_with(".rs"));
        rust.map(|path| Source { path: path.clone(), text: read(path) }).collect()
    })
}

/// A file's text.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|problem| panic!("{path}: {problem}"))
}

/// Fails with all findings at once.
#[track_caller]
pub fn none(rule: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}:\n  {}\n", findings.join("\n  "));
}

/// Compares findings, each `path measure`, with a list of exceptions that may only get shorter.
#[track_caller]
pub fn ratchet(rule: &str, found: &[(String, usize)], allowed: &[(&str, usize)]) {
    let mut findings = Vec::new();
    for (name, size) in found {
        match allowed.iter().find(|(known, _)| known == name) {
            None => findings.push(format!("{name} has {size}")),
            Some((_, most)) if size > most => findings.push(format!("{name} grew from {most} to {size}")),
            Some(_) => {}
        }
    }
    for (name, most) in allowed {
        match found.iter().find(|(known, _)| known == name) {
            None => findings.push(format!("{name} needs no exception any more: take it off the list")),
            Some((_, size)) if size < most => {
                findings.push(format!("{name} shrank from {most} to {size}: note it in the list"));
            }
            Some(_) => {}
        }
    }
    none(rule, &findings);
}
