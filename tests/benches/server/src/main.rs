//! The server's figures, all with the release binary: how long it takes to start, what it holds in memory, what
//! its commands take, and what a durable step over HTTP costs beside the bare writes.

mod client;
mod raw;
mod server;
mod work;

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use rusqlite::Connection;
use server::Server;
use work::{Driven, Script, Work};

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
    commands(&binary);
    let first = Server::start(&binary, &data);
    figure("first start, demo company made", seconds(first.ready_after), "s", "under 20");
    drop(first);
    let starts = best((0..5).map(|_| Server::start(&binary, &data).ready_after));
    figure("start to ready with the demo's data", seconds(starts), "s", "under 1");
    let running = Server::start(&binary, &data);
    std::thread::sleep(Duration::from_secs(3));
    if let Some(memory) = running.memory() {
        figure("memory, idle", memory, "MB", "under 150");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
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

/// Clients against the loop, turn by turn.
async fn steps(binary: &Path, server: &Server, data: &Path) {
    let database = data.join("aftercare.db");
    let work = Rc::new(prepare(binary, server, data));
    let looked_at = Connection::open(&database).expect("the server's database");
    let codes = work.open(&looked_at, &devices(&looked_at), ROUNDS * (TOGETHER + ALONE)).await;
    // What opening them has sent goes out first.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let raw = raw::Loop::copy(&database, &data.join("raw.db"));
    let (mut many, mut alone, mut busy) = (Vec::new(), Vec::new(), Vec::new());
    for round in codes.chunks_exact(codes.len() / ROUNDS) {
        let (together, lone) = round.split_at(round.len() - ALONE.min(round.len()));
        let cpu = server.cpu();
        let driven = work.drive(together, CLIENTS).await;
        busy.extend(
            server.cpu().zip(cpu).map(|(after, before)| 1e6 * (after - before) / driven.steps as f64),
        );
        many.push(against(driven, &database, &raw, together, A_COMMIT).await);
        let driven = work.drive(lone, 1).await;
        alone.push(against(driven, &database, &raw, lone, 1).await);
    }
    let steps: usize = many.iter().map(|round| round.steps).sum();
    println!(
        "{steps} steps of {CLIENTS} clients in {ROUNDS} rounds, {} refused",
        many.iter().map(|r| r.refused).sum::<usize>()
    );
    println!(
        "A  a step, {CLIENTS} clients             {:>9.0} us",
        median(many.iter().map(|round| round.http))
    );
    println!("   processor time of it       {:>9.0} us", median(busy.into_iter()));
    println!(
        "B  the bare loop, {A_COMMIT} a commit   {:>9.0} us",
        median(many.iter().map(|round| round.raw))
    );
    figure("B / A", median(many.iter().map(|round| round.raw / round.http)), "", "at least 0.4");
    println!("A' a step of a lone client    {:>9.0} us", median(alone.iter().map(|round| round.http)));
    println!("B' the bare loop, 1 a commit  {:>9.0} us", median(alone.iter().map(|round| round.raw)));
    figure("B' / A'", median(alone.iter().map(|round| round.raw / round.http)), "", "at least 0.8");
}

/// Microseconds a step, over HTTP and in the loop.
struct Round {
    steps: usize,
    refused: usize,
    http: f64,
    raw: f64,
}

async fn against(
    driven: Driven,
    database: &Path,
    raw: &raw::Loop,
    codes: &[String],
    a_commit: usize,
) -> Round {
    // The server's worker is still delivering.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let steps = raw::steps_of(database, codes);
    let took = raw.write(&steps, a_commit);
    Round {
        steps: driven.steps,
        refused: driven.refused,
        http: 1e6 * seconds(driven.took) / driven.steps as f64,
        raw: 1e6 * seconds(took) / steps.len() as f64,
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
    println!("{what:<36} {value:>9.2} {unit:<3} {promised}");
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
