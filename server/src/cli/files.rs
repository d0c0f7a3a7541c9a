//! Reading the files that a command is given.

use std::path::Path;

use super::Failure;
use crate::catalog::read_folder;

/// Longest file that is read at all; what is longer is reported by its length.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// All definition files of a bundle, by path relative to it, sorted.
pub fn bundle(root: &Path) -> Result<Vec<(String, String)>, Failure> {
    if !root.join("workflows").is_dir() {
        return Err(Failure::environment(format!(
            "`{}` is not a bundle: it has no folder `workflows`; name one with --bundle",
            root.display()
        )));
    }
    let unreadable = |error| Failure::environment(format!("`{}` cannot be read: {error}", root.display()));
    read_folder(root).map_err(unreadable)
}

/// A file's text. Bytes that are no UTF-8 are replaced, so that the file is reported and not the folder.
pub fn text(path: &Path) -> Result<String, Failure> {
    let unreadable = |error| Failure::environment(format!("`{}` cannot be read: {error}", path.display()));
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > MOST_BYTES {
        return Err(Failure::environment(format!("`{}` is longer than {MOST_BYTES} bytes", path.display())));
    }
    std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).map_err(unreadable)
}
