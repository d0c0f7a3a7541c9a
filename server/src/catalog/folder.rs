//! A bundle as a folder: which of its files are definitions.

use std::fs;
use std::io;
use std::path::Path;

/// Folders of a bundle that hold definitions.
const FOLDERS: [&str; 3] = ["workflows", "rules", "tests/scenarios"];
/// Most files, and most bytes of one: beyond them it is no bundle.
const MAX_FILES: usize = 10_000;
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Paths relative to the bundle, with `/` between, in order, and their texts. Links are not followed.
pub fn read_folder(bundle: &Path) -> io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        let path = bundle.join(folder);
        if path.is_dir() {
            walk(&path, folder, &mut files)?;
        }
    }
    files.sort();
    Ok(files)
}

fn walk(folder: &Path, name: &str, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Some(file) = entry.file_name().to_str().map(str::to_owned) else { continue };
        let inner = format!("{name}/{file}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(&entry.path(), &inner, files)?;
        } else if kind.is_file() && is_definition(&file) {
            if files.len() >= MAX_FILES || entry.metadata()?.len() > MAX_BYTES {
                return Err(io::Error::other(format!("`{inner}` is too large, or there are too many files")));
            }
            files.push((inner, fs::read_to_string(entry.path())?));
        }
    }
    Ok(())
}

fn is_definition(file: &str) -> bool {
    !file.starts_with('.') && [".yaml", ".yml", ".rhai"].iter().any(|ending| file.ends_with(ending))
}
