//! axe-core on every page, in a language of each direction, in light and dark: nothing serious.

use std::path::{Path, PathBuf};
use std::process::Command;

use aftercare_tests::browser::{DESKTOP, Driver, PHONE};
use aftercare_tests::world::World;
use serde_json::Value;

use super::{Page, pages, texts, visit};

/// axe-core as npm's lock file names it, put under target/.
fn axe() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder: PathBuf = root.join("../target/npm");
    let file = folder.join("node_modules/axe-core/axe.min.js");
    if !file.is_file() {
        std::fs::create_dir_all(&folder).expect("a folder");
        for name in ["package.json", "package-lock.json"] {
            std::fs::copy(root.join("browser").join(name), folder.join(name)).expect(name);
        }
        let done = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder).status();
        let done = done.expect("npm is missing: install Debian's `npm`, which fetches what judges the pages");
        assert!(done.success(), "npm could not fetch axe-core");
    }
    std::fs::read_to_string(file).expect("axe-core")
}

const JUDGE: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, {resultTypes: ['violations']}).then((result) => done(result.violations
        .filter((one) => ['serious', 'critical'].includes(one.impact))
        .map((one) => one.id + ': ' + one.help + ' ' + one.nodes.map((node) => node.html.slice(0, 160)).join(' | '))));";

#[tokio::test]
async fn no_page_has_a_serious_barrier() {
    let axe = axe();
    let world = World::demo().await;
    let pages = pages(&world).await;
    let driver = Driver::start().await;
    let mut found = Vec::new();
    for (size, language, theme) in [(DESKTOP, "fa", "light"), (PHONE, "en", "dark")] {
        let browser = driver.open(size).await;
        let judge = async |page: &Page| {
            browser.run(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
            browser.run("for (const one of document.querySelectorAll('details')) one.open = true").await;
            browser.run(&axe).await;
            let judged = browser.run_async(JUDGE).await;
            found.extend(told(&format!("{} {language} {theme}", page.name), &judged));
        };
        visit(&world, &browser, &pages, language, judge).await;
        browser.close().await;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn told(page: &str, found: &Value) -> Vec<String> {
    assert!(found.is_array(), "axe-core did not run on {page}: {found}");
    texts(found).into_iter().map(|one| format!("{page}: {one}")).collect()
}
