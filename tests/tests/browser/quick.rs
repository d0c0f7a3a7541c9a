//! Small, still, and alone: no page is heavy on the first visit, moves while it loads, or asks another host.

use aftercare_tests::browser::{DESKTOP, Driver};
use aftercare_tests::world::World;
use serde_json::json;

use super::{Page, pages, visit};

/// Most bytes over the wire on a first visit.
const BYTES: f64 = 100_000.0;
/// Most layout shift.
const SHIFT: f64 = 0.02;
/// Most milliseconds until something is painted. The promise is 300 for a release build on a machine of its own;
/// here a debug server reads its templates anew for every page while other tests run.
const PAINT: f64 = 3_000.0;

const SEEN: &str = "const done = arguments[arguments.length - 1];
    let shift = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) shift += one.value; })
        .observe({type: 'layout-shift', buffered: true});
    setTimeout(() => {
        const page = performance.getEntriesByType('navigation')[0];
        const all = [...performance.getEntriesByType('resource'), page];
        done({
            bytes: all.reduce((sum, one) => sum + one.transferSize, 0),
            foreign: all.map((one) => one.name).filter((name) => !name.startsWith(location.origin)),
            paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
            answer: page.responseStart,
            wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            shift,
        });
    }, 300);";

#[tokio::test]
async fn pages_are_light_still_and_ask_nobody_else() {
    let world = World::demo().await;
    let driver = Driver::start().await;
    let mut wrong = Vec::new();
    let browser = driver.open(DESKTOP).await;
    for page in pages(&world).await {
        browser.develop("Network.clearBrowserCache", &json!({})).await;
        let measure = async |page: &Page| {
            let seen = browser.run_async(SEEN).await;
            println!("{}: {seen}", page.name);
            let under = |name: &str, most: f64| seen[name].as_f64().is_some_and(|value| value <= most);
            let is_fine = seen["foreign"] == json!([])
                && under("bytes", BYTES)
                && under("shift", SHIFT)
                && under("paint", PAINT)
                && under("wide", 0.0);
            if !is_fine {
                wrong.push(format!("{}: {seen}", page.name));
            }
        };
        visit(&world, &browser, &[page], "fa", measure).await;
    }
    browser.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
