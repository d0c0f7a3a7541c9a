//! What reaches the disk, and a disk that is full or breaks: strace counts the server's calls and has them fail.

use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use aftercare_tests::client::Client;
use aftercare_tests::database;
use serde_json::json;

use super::journal::{Journal, Request};
use super::server::Server;
use super::{check, delivered, founded};

/// In strace's words: a flush takes 20 ms. An answer that does not wait for it is there long before.
const SLOW: &str = "fsync,fdatasync:delay_enter=20000";
/// The signal of a process that ends itself.
const ABORTED: i32 = 6;

/// A server whose calls to the disk are written down.
struct Watched {
    server: Server,
    calls: tempfile::TempDir,
}

impl Watched {
    /// With calls that are slow or fail, in strace's words.
    fn start(url: &str, ails: &str) -> Self {
        let strace = Command::new("strace").arg("--version").output();
        assert!(strace.is_ok(), "strace is missing: tests/run installs it");
        let calls = tempfile::tempdir().expect("a folder");
        let mut strace = Command::new("strace");
        // It is no parent of the server, so that what ends the server ends both.
        strace.args(["-D", "-f", "-y", "--seccomp-bpf", "-e", "trace=fsync,fdatasync,pwrite64", "-o"]);
        strace.arg(calls.path().join("calls"));
        strace.args(["-e", &format!("inject={ails}")]);
        Self { server: Server::watched(url, strace), calls }
    }

    /// How often such a call has been made for the log.
    fn of_log(&self, names: &[&str]) -> usize {
        let calls = std::fs::read_to_string(self.calls.path().join("calls")).expect("what strace writes");
        let is_meant = |line: &&str| names.iter().any(|name| line.contains(&format!(" {name}(")));
        calls.lines().filter(is_meant).filter(|line| line.contains("aftercare.db-wal>")).count()
    }
}

// P1, F32: a process that is killed leaves what it has written in the machine's memory; only a flush outlives the power.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_acknowledged_before_the_log_has_been_flushed() {
    let fresh = database::sqlite().await;
    let token = founded(&fresh).await;
    let journal = Journal::new(token.clone());
    let disk = Watched::start(&fresh.url, SLOW);
    journal.connect(&disk.server.address);
    let reception = Client::new(&disk.server.address).with_token(&token);
    // Steps are flushed by the writer itself, and nothing else is flushed in that way.
    let steps = || disk.of_log(&["fdatasync"]);
    let all = || disk.of_log(&["fsync", "fdatasync"]);
    for n in 0..25 {
        let before = steps();
        let code = journal.send(Request::open(&n.to_string())).await.expect("an answer");
        let opened = steps();
        assert!(opened > before, "opening {code} was acknowledged and is not on the disk");
        journal.send(Request::assign(&n.to_string(), &code)).await.expect("an answer");
        assert!(steps() > opened, "a step of {code} was acknowledged and is not on the disk");
        let before = all();
        let note = json!({"kind": "note", "text": "rang twice"});
        let noted = reception.post(&format!("/api/tickets/{code}/activities"), &note).await;
        assert_eq!(noted.status, 201, "{}", noted.text);
        assert!(all() > before, "a note on {code} was acknowledged and is not on the disk");
    }
}

// F9
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_writing_is_put_off_and_reading_goes_on_until_there_is_room_again() {
    let fresh = database::sqlite().await;
    let token = founded(&fresh).await;
    let journal = Journal::new(token.clone());
    // Each thread finds the disk full for a while: the one that writes steps and the one that writes all else.
    let disk = Watched::start(&fresh.url, "pwrite64:error=ENOSPC:when=300..330");
    journal.connect(&disk.server.address);
    let reader = Client::new(&disk.server.address).with_token(&token);
    let mut put_off = 0;
    for n in 0..40 {
        let (_, times) = journal.persist(Request::open(&n.to_string())).await;
        put_off += times;
        assert_eq!(reader.get("/api/tickets").await.status, 200);
    }
    assert!(put_off > 10, "put off {put_off} times: the disk was not full");
    delivered(&fresh).await;
    assert!(journal.repeat_all().await, "an acknowledged answer has changed");
    drop(disk);
    check(&fresh, &journal).await;
}

// F10
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_log_cannot_be_flushed_the_server_ends_and_answers_nobody() {
    let fresh = database::sqlite().await;
    let journal = Journal::new(founded(&fresh).await);
    let mut disk = Watched::start(&fresh.url, "fdatasync:error=EIO:when=20+");
    journal.connect(&disk.server.address);
    let mut acknowledged = 0;
    while journal.send(Request::open(&acknowledged.to_string())).await.is_some() {
        acknowledged += 1;
        assert!(acknowledged < 100, "it goes on with a disk that loses what it is given");
    }
    assert_eq!(disk.server.ended().signal(), Some(ABORTED));
    // The last one failed.
    assert_eq!(acknowledged, disk.of_log(&["fdatasync"]) - 1, "each flush that was done has one answer");
    let server = Server::start(&fresh.url);
    journal.connect(&server.address);
    assert!(journal.settle_unknown().await, "a request without an answer has two results");
    assert!(journal.repeat_all().await, "an acknowledged answer has changed");
    check(&fresh, &journal).await;
    server.kill();
}
