//! The process dies at any moment, by `kill -9`, or what it stands on fails: what was acknowledged is there, what was
//! not left no trace or is whole, and asking again with the same key gives one result.
//!
//! Seeds are fixed; `AFTERCARE_CRASH_SEED` adds one of your own.

mod disk;
#[expect(dead_code, reason = "the tests of the gateways use the rest of it")]
#[path = "../gateways/http_server.rs"]
mod http_server;
mod journal;
mod late_timers;
mod lost_database;
mod own_postgres;
mod restart;
mod run;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aftercare::auth::token;
use aftercare::entity::{idempotency, outbox, task, ticket, ticket_event, timer, user_role};
use aftercare::store::StoreError;
use aftercare::store::registry::session::{self, SessionKind};
use chrono::Utc;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, Statement};

use aftercare_tests::company;
use aftercare_tests::database::{self, Fresh};
use http_server::HttpServer;
use journal::{Journal, Request};
use server::Server;

/// Kills for each seed.
const KILLS: usize = 4;
/// Clients that send at the same time.
const CLIENTS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kill_9_and_what_was_not_is_whole_or_absent() {
    let extra = std::env::var("AFTERCARE_CRASH_SEED").ok().and_then(|seed| seed.parse().ok());
    for seed in [1, 7].into_iter().chain(extra) {
        println!("seed {seed}");
        let fresh = database::sqlite().await;
        let token = founded(&fresh).await;
        let journal = Journal::new(token);
        let mut moments = Moments(seed);
        for kill in 0..KILLS {
            let server = Server::start(&fresh.url);
            journal.connect(&server.address);
            assert!(journal.settle_unknown().await, "a request without an answer has two results");
            let clients: Vec<_> =
                (0..CLIENTS).map(|client| tokio::spawn(send(journal.clone(), kill, client))).collect();
            tokio::time::sleep(moments.next()).await;
            server.kill();
            for client in clients {
                client.await.expect("a client ends by itself");
            }
        }
        let server = Server::start(&fresh.url);
        journal.connect(&server.address);
        assert!(journal.settle_unknown().await, "a request without an answer has two results");
        assert!(journal.repeat_all().await, "an acknowledged answer has changed");
        check(&fresh, &journal).await;
        server.kill();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_survives_kill_9_and_is_hardly_ever_sent_twice() {
    let gateway = HttpServer::slow(Duration::from_millis(150)).await;
    let settings = format!("gateways: {{sms: {{url: {}/sms, private: true}}}}", gateway.address);
    let fresh = database::sqlite().await;
    let journal = Journal::new(founded(&fresh).await);
    let mut moments = Moments(3);
    for kill in 0..KILLS {
        let server = Server::with(&fresh.url, &settings);
        journal.connect(&server.address);
        let clients: Vec<_> =
            (0..CLIENTS).map(|client| tokio::spawn(send(journal.clone(), kill, client))).collect();
        tokio::time::sleep(moments.next()).await;
        server.kill();
        for client in clients {
            client.await.expect("a client ends by itself");
        }
    }
    // What the dead have claimed is free again when their lease is over; nobody here waits for that.
    let over = "UPDATE outbox SET lease_until = '2000-01-01 00:00:00+00:00' WHERE status = 'claimed'";
    let lost = fresh.raw.execute_unprepared(over).await.expect("leases").rows_affected();
    let server = Server::with(&fresh.url, &settings);
    let rows = delivered(&fresh).await;
    server.kill();

    let ids: BTreeSet<String> = rows.iter().map(|row| row.effect.clone()).collect();
    let mut sent: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for call in gateway.calls() {
        sent.entry(call.json()["id"].as_str().expect("an id").to_owned()).or_default().push(call.body);
    }
    assert!(ids.len() > 10, "only {} messages: too few to say anything", ids.len());
    assert_eq!(sent.keys().cloned().collect::<BTreeSet<_>>(), ids, "what is sent is what has happened");
    assert!(sent.values().all(|calls| calls.iter().all(|body| body == &calls[0])), "an id has one text");
    let twice = sent.values().map(|calls| calls.len() - 1).sum::<usize>();
    println!("{} messages, {lost} in hand when it died, {twice} sent twice", ids.len());
    assert!(lost > 0, "nothing was in hand when it died: that says nothing");
    assert!(u64::try_from(twice).is_ok_and(|twice| twice <= lost), "{twice} sent twice, {lost} in hand");
    is_sound(&fresh).await;
}

/// Waits until nothing is left to deliver.
async fn delivered(fresh: &Fresh) -> Vec<outbox::Model> {
    for _ in 0..300 {
        let rows = outbox::Entity::find().all(fresh.store.reader()).await.expect("messages");
        if rows.iter().all(|row| row.status == "sent") {
            return rows;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("messages are left");
}

/// Chains, sums, numbers, and history replayed against state.
async fn is_sound(fresh: &Fresh) {
    let company = company::open(&fresh.store).await;
    let report = aftercare::verify::verify(&company.app).await.expect("a report");
    assert!(report.is_sound(), "{report:?}");
}

/// A client: opens tickets and takes their first step until the server is gone.
async fn send(journal: Journal, round: usize, client: usize) {
    for n in 0.. {
        let key = format!("{round}-{client}-{n}");
        let Some(code) = journal.send(Request::open(&key)).await else { return };
        if journal.send(Request::assign(&key, &code)).await.is_none() {
            return;
        }
    }
}

/// A company with one process; gives the token of somebody who may do everything in it.
async fn founded(fresh: &Fresh) -> String {
    company::found(fresh).await;
    let (secret, hash) = token::new().expect("randomness");
    fresh
        .store
        .write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                for role in ["dispatcher", "technician"] {
                    let held = user_role::Model {
                        user_name: "reception".into(),
                        role: role.into(),
                        branch: String::new(),
                    };
                    held.into_active_model().insert(tx).await?;
                }
                let month = Duration::from_secs(30 * 86_400);
                session::begin(tx, &hash, "reception", SessionKind::Token, None, Utc::now(), month).await
            })
        })
        .await
        .expect("a token");
    secret
}

