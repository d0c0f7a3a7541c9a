//! axe-core on every page, in a language of each direction, in light and dark: nothing serious.

use std::path::{Path, PathBuf};
use std::process::Command;

use aftercare_tests::browser::{DESKTOP, Driver, PHONE};
use aftercare_tests::world::PASSWORD;
use serde_json::Value;

use super::{furnished, pages};

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
        let done = done.expect("npm is missing: install Debian's `npm` to judge the pages by axe-core");
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
    let (world, code) = furnished().await;
    let driver = Driver::start().await;
    let base = world.anyone.base();
    let mut found = Vec::new();
    for (size, language) in [(DESKTOP, "fa"), (PHONE, "en")] {
        let gate = driver.open(size).await;
        gate.goto(&format!("{base}/sign-in")).await;
        gate.run(&axe).await;
        found.extend(told("sign-in", &gate.run_async(JUDGE).await));
        gate.close().await;
        for user in ["reception", "dispatcher", "technician", "accountant"] {
            let browser = driver.open(size).await;
            browser.sign_in(base, user, PASSWORD, language).await;
            for (name, _, path) in pages(&code).into_iter().filter(|(_, who, _)| *who == user) {
                for theme in ["light", "dark"] {
                    browser.goto(&format!("{base}{path}")).await;
                    browser.run(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
                    browser
                        .run("for (const one of document.querySelectorAll('details')) one.open = true")
                        .await;
                    browser.run(&axe).await;
                    found
                        .extend(told(&format!("{name} {language} {theme}"), &browser.run_async(JUDGE).await));
                }
            }
            browser.close().await;
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn told(page: &str, found: &Value) -> Vec<String> {
    let list = found.as_array().unwrap_or_else(|| panic!("axe-core did not run on {page}: {found}"));
    list.iter().map(|one| format!("{page}: {}", one.as_str().unwrap_or_default())).collect()
}
