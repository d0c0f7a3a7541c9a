//! Pictures of every page, for people to look at: `tests/screenshots`.

use aftercare_tests::browser::{DESKTOP, Driver, PHONE};
use aftercare_tests::world::PASSWORD;

use super::{furnished, pages};

#[tokio::test]
#[ignore = "makes pictures and judges nothing"]
async fn screenshots() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
    std::fs::create_dir_all(&folder).expect("a folder");
    // A server that runs already shows more than an almost empty one.
    let given = std::env::var("AFTERCARE_SHOW").ok();
    let password = if given.is_some() { "aftercare-demo" } else { PASSWORD };
    let (world, code) = furnished().await;
    let code = std::env::var("AFTERCARE_SHOW_TICKET").unwrap_or(code);
    let base = given.unwrap_or_else(|| world.anyone.base().to_owned());
    let driver = Driver::start().await;
    for (size, device) in [(DESKTOP, "desktop"), (PHONE, "phone")] {
        for language in ["fa", "en"] {
            let gate = driver.open(size).await;
            gate.goto(&format!("{base}/sign-in")).await;
            gate.run(&format!("document.querySelector('[name=language][value={language}]').click()")).await;
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            keep(&folder, "sign-in", device, language, &gate.picture(false).await);
            gate.close().await;
            for user in ["reception", "dispatcher", "technician", "accountant"] {
                let browser = driver.open(size).await;
                browser.sign_in(&base, user, password, language).await;
                for (name, _, path) in pages(&code).into_iter().filter(|(_, who, _)| *who == user) {
                    browser.goto(&format!("{base}{path}")).await;
                    keep(&folder, name, device, language, &browser.picture(true).await);
                }
                browser.close().await;
            }
        }
    }
}

fn keep(folder: &std::path::Path, name: &str, device: &str, language: &str, picture: &[u8]) {
    let file = folder.join(format!("{name}-{device}-{language}.png"));
    std::fs::write(file, picture).expect("a picture");
}
