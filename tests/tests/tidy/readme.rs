//! The README is a true map.

use std::collections::BTreeSet;

use super::sources;

#[test]
fn the_readme_names_every_top_level_directory() {
    let readme = sources::read("README.md");
    let folders: BTreeSet<&str> =
        sources::files().iter().filter_map(|path| path.split_once('/')).map(|(folder, _)| folder).collect();
    let missing: Vec<String> = folders
        .into_iter()
        .filter(|folder| !folder.starts_with('.') && !readme.contains(&format!("`{folder}/`")))
        .map(str::to_owned)
        .collect();
    sources::none("the code map lacks a directory", &missing);
}

#[test]
fn every_path_that_the_readme_names_exists() {
    let readme = sources::read("README.md");
    let missing: Vec<String> = readme
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| looks_like_a_path(code))
        .filter(|path| !sources::root().join(path.trim_end_matches('/')).exists())
        .map(str::to_owned)
        .collect();
    sources::none("the README names a path that is not there", &missing);
}

/// A path of the repository: no spaces or placeholders, and the first part is a folder at the top.
fn looks_like_a_path(code: &str) -> bool {
    let plain = code.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    plain
        && code.split_once('/').is_some_and(|(first, _)| {
            ["engine", "server", "migrations", "workflows", "rules", "tests"].contains(&first)
        })
}

#[test]
fn the_readme_can_be_read_in_one_sitting() {
    let lines = sources::read("README.md").lines().count();
    assert!(lines <= 220, "README.md has {lines} lines");
}
