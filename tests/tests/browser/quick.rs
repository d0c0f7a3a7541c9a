//! Small, still, and alone: no page is heavy on the first visit, moves while it loads, or asks another host.

use aftercare_tests::browser::{DESKTOP, Driver};
use aftercare_tests::world::PASSWORD;

use super::{furnished, pages};

/// Most bytes over the wire on a first visit.
const BYTES: f64 = 100_000.0;
/// Most layout shift.
const SHIFT: f64 = 0.02;

const SEEN: &str = "const done = arguments[arguments.length - 1];
    let shift = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) shift += one.value; })
        .observe({type: 'layout-shift', buffered: true});
    setTimeout(() => {
        const all = [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')];
        done({
            bytes: all.reduce((sum, one) => sum + one.transferSize, 0),
            foreign: all.map((one) => one.name).filter((name) => !name.startsWith(location.origin)),
            shift,
        });
    }, 400);";

#[tokio::test]
async fn pages_are_light_still_and_ask_nobody_else() {
    let (world, code) = furnished().await;
    let driver = Driver::start().await;
    let base = world.anyone.base();
    for (name, user, path) in pages(&code) {
        let browser = driver.open(DESKTOP).await;
        browser.sign_in(base, user, PASSWORD, "fa").await;
        browser.develop("Network.clearBrowserCache", &serde_json::json!({})).await;
        browser.goto(&format!("{base}{path}")).await;
        let seen = browser.run_async(SEEN).await;
        println!("{name}: {seen}");
        assert_eq!(seen["foreign"], serde_json::json!([]), "{name}");
        assert!(seen["bytes"].as_f64().is_some_and(|bytes| bytes < BYTES), "{name}: {seen}");
        assert!(seen["shift"].as_f64().is_some_and(|shift| shift <= SHIFT), "{name}: {seen}");
        browser.close().await;
    }
}
