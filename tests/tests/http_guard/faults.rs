//! Other programs and other clients that hold what everybody needs.

use std::time::{Duration, Instant};

use aftercare_tests::world::{World, customer};
use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

// F25
#[tokio::test]
async fn while_another_program_holds_the_database_reading_goes_on_and_writing_is_put_off_with_503() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let mut options = ConnectOptions::new(world.app.config.database());
    options.max_connections(1);
    let other = Database::connect(options).await.expect("another program");
    other.execute_unprepared("BEGIN IMMEDIATE").await.expect("it holds the database");
    let began = Instant::now();
    let put_off = admin.post("/api/customers", &customer("C2", "Sara", &["09350000000"])).await;
    assert_eq!(put_off.status, 503, "{}", put_off.text);
    assert!(put_off.headers.contains_key("retry-after"), "{}", put_off.text);
    assert!(began.elapsed() < Duration::from_secs(10), "it took {:?}", began.elapsed());
    assert_eq!(admin.get("/api/customers/C1").await.status, 200);
    other.execute_unprepared("ROLLBACK").await.expect("it lets go");
    let now = admin.post("/api/customers", &customer("C2", "Sara", &["09350000000"])).await;
    assert_eq!(now.status, 201, "{}", now.text);
}

// F24
#[tokio::test]
async fn clients_that_say_nothing_more_hold_up_nobody_and_are_let_go() {
    let world = World::start_with(|config| config.limits.read = Duration::from_secs(2)).await;
    let address = world.anyone.base().trim_start_matches("http://").to_owned();
    let mut slow = Vec::new();
    for _ in 0..300 {
        let mut socket = TcpStream::connect(&address).await.expect("a connection");
        socket.write_all(b"GET /api/session HTTP/1.1\r\nHost: x\r\nX-").await.expect("half a head");
        slow.push(socket);
    }
    let began = Instant::now();
    assert_eq!(world.anyone.get("/healthz").await.status, 200);
    assert!(began.elapsed() < Duration::from_secs(1), "it took {:?}", began.elapsed());
    for mut socket in slow {
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(10), socket.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "it is still held after ten seconds");
    }
}
