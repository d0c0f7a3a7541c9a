//! Pictures of every page, for people to look at: `tests/screenshots`.

use std::path::Path;

use aftercare_tests::browser::{DESKTOP, Driver, PHONE};
use aftercare_tests::world::World;

use super::{Page, pages, visit};

/// Without `AFTERCARE_SHOW` only of where one signs in: that pictures can be made.
const FIRST: &str = "sign-in";

#[tokio::test]
async fn screenshots() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
    std::fs::create_dir_all(&folder).expect("a folder");
    let only = std::env::var("AFTERCARE_SHOW").unwrap_or_else(|_| FIRST.to_owned());
    let dark = std::env::var("AFTERCARE_DARK").is_ok();
    let world = World::demo().await;
    let mut pages = pages(&world).await;
    pages.retain(|page| page.name.contains(&only));
    let driver = Driver::start().await;
    for (size, device) in [(DESKTOP, "desktop"), (PHONE, "phone")] {
        let browser = driver.open(size).await;
        if dark {
            browser.prefer("dark").await;
        }
        for language in ["fa", "en"] {
            let keep = async |page: &Page| {
                let theme = if dark { "-dark" } else { "" };
                let file = folder.join(format!("{}-{device}-{language}{theme}.png", page.name));
                let picture = browser.picture(true).await;
                assert!(picture.starts_with(b"\x89PNG"), "{} is no picture", page.name);
                std::fs::write(file, picture).expect("a picture");
            };
            visit(&world, &browser, &pages, language, keep).await;
        }
        browser.close().await;
    }
}
