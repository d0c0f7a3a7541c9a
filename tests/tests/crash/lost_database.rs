//! PostgreSQL is lost in the middle of the work: its connections are cut, it is restarted, it falls silent, or it keeps
//! them all busy. Whoever asks is put off and gets one result; the workers come back by themselves.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aftercare::app::App;
use aftercare::clock::SystemClock;
use aftercare::config::Config;
use aftercare::config::gateway::{Sms, SmsKeys};
use aftercare::entity::outbox;
use aftercare::gateway::Gateways;
use aftercare::store::Store;
use aftercare::worker;
use aftercare_tests::client::{Client, Reply};
use aftercare_tests::company;
use aftercare_tests::database::{self, Fresh};
use aftercare_tests::wire::Wire;
use aftercare_tests::world::World;
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, ConnectOptions, ConnectionTrait, Database, EntityTrait, QueryFilter};
use sea_orm::{DbBackend, Statement};
use tokio_util::sync::CancellationToken;

use super::http_server::HttpServer;
use super::journal::{Journal, Request};
use super::own_postgres::Postgres;
use super::{CLIENTS, check, delivered, founded};

/// Until a worker that has lost the database is at work again.
const BACK: Duration = Duration::from_secs(5);
/// Connections that a server has.
const CONNECTIONS: usize = 16;

/// A server with its workers, in this process.
struct House {
    world: World,
    stop: CancellationToken,
    workers: tokio::task::JoinHandle<()>,
}

impl House {
    async fn open(store: &Store, limits: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        limits(&mut config);
        let app = company::open(store).await.app;
        let app = App { clock: Arc::new(SystemClock::default()), config: Arc::new(config), ..app };
        let gateways = Gateways::open(&app.config.gateways).expect("no gateway");
        let stop = CancellationToken::new();
        let workers = tokio::spawn(worker::run(app.clone(), gateways, stop.clone()));
        Self { world: World::serve(app, tempfile::tempdir().expect("a folder")), stop, workers }
    }

    fn base(&self) -> &str {
        self.world.anyone.base()
    }

    async fn close(self) {
        self.stop.cancel();
        self.workers.await.expect("no worker panics");
    }
}

