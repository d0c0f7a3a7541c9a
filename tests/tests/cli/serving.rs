//! `serve`: what it says first, and how it ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aftercare_tests::company;

use crate::{binary, folder, run, text};

/// Kills it if the test fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.kill().is_ok() {
            drop(self.0.wait());
        }
    }
}

#[tokio::test]
async fn the_address_is_told_when_the_server_is_ready_and_a_signal_ends_it_well() {
    let (bundle, data) = (folder(&company::files()), tempfile::tempdir().expect("a folder"));
    let mut running = Running(
        binary()
            .args([
                "serve",
                "--no-demo",
                "--listen",
                "127.0.0.1:0",
                "--bundle",
                text(bundle.path()),
                "--data",
            ])
            .arg(data.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts"),
    );
    let mut lines = BufReader::new(running.0.stdout.take().expect("its output")).lines();
    let first = lines.next().expect("a line").expect("text");
    assert_eq!(first, "Aftercare is ready.");
    let address = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.trim().strip_prefix("Address").map(|rest| rest.trim().to_owned()))
        .expect("an address");
    let client = aftercare_tests::client::Client::new(&address);
    assert_eq!(client.get("/readyz").await.status, 200);
    let metrics = client.get("/metrics").await.text;
    assert!(metrics.contains("aftercare_backlog{kind=\"timers\"} 0"), "{metrics}");
    let begun = Instant::now();
    let sent = Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
    let status = running.0.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(5), "it took {:?}", begun.elapsed());
}

#[test]
fn a_port_that_is_taken_ends_with_3_before_the_data_is_touched() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let ended = run(&["serve", "--listen", &address, "--data", text(&data)]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(!data.exists());
}

// P: 13.2: a server that would protect nobody says so, and how to mend it, before it touches the data.
#[test]
fn settings_that_protect_nobody_end_with_3_and_say_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let settings = folder.path().join("settings.yaml");
    let key = folder.path().join("key");
    let refused = |written: &str, expected: &str| {
        std::fs::write(&settings, written).expect("settings");
        let args = ["serve", "--no-demo", "--listen", "127.0.0.1:0", "--config", text(&settings)];
        let ended = run(&[args.as_slice(), &["--data", text(&data)]].concat());
        assert_eq!(ended.code, 3, "{written}: {ended:?}");
        assert!(ended.problems.contains(expected), "{written}: {ended:?}");
        assert!(!data.exists(), "{written}");
    };
    refused("public_url: 'http://service.example.org'\n", "`public_url` protects nobody");
    std::fs::write(&key, "0000000000000000000000000000").expect("a key");
    set_mode(&key, 0o600);
    let sealed = format!("seal_key: {{file: '{}'}}\n", text(&key));
    refused(&sealed, "openssl rand -hex 32");
    std::fs::write(&key, "5b1f0c9a77d24e1e8a6f3c2b9d8e7f60").expect("a key");
    set_mode(&key, 0o644);
    refused(&sealed, "chmod 600");
}

fn set_mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("its owner may");
}
