//! Persian: everything runs from right to left, in Jalali days and Persian digits, and nothing sticks out.

use aftercare_tests::browser::{DESKTOP, Driver, PHONE};
use aftercare_tests::world::World;

use super::{Page, pages, texts, visit};

/// Words of the page that a reader of Persian would not expect: English ones that are neither codes nor names, days
/// written the machine's way, values that are none.
const STRANGE: &str = r"
    const found = [];
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.parentElement.closest('.ltr, bdi, [dir=auto], [lang], script, option')) continue;
        const text = node.data.trim();
        if (/\bnull\b|undefined|\bNaN\b|\d{4}-\d\d-\d\d|\d\dT\d\d|\{\{|\[object/.test(text)) found.push(text);
    }
    return found;";

/// What sticks out of the window's sides, other than in parts that scroll by themselves.
const OUTSIDE: &str = "
    const wide = document.documentElement.clientWidth;
    const all = document.documentElement.scrollWidth;
    return (all > wide + 1 ? [`the page is ${all} wide`] : []).concat([...document.querySelectorAll('main *')]
        .filter((one) => !one.closest('.scroll, .columns, .chosen, .unseen, svg'))
        .filter((one) => one.checkVisibility())
        .map((one) => [one, one.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.left < -1 || box.right > wide + 1))
        .map(([one]) => one.outerHTML.slice(0, 120)));";

#[tokio::test]
async fn persian_pages_run_from_right_to_left_and_nothing_sticks_out() {
    let world = World::demo().await;
    let pages = pages(&world).await;
    let driver = Driver::start().await;
    let mut wrong = Vec::new();
    for size in [DESKTOP, PHONE] {
        let browser = driver.open(size).await;
        let look = async |page: &Page| {
            let dir = browser.run("return getComputedStyle(document.querySelector('main')).direction").await;
            assert_eq!(dir, "rtl", "{}", page.name);
            let brand =
                "return !(document.querySelector('.brand')?.getBoundingClientRect().left < innerWidth / 2)";
            assert_eq!(browser.run(brand).await, true, "the brand is not at the right on {}", page.name);
            for (what, script) in [("strange", STRANGE), ("sticks out", OUTSIDE)] {
                let found = browser.run(script).await;
                wrong.extend(
                    texts(&found).iter().map(|one| format!("{} {}: {what}: {one}", page.name, size.0)),
                );
            }
        };
        visit(&world, &browser, &pages, "fa", look).await;
        browser.close().await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
