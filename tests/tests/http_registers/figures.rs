//! Figures that the registers promise. Told when asked for, best in release:
//! `AFTERCARE_FIGURES=1 cargo test --release --workspace --test http_registers figures -- --nocapture`

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aftercare_tests::client::Client;
use aftercare_tests::world::{World, customer};
use serde_json::json;

use crate::files::CSV;

const ROWS: u64 = 100_000;

/// Devices as another program writes them: every column that a unit has before it is sold.
fn file() -> String {
    let mut file = "serial,product,status,owner,batch,produced_on,covered_to\n".to_owned();
    for n in 0..ROWS {
        let day = n % 28 + 1;
        file.push_str(&format!("F{n:07},F200,sold,C1,B{},2026-01-{day:02},2028-01-01\n", n / 500));
    }
    file
}

/// Changes something small again and again; how long the slowest change took.
async fn slowest(user: Client, is_over: Arc<AtomicBool>) -> Duration {
    let mut slowest = Duration::ZERO;
    for n in 0_u64.. {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        let begun = Instant::now();
        let body = customer(&format!("W{n}"), "Somebody", &[]);
        let reply = user.post("/api/customers", &body).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        slowest = slowest.max(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    slowest
}

/// SP-27: promised are ten seconds for a hundred thousand devices, and nobody waits meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_devices_come_in_while_others_work() {
    if std::env::var_os("AFTERCARE_FIGURES").is_none() {
        return;
    }
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let is_over = Arc::new(AtomicBool::new(false));
    let other = tokio::spawn(slowest(admin.clone(), is_over.clone()));
    for what in ["alone", "again, unchanged"] {
        let begun = Instant::now();
        let reply = admin.send_file("/api/imports/devices", CSV, file()).await;
        println!("{ROWS} devices, {what}: {:?}", begun.elapsed());
        assert_eq!(reply.at("/lines"), json!(ROWS), "{}", reply.text);
    }
    is_over.store(true, Ordering::Relaxed);
    println!("the slowest change of somebody else: {:?}", other.await.unwrap());
}
