//! The command line as scripts see it: what the real binary prints, and with which code it ends.

mod backup;
mod definitions;
mod demo;
mod deploying;
mod logs;
mod on_a_store;
mod registers;
mod serving;
mod simulate;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    code: i32,
    out: String,
    problems: String,
}

/// The real binary, without what the environment of the test may say.
fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aftercare-under-test"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AFTERCARE_")) {
        command.env_remove(name);
    }
    command
}

fn run(arguments: &[&str]) -> Ended {
    run_with(arguments, "")
}

/// Runs it with a text as standard input.
fn run_with(arguments: &[&str], input: &str) -> Ended {
    let mut process = binary()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // Whoever ends without reading closes the pipe.
    drop(process.stdin.take().expect("its input").write_all(input.as_bytes()));
    let output = process.wait_with_output().expect("it ends");
    Ended {
        code: output.status.code().expect("it ends by itself"),
        out: String::from_utf8(output.stdout).expect("text"),
        problems: String::from_utf8(output.stderr).expect("text"),
    }
}

/// Definitions as files.
fn folder(files: &[(String, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}
