//! Content addresses.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// SHA-256 over paths and texts, in hex. Lengths stand between, so that no two lists run into each other.
pub(super) fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut sorted: Vec<(&str, &str)> = files.into_iter().collect();
    sorted.sort_unstable();
    let mut hasher = Sha256::new();
    for part in sorted.into_iter().flat_map(|(path, text)| [path, text]) {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
