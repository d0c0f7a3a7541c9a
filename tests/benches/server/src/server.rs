//! The server under test: the release binary as its own process, on a data folder of its own.

use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The product's folder.
pub fn product() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// The release binary, built if it is not; or the one that `AFTERCARE` names.
pub fn binary() -> PathBuf {
    if let Ok(binary) = std::env::var("AFTERCARE") {
        return binary.into();
    }
    let built = Command::new(env!("CARGO")).current_dir(product()).args(["build", "--release"]).status();
    assert!(built.is_ok_and(|status| status.success()), "the release binary cannot be built");
    let target = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| product().join("target"), PathBuf::from);
    target.join("release/aftercare")
}

/// Runs a command of the binary to its end: what it printed, and how long it took.
pub fn run(binary: &Path, arguments: &[&str]) -> (String, Duration) {
    let begun = Instant::now();
    let output = Command::new(binary).current_dir(product()).args(arguments).output();
    let took = begun.elapsed();
    let output = output.expect("the binary runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8_lossy(&output.stdout).trim().to_owned(), took)
}

/// A running server. It ends with this value.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From its start until it was ready.
    pub ready_after: Duration,
}

impl Server {
    pub fn start(binary: &Path, data: &Path) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let address = free.expect("a free port");
        let begun = Instant::now();
        let child = Command::new(binary)
            .current_dir(product())
            .arg("serve")
            .args(["--listen", &address.to_string(), "--data"])
            .arg(data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let mut server =
            Self { child: child.expect("the server starts"), address, ready_after: Duration::ZERO };
        while !server.is_ready() {
            let ended = server.child.try_wait().expect("the server can be asked");
            assert!(ended.is_none(), "the server ended: {ended:?}");
            std::thread::sleep(Duration::from_millis(2));
        }
        server.ready_after = begun.elapsed();
        server
    }

    /// Whether it answers. The socket listens before anything is made, so that asking waits for the answer.
    fn is_ready(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(self.address) else { return false };
        let asked = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        let mut answer = String::new();
        let answered =
            std::io::Write::write_all(&mut stream, asked).and_then(|()| stream.read_to_string(&mut answer));
        answered.is_ok() && answer.starts_with("HTTP/1.1 200")
    }

    /// Resident memory in MB, where the system tells.
    pub fn memory(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        let kb: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kb / 1024.0)
    }

    /// Seconds of processor time so far.
    pub fn cpu(&self) -> f64 {
        cpu(&self.child.id().to_string())
    }
}

/// Seconds of processor time that the bench itself has used so far.
pub fn own_cpu() -> f64 {
    cpu("self")
}

/// Not a number where the system does not tell.
fn cpu(process: &str) -> f64 {
    let ticks = || {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        Some(fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?)
    };
    ticks().map_or(f64::NAN, |ticks| ticks / 100.0)
}

impl Drop for Server {
    fn drop(&mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        if asked.is_err() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
