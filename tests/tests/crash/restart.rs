//! A large store, killed under load, is soon there again.

use std::time::{Duration, Instant};

use aftercare_tests::client::Client;
use aftercare_tests::database::{self, Fresh};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::journal::{Journal, Request};
use super::server::Server;
use super::{CLIENTS, founded, send};

/// Tickets of the store.
const TICKETS: i64 = 100_000;
/// Longest until it is ready again.
const LONGEST: Duration = Duration::from_secs(5);

// P5
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_hundred_thousand_tickets_it_is_ready_again_five_seconds_after_kill_9() {
    let fresh = database::sqlite().await;
    let token = founded(&fresh).await;
    let journal = Journal::new(token.clone());
    let server = Server::start(&fresh.url);
    journal.connect(&server.address);
    let code = journal.send(Request::open("first")).await.expect("an answer");
    journal.send(Request::assign("first", &code)).await.expect("an answer");
    server.kill();
    multiply(&fresh, &code).await;

    let server = Server::start(&fresh.url);
    journal.connect(&server.address);
    let clients: Vec<_> = (0..CLIENTS).map(|client| tokio::spawn(send(journal.clone(), 0, client))).collect();
    tokio::time::sleep(Duration::from_millis(700)).await;
    server.kill();
    for client in clients {
        client.await.expect("a client ends by itself");
    }
    let began = Instant::now();
    let server = Server::start(&fresh.url);
    let anyone = Client::new(&server.address);
    assert_eq!(anyone.get("/readyz").await.status, 200);
    let took = began.elapsed();
    println!("ready after {took:?}");
    assert!(took < LONGEST, "it took {took:?}");
    journal.connect(&server.address);
    assert!(journal.settle_unknown().await, "a request without an answer has two results");
    let copy = anyone.with_token(&token).get("/api/tickets/COPY-77777").await;
    assert_eq!(copy.status, 200, "{}", copy.text);
    server.kill();
}

/// Copies of a ticket with its history, its timers and its messages.
async fn multiply(fresh: &Fresh, code: &str) {
    for (table, key, own) in [
        ("ticket", "code", ""),
        ("ticket_event", "ticket", ""),
        ("timer", "ticket", ""),
        ("outbox", "ticket", "effect"),
    ] {
        let asked = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA table_info({table})"));
        let columns: Vec<String> = fresh
            .raw
            .query_all_raw(asked)
            .await
            .expect("columns")
            .iter()
            .map(|row| row.try_get::<String>("", "name").expect("a name"))
            .filter(|name| name != "id")
            .collect();
        let values: Vec<String> = columns
            .iter()
            .map(|name| match name.as_str() {
                name if name == key => "'COPY-' || n".to_owned(),
                name if name == own => format!("{name} || '/' || n"),
                name => format!("\"{name}\""),
            })
            .collect();
        let names = columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < {TICKETS})
             INSERT INTO {table} ({names}) SELECT {} FROM count, {table} WHERE {key} = '{code}'",
            values.join(", ")
        );
        fresh.raw.execute_unprepared(&sql).await.expect("copies");
    }
}
