//! Reading a bundle's files from a folder: the one place of the command line that walks directories.

use std::path::{Path, PathBuf};

use super::Failure;

/// Folders of a bundle in which definitions stand.
const FOLDERS: [&str; 3] = ["workflows", "rules", "tests/scenarios"];
/// Endings of the files that count.
const ENDINGS: [&str; 3] = ["yaml", "yml", "rhai"];
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
    let mut paths = Vec::new();
    for folder in FOLDERS {
        walk(&root.join(folder), &mut paths)?;
    }
    paths.sort();
    paths.into_iter().map(|path| Ok((relative(root, &path), text(&path)?))).collect()
}

fn relative(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if !folder.is_dir() {
        return Ok(());
    }
    let unreadable = |error| Failure::environment(format!("`{}` cannot be read: {error}", folder.display()));
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        // A link may lead in a circle or out of the bundle.
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            walk(&path, paths)?;
        } else if path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known)) {
            paths.push(path);
        }
    }
    Ok(())
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
