//! The real binary on a data folder, started and killed.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_aftercare-under-test");

/// A running server. Dies with this value.
pub struct Server {
    pub address: String,
    process: Child,
    _bundle: tempfile::TempDir,
}

impl Server {
    /// Starts it beside the database with this URL and waits until it listens.
    pub fn start(url: &str) -> Self {
        Self::with(url, "")
    }

    /// With settings, as they stand in the settings file.
    pub fn with(url: &str, settings: &str) -> Self {
        Self::begin(url, settings, Command::new(BINARY))
    }

    /// Watched by a program that is given its command line.
    pub fn watched(url: &str, mut watcher: Command) -> Self {
        watcher.arg(BINARY);
        Self::begin(url, "", watcher)
    }

    fn begin(url: &str, settings: &str, mut command: Command) -> Self {
        let data = data_folder(url);
        let bundle = bundle();
        let config = bundle.path().join("aftercare.yaml");
        std::fs::write(&config, settings).expect("a file");
        let mut process = command
            .args(["serve", "--no-demo", "--listen", "127.0.0.1:0", "--log", "warn", "--data"])
            .arg(data)
            .arg("--bundle")
            .arg(bundle.path())
            .arg("--config")
            .arg(config)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let output = process.stdout.take().expect("its output");
        let address = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                line.split_whitespace().find(|word| word.starts_with("http://")).map(str::to_owned)
            })
            .expect("the server says where it listens");
        Self { address, process, _bundle: bundle }
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.process.kill().expect("it was running");
        self.process.wait().expect("it is gone");
    }

    /// How it ended by itself.
    pub fn ended(&mut self) -> ExitStatus {
        self.process.wait().expect("it is gone")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A failed test must not leave a server behind; one that is gone already is no problem.
        if self.process.kill().is_ok() {
            drop(self.process.wait());
        }
    }
}

fn data_folder(url: &str) -> PathBuf {
    let file = url.strip_prefix("sqlite://").expect("a SQLite database");
    Path::new(file).parent().expect("a folder").to_path_buf()
}

/// The definitions that are in service already, as files.
fn bundle() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in aftercare_tests::company::files() {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}
