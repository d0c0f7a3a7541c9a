//! A PostgreSQL server that a test may stop and start, made with the programs of the one that all tests share.

use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};

/// The server. Gone with this value.
pub struct Postgres {
    programs: String,
    home: tempfile::TempDir,
    port: u16,
}

impl Postgres {
    /// A running server; none where there is no PostgreSQL.
    pub async fn start() -> Option<Self> {
        let shared = std::env::var("AFTERCARE_TEST_POSTGRES_URL").ok()?;
        let shared = Database::connect(shared).await.expect("the shared server");
        let asked = "SELECT setting FROM pg_config WHERE name = 'BINDIR'";
        let row = shared.query_one_raw(Statement::from_string(DbBackend::Postgres, asked)).await;
        let programs = row.expect("an answer").expect("a row").try_get_by_index(0).expect("a folder");
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its number").port();
        let server = Self { programs, home: tempfile::tempdir().expect("a folder"), port };
        if is_root() {
            run(Command::new("chown").arg("postgres:postgres").arg(server.home.path()));
        }
        let data = server.data();
        run(server.program("initdb").args(["-A", "trust", "-U", "aftercare", "--no-sync", "-D", &data]));
        server.up();
        Some(server)
    }

    pub fn up(&self) {
        let home = self.home.path().display();
        let options = format!("-k {home} -h 127.0.0.1 -p {} -c fsync=off", self.port);
        let log = format!("{home}/log");
        run(self.control().args(["-l", &log, "-o", &options, "-w", "start"]));
    }

    /// Stops it: `fast` ends what is under way, `immediate` is a crash.
    pub fn down(&self, how: &str) {
        run(self.control().args(["-m", how, "-w", "stop"]));
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Its first database, through this address.
    pub fn url(&self, address: &str) -> String {
        format!("postgres://aftercare@{address}/postgres")
    }

    fn data(&self) -> String {
        self.home.path().join("data").display().to_string()
    }

    fn control(&self) -> Command {
        let mut control = self.program("pg_ctl");
        control.args(["-D", &self.data()]);
        control
    }

    /// PostgreSQL refuses to run as root.
    fn program(&self, name: &str) -> Command {
        let path = Path::new(&self.programs).join(name);
        if !is_root() {
            return Command::new(path);
        }
        let mut other = Command::new("setpriv");
        other.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(path);
        other
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // One that is down already is no problem.
        drop(self.control().args(["-m", "immediate", "-w", "stop"]).output());
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

fn run(command: &mut Command) {
    // Its server would hold a pipe open for ever.
    let done = command.stdout(std::process::Stdio::null()).status().expect("it starts");
    assert!(done.success(), "{command:?}: {done}");
}
