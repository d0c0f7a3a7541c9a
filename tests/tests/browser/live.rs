//! BW-13, BS-03: what one person does, others see without reloading.

use std::time::{Duration, Instant};

use aftercare_tests::browser::{DESKTOP, Driver};
use aftercare_tests::world::PASSWORD;
use serde_json::json;

use super::furnished;

#[tokio::test]
async fn a_step_is_seen_in_another_browser_within_a_second() {
    let (world, code) = furnished().await;
    let driver = Driver::start().await;
    let (one, two) = (driver.open(DESKTOP).await, driver.open(DESKTOP).await);
    let base = world.anyone.base();
    one.sign_in(base, "manager", PASSWORD, "en").await;
    two.sign_in(base, "reception", PASSWORD, "en").await;
    one.goto(&format!("{base}/tickets/{code}")).await;
    two.goto(&format!("{base}/tickets")).await;
    let before = one.run("return document.querySelector('.ticket-head .badges').innerText").await;
    let card = "return document.querySelector('.card .badges').innerText";
    let card_before = two.run(card).await;
    // Both listen.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let body =
        json!({"revision": 1, "data": {"technician": "technician", "visit_at": "2041-04-04T06:00:00Z"}});
    let path = format!("/api/tickets/{code}/steps/assign_technician");
    let taken = world.as_user("dispatcher").await.post(&path, &body).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    let begun = Instant::now();
    let changed = async || {
        let now = one.run("return document.querySelector('.ticket-head .badges').innerText").await;
        (now != before).then_some(())
    };
    one.until("the ticket's page follows", changed).await;
    let took = begun.elapsed();
    two.until("the board follows", async || (two.run(card).await != card_before).then_some(())).await;
    println!("seen after {took:?}");
    assert!(took < Duration::from_secs(4), "seen only after {took:?}");
}