/// Takes steps in a house while a fault goes on; then everything is there once, and the workers are at work.
async fn survives(fresh: &Fresh, fault: impl Future<Output = ()>) {
    let journal = Journal::new(founded(fresh).await);
    let gateway = HttpServer::slow(Duration::from_millis(100)).await;
    let url = format!("{}/sms", gateway.address);
    let house = House::open(&fresh.store, |config| config.gateways.sms = Some(sms(url))).await;
    journal.connect(house.base());
    let (over, is_over) = tokio::sync::watch::channel(false);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (journal, is_over) = (journal.clone(), is_over.clone());
            tokio::spawn(async move {
                let (mut put_off, mut n) = (0, 0);
                while !*is_over.borrow() {
                    let key = format!("{client}-{n}");
                    let (code, opened) = journal.persist(Request::open(&key)).await;
                    let (_, assigned) = journal.persist(Request::assign(&key, &code)).await;
                    (put_off, n) = (put_off + opened + assigned, n + 1);
                }
                put_off
            })
        })
        .collect();
    fault.await;
    over.send_replace(true);
    let mut put_off = 0;
    for client in clients {
        put_off += client.await.expect("a client had no answer but 200 and 503");
    }
    println!("{} tickets, put off {put_off} times", journal.codes().len());
    assert!(put_off > 0, "nobody noticed: that says nothing");
    let (after, _) = journal.persist(Request::open("after")).await;
    let began = Instant::now();
    while !is_told(fresh, &after).await {
        assert!(began.elapsed() < BACK, "the couriers do not come back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    // What was claimed when the line broke is free again when its lease is over; nobody here waits for that.
    let over = "UPDATE outbox SET lease_until = '2000-01-01 00:00:00+00:00' WHERE status = 'claimed'";
    fresh.raw.execute_unprepared(over).await.expect("leases");
    let rows = delivered(fresh).await;
    let mut ids: Vec<String> = rows.into_iter().map(|row| row.effect).collect();
    let mut sent: Vec<String> =
        gateway.calls().iter().map(|call| call.json()["id"].as_str().expect("an id").to_owned()).collect();
    ids.sort();
    sent.sort();
    assert!(ids == sent, "{} messages were sent {} times", ids.len(), sent.len());
    check(fresh, &journal).await;
    assert!(journal.repeat_all().await, "an acknowledged answer has changed");

    let (late, _) = journal.persist(Request::open("late")).await;
    house.world.app.tick(TimeDelta::days(8)).await.expect("a clock that moves");
    told_once(fresh, &late).await;
    house.close().await;
}

/// A gateway for text messages.
fn sms(url: String) -> Sms {
    Sms { url, token: None, from: None, keys: SmsKeys::default(), private: true }
}

/// Whether all that a ticket has to say has been sent.
async fn is_told(fresh: &Fresh, code: &str) -> bool {
    let own = outbox::Entity::find().filter(outbox::Column::Ticket.eq(code));
    let own = own.all(fresh.store.reader()).await.expect("messages");
    !own.is_empty() && own.iter().all(|row| row.status == "sent")
}

/// Waits for what the timer of a ticket that nobody has taken up says, and sees that each dispatcher is told once.
async fn told_once(fresh: &Fresh, code: &str) {
    let began = Instant::now();
    loop {
        let own = outbox::Entity::find().filter(outbox::Column::Ticket.eq(code));
        let told = own.filter(outbox::Column::Message.eq("errand_late"));
        let told = told.all(fresh.store.reader()).await.expect("messages");
        let people: BTreeSet<&str> = told.iter().map(|row| row.to_code.as_str()).collect();
        if !told.is_empty() {
            return assert_eq!(told.len(), people.len(), "{told:?}");
        }
        assert!(began.elapsed() < BACK, "its timer does not fire");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Where there is no PostgreSQL, a test of what it does says so and ends.
fn is_there<T>(found: Option<T>) -> Option<T> {
    if found.is_none() {
        println!("AFTERCARE_TEST_POSTGRES_URL is not set: nothing is tried");
    }
    found
}

// F7
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_postgresql_cuts_put_requests_off_and_lose_or_double_nothing() {
    let Some(url) = is_there(database::on_postgres().await) else { return };
    let fresh = database::at(url).await;
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    survives(&fresh, async {
        for _ in 0..15 {
            tokio::time::sleep(Duration::from_millis(200)).await;
            // The one that cuts may be cut by itself through another connection.
            drop(fresh.raw.query_one_raw(Statement::from_string(DbBackend::Postgres, cut)).await);
        }
    })
    .await;
}

// F8
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_that_restarts_puts_requests_off_and_loses_or_doubles_nothing() {
    let Some(server) = is_there(Postgres::start().await) else { return };
    let fresh = database::at(server.url(&server.address())).await;
    survives(&fresh, async {
        for how in ["fast", "immediate", "fast"] {
            tokio::time::sleep(Duration::from_millis(800)).await;
            tokio::task::block_in_place(|| server.down(how));
            tokio::time::sleep(Duration::from_millis(400)).await;
            tokio::task::block_in_place(|| server.up());
        }
    })
    .await;
}

// F19
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_parted_from_postgresql_says_so_and_another_one_does_its_work() {
    let Some(server) = is_there(Postgres::start().await) else { return };
    let fresh = database::at(server.url(&server.address())).await;
    let journal = Journal::new(founded(&fresh).await);
    let line = Wire::to(&format!("http://{}", server.address())).await;
    let parted = Store::open(&server.url(line.base().trim_start_matches("http://"))).await.expect("a store");
    let parted = House::open(&parted, |config| {
        (config.limits.read, config.limits.answer) = (Duration::from_secs(1), Duration::from_secs(2));
    })
    .await;
    let other = House::open(&fresh.store, |_| ()).await;
    journal.connect(parted.base());
    journal.persist(Request::open("before")).await;

    // What it sends arrives, and no answer comes back: commits that it made remain unknown to it.
    line.lose_answers();
    let under_way = tokio::spawn({
        let journal = journal.clone();
        async move { journal.persist(Request::open("under-way")).await }
    });
    let began = Instant::now();
    let watched = Client::new(parted.base()).get("/readyz").await;
    assert_eq!((watched.status, began.elapsed() < Duration::from_secs(5)), (503, true), "{watched:?}");
    assert_eq!(Client::new(parted.base()).get("/healthz").await.status, 200);

    let here = Journal::new(journal.token().to_owned());
    here.connect(other.base());
    assert_eq!(Client::new(other.base()).get("/readyz").await.status, 200);
    let (elsewhere, put_off) = here.persist(Request::open("elsewhere")).await;
    assert_eq!(put_off, 0, "the other server has its own line");
    delivered(&fresh).await;
    tokio::time::sleep(Duration::from_secs(1)).await;

    line.cut();
    line.mend();
    let (_, put_off) = under_way.await.expect("no answer but 200 and 503");
    assert!(put_off > 0, "it was not parted");
    let again = until(&Client::new(parted.base()).with_token(journal.token()), &elsewhere, 200).await;
    assert_eq!(again.status, 200, "{}", again.text);
    assert_eq!(Client::new(parted.base()).get("/readyz").await.status, 200);
    delivered(&fresh).await;
    super::is_sound(&fresh).await;
    parted.close().await;
    other.close().await;
}

/// Asks for a ticket until the answer has this status.
async fn until(client: &Client, code: &str, status: u16) -> Reply {
    let began = Instant::now();
    loop {
        let reply = client.get(&format!("/api/tickets/{code}")).await;
        if reply.status == status || began.elapsed() > BACK {
            return reply;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

// F29
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_every_connection_in_use_others_are_put_off_in_two_seconds_and_the_server_is_still_ready() {
    let Some(url) = is_there(database::on_postgres().await) else { return };
    let fresh = database::at(url).await;
    let token = founded(&fresh).await;
    let app = company::open(&fresh.store).await.app;
    let app = App { clock: Arc::new(SystemClock::default()), ..app };
    let world = World::serve(app, tempfile::tempdir().expect("a folder"));
    let reader = world.anyone.with_token(&token);
    let journal = Journal::new(token);
    journal.connect(world.anyone.base());
    let (code, _) = journal.persist(Request::open("1")).await;
    let path = format!("/api/tickets/{code}");

    let mut options = ConnectOptions::new(&fresh.url);
    options.max_connections(1);
    let other = Database::connect(options).await.expect("another program");
    other.execute_unprepared("BEGIN").await.expect("a transaction");
    other.execute_unprepared("LOCK TABLE ticket IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    let waiting: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (reader, path) = (reader.clone(), path.clone());
            tokio::spawn(async move { reader.get(&path).await.status })
        })
        .collect();
    while waiting_for_locks(&fresh).await < i64::try_from(CONNECTIONS).expect("few") {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let began = Instant::now();
    let put_off = reader.get(&path).await;
    let took = began.elapsed();
    assert_eq!(put_off.status, 503, "{}", put_off.text);
    assert!(put_off.headers.contains_key("retry-after"), "{}", put_off.text);
    assert!(took < Duration::from_secs(4), "it was put off after {took:?}");
    for path in ["/healthz", "/readyz"] {
        let began = Instant::now();
        assert_eq!(world.anyone.get(path).await.status, 200, "{path}");
        assert!(began.elapsed() < Duration::from_secs(1), "{path} took {:?}", began.elapsed());
    }
    other.execute_unprepared("ROLLBACK").await.expect("it lets go");
    for reply in waiting {
        assert_eq!(reply.await.expect("an answer"), 200);
    }
    assert_eq!(reader.get(&path).await.status, 200);
}

async fn waiting_for_locks(fresh: &Fresh) -> i64 {
    let asked = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let row = fresh.raw.query_one_raw(Statement::from_string(DbBackend::Postgres, asked)).await;
    row.expect("an answer").expect("a row").try_get_by_index(0).expect("a number")
}
