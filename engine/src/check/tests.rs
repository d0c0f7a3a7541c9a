//! How the checks' own tests look at a bundle.

use super::Check;
use crate::bundle;
use crate::diagnostic::render;

/// What one check finds in one process, one line each.
pub(super) fn check(check: Check, process: &str, expected: &str) {
    files(check, &[("p.yaml", process)], expected);
}

/// What one check finds in some files.
pub(super) fn files(check: Check, files: &[(&str, &str)], expected: &str) {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let (bundle, loading) = bundle::load_lenient(files);
    assert_eq!(render::short(&loading, &bundle.sources), "", "the example itself");
    let mut found = check(&bundle);
    bundle::in_order(&mut found);
    assert_eq!(render::short(&found, &bundle.sources), expected);
}
