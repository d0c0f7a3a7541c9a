//! The server's figures, all with the release binary: how long it takes to start, what it holds in memory, what
//! its commands take, and what a durable step over HTTP costs beside the bare writes.

mod board;
mod client;
mod raw;
mod server;
mod work;

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use raw::Looks;
use rusqlite::Connection;
use server::Server;
use work::{Script, Work};

const ROUNDS: usize = 5;
const CLIENTS: usize = 32;
/// Tickets of a round: driven by all clients, and by one alone.
const TOGETHER: usize = 128;
const ALONE: usize = 12;
/// Steps of one commit in the loop that the clients are held against.
const A_COMMIT: usize = 64;

fn main() {
    let binary = server::binary();
    let folder = tempfile::tempdir().expect("a temporary folder");
    // Another folder makes no new company but goes on with the one there: quicker while something is tried out.
    let data = std::env::var("AFTERCARE_DATA").map_or_else(|_| folder.path().join("data"), Into::into);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    if std::env::args().nth(1).as_deref() == Some("board") {
        return runtime.block_on(board::measure(&binary, &data));
    }
    if std::env::args().nth(1).as_deref() != Some("steps") {
        commands(&binary);
        let first = Server::start(&binary, &data);
        figure("first start, demo company made", seconds(first.ready_after), "s", "under 20");
        drop(first);
        let starts = best((0..5).map(|_| Server::start(&binary, &data).ready_after));
        figure("start to ready with the demo's data", seconds(starts), "s", "under 1");
    }
    let running = Server::start(&binary, &data);
    std::thread::sleep(Duration::from_secs(3));
    if let Some(memory) = running.memory() {
        figure("memory, idle", memory, "MB", "under 150");
    }
    tokio::task::LocalSet::new().block_on(&runtime, steps(&binary, &running, &data));
    if let Some(memory) = running.memory() {
        figure("memory, after all these steps", memory, "MB", "");
    }
}

fn commands(binary: &Path) {
    let check = best((0..5).map(|_| server::run(binary, &["check"]).1));
    figure("aftercare check", 1e3 * seconds(check), "ms", "under 300");
    let test = best((0..3).map(|_| server::run(binary, &["test"]).1));
    figure("aftercare test", seconds(test), "s", "under 2");
}

/// Clients against the loops, turn by turn.
async fn steps(binary: &Path, server: &Server, data: &Path) {
    let database = data.join("aftercare.db");
    let work = Rc::new(prepare(binary, server, data));
    let looked_at = Connection::open(&database).expect("the server's database");
    let codes = work.open(&looked_at, &devices(&looked_at), ROUNDS * (TOGETHER + ALONE)).await;
    // What opening them has sent goes out first.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let [bare, looking] = ["bare.db", "looking.db"].map(|name| raw::Loop::copy(&database, &data.join(name)));
    let loops = Loops { database, bare, looking };
    let (mut many, mut alone) = (Vec::new(), Vec::new());
    for round in codes.chunks_exact(codes.len() / ROUNDS) {
        let (together, lone) = round.split_at(round.len() - ALONE.min(round.len()));
        many.push(loops.against(&work, server, together, CLIENTS, A_COMMIT).await);
        alone.push(loops.against(&work, server, lone, 1, 1).await);
    }
    let steps: usize = many.iter().map(|round| round.steps).sum();
    let refused: usize = many.iter().map(|round| round.refused).sum();
    println!("{steps} steps of {CLIENTS} clients in {ROUNDS} rounds, {refused} refused");
    tell(&many, &format!("a step, {CLIENTS} clients"), A_COMMIT, "at least 0.4");
    tell(&alone, "a step of a lone client", 1, "at least 0.8");
}

fn tell(rounds: &[Round], what: &str, a_commit: usize, promised: &str) {
    let line = |what: &str, value: &dyn Fn(&Round) -> f64| {
        figure(what, median(rounds.iter().map(value)), "us", "");
    };
    line(&format!("A  {what}"), &|round| round.http);
    line("   the server's processor time of it", &|round| round.server);
    line("   the clients' processor time of it", &|round| round.client);
    line(&format!("B  the bare loop, {a_commit} a commit"), &|round| round.bare);
    line("B+ the loop that also reads", &|round| round.looking);
    figure("B / A", median(rounds.iter().map(|round| round.bare / round.http)), "", promised);
    figure("B+ / A", median(rounds.iter().map(|round| round.looking / round.http)), "", "");
}

/// Microseconds a step, over HTTP and in the loops.
struct Round {
    steps: usize,
    refused: usize,
    http: f64,
    /// Processor time.
    server: f64,
    client: f64,
    bare: f64,
    looking: f64,
}

/// What the clients are held against.
struct Loops {
    database: PathBuf,
    bare: raw::Loop,
    looking: raw::Loop,
}

impl Loops {
    async fn against(
        &self,
        work: &Rc<Work>,
        server: &Server,
        codes: &[String],
        clients: usize,
        a_commit: usize,
    ) -> Round {
        let before = (server.cpu(), server::own_cpu());
        let driven = work.drive(codes, clients).await;
        let after = (server.cpu(), server::own_cpu());
        // The server's worker is still delivering.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let steps = raw::steps_of(&self.database, codes);
        let bare = self.bare.write(&steps, a_commit, Looks::No);
        let looking = self.looking.write(&steps, a_commit, Looks::Yes);
        let a_step = |seconds: f64| 1e6 * seconds / driven.steps as f64;
        Round {
            steps: driven.steps,
            refused: driven.refused,
            http: a_step(seconds(driven.took)),
            server: a_step(after.0 - before.0),
            client: a_step(after.1 - before.1),
            bare: a_step(seconds(bare)),
            looking: a_step(seconds(looking)),
        }
    }
}

fn prepare(binary: &Path, server: &Server, data: &Path) -> Work {
    let script = Script::read();
    let folder = data.to_str().expect("a path");
    let token = |name: &str| server::run(binary, &["token", name, "--data", folder]).0;
    let tokens = script.people().into_iter().map(|name| (name.to_owned(), token(name))).collect();
    Work { address: server.address, script, tokens }
}

/// Devices that belong to somebody and are under cover for long: serial and owner.
fn devices(database: &Connection) -> Vec<(String, String)> {
    let asked =
        "SELECT d.serial, d.owner FROM device d JOIN card c ON c.device = d.serial AND c.status = 'active'
        WHERE d.owner IS NOT NULL ORDER BY c.warranty_to DESC";
    let mut statement = database.prepare(asked).expect("a question");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.expect("devices").collect::<Result<_, _>>().expect("devices")
}

fn figure(what: &str, value: f64, unit: &str, promised: &str) {
    let promised = if promised.is_empty() { String::new() } else { format!("({promised} is promised)") };
    println!("{what:<38} {value:>9.2} {unit:<3} {promised}");
}

fn best(times: impl Iterator<Item = Duration>) -> Duration {
    times.min().unwrap_or_default()
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
