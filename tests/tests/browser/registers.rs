//! A file comes into a register on its page: looked through first, then written, with its way told.

use aftercare_tests::browser::{DESKTOP, Driver};
use aftercare_tests::world::{PASSWORD, World};

/// Chooses a file of a text, as a person does by the browser's own window.
fn choose(text: &str) -> String {
    format!(
        "const chosen = new DataTransfer();
         chosen.items.add(new File([{text:?}], 'devices.csv', {{type: 'text/csv'}}));
         document.querySelector('[data-import] input').files = chosen.files;"
    )
}

#[tokio::test]
async fn a_file_is_looked_through_and_brought_in_on_the_page() {
    let world = World::start().await;
    world.furnish().await;
    let driver = Driver::start().await;
    let (base, browser) = (world.anyone.base(), driver.open(DESKTOP).await);
    browser.sign_in(base, "admin", PASSWORD, "en").await;
    browser.goto(&format!("{base}/registers/devices/paste")).await;
    browser.run(&choose("serial,product,status\nX1,F2OO,in_stock\n")).await;
    browser.click("[data-import] button[value=look]").await;
    browser.sees("names a").await;
    let admin = world.as_user("admin").await;
    assert_eq!(admin.get("/api/devices/X1").await.status, 404);
    browser.run(&choose("serial,product,status\nX1,F200,in_stock\nX2,F200,in_stock\n")).await;
    browser.click("[data-import] button[value=look]").await;
    browser.sees("Nothing is wrong: 2 new").await;
    assert_eq!(admin.get("/api/devices/X1").await.status, 404, "looking writes nothing");
    browser.click("[data-import] button[value=write]").await;
    browser.sees("It has come in.").await;
    assert_eq!(admin.get("/api/devices/X2").await.at("/product"), "F200");
    browser.close().await;
}