/// Holds the rows against the journal: P1 to P3, F1 to F3 of the promises.
async fn check(fresh: &Fresh, journal: &Journal) {
    let db = fresh.store.reader();
    let tickets = ticket::Entity::find().all(db).await.expect("tickets");
    let events = ticket_event::Entity::find().all(db).await.expect("history");
    let acknowledged = journal.codes();
    assert!(
        acknowledged.len() > 10,
        "only {} tickets were opened: too few to say anything",
        acknowledged.len()
    );
    let stored: BTreeSet<String> = tickets.iter().map(|ticket| ticket.code.clone()).collect();
    assert_eq!(stored, acknowledged, "the tickets are not those that were acknowledged");
    for ticket in &tickets {
        let steps = events.iter().filter(|event| event.ticket == ticket.code).count();
        assert_eq!(i64::try_from(steps).ok(), Some(ticket.revision), "{} has another history", ticket.code);
    }
    let rows = idempotency::Entity::find().all(db).await.expect("keys").len();
    assert_eq!(rows, events.len(), "each step is under one key");
    let messages = outbox::Entity::find().all(db).await.expect("messages").len();
    assert_eq!(messages, tickets.len(), "each opening sends one message");
    let moved = tickets.iter().filter(|ticket| ticket.revision > 1).count();
    assert_eq!(
        task::Entity::find().all(db).await.expect("tasks").len(),
        moved,
        "each assignment makes one task"
    );
    let armed = timer::Entity::find().all(db).await.expect("timers");
    for ticket in &tickets {
        assert!(armed.iter().any(|timer| timer.ticket == ticket.code), "{} has no timer", ticket.code);
    }
    if fresh.raw.get_database_backend() == DbBackend::Sqlite {
        let answer =
            fresh.raw.query_one_raw(Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check"));
        let sound: String =
            answer.await.expect("a check").expect("a row").try_get_by_index(0).expect("a word");
        assert_eq!(sound, "ok");
    }
    is_sound(fresh).await;
}

/// When to kill: within the first second of work, the same for the same seed.
struct Moments(u64);

impl Moments {
    fn next(&mut self) -> Duration {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Duration::from_millis(300 + (self.0 >> 33) % 900)
    }
}
