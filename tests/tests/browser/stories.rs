//! What people do, from page to page.

use aftercare_tests::browser::{DESKTOP, Driver, PHONE};
use aftercare_tests::world::PASSWORD;

use super::furnished;

#[tokio::test]
async fn a_serial_at_the_counter_becomes_a_request_by_keyboard_alone() {
    let (world, _) = furnished().await;
    let driver = Driver::start().await;
    let browser = driver.open(DESKTOP).await;
    let base = world.anyone.base();
    browser.goto(&format!("{base}/sign-in?back=/intake")).await;
    // The name has the focus: name, Tab, password, Enter.
    browser.press("reception\u{E004}").await;
    browser.press(PASSWORD).await;
    browser.press("\u{E007}").await;
    let arrived = async || (browser.address().await == "/intake").then_some(());
    browser.until("the intake has come", arrived).await;
    browser.press("SN1\u{E007}").await;
    browser.sees("Fridge 200").await;
    browser.run("document.querySelector('.processes a[href*=onsite]').focus()").await;
    browser.press("\u{E007}").await;
    browser.fill("[name='f:fault']", "hums and stays warm").await;
    browser.run("document.querySelector('[name=\"f:warranty_kind\"][value=internal]').focus()").await;
    browser.press(" ").await;
    browser.run("document.querySelector('form[data-draft] button.main').focus()").await;
    browser.press("\u{E007}").await;
    browser.sees("hums and stays warm").await;
    assert!(browser.address().await.starts_with("/tickets/"), "{}", browser.address().await);
}

#[tokio::test]
async fn a_technician_goes_from_job_to_job_with_one_thumb() {
    let (world, code) = furnished().await;
    let dispatcher = world.as_user("dispatcher").await;
    let body = serde_json::json!({"revision": 1, "data": {"technician": "technician", "visit_at": "2041-04-04T06:00:00Z"}});
    let taken = dispatcher.post(&format!("/api/tickets/{code}/steps/assign_technician"), &body).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    let driver = Driver::start().await;
    let phone = driver.open(PHONE).await;
    phone.sign_in(world.anyone.base(), "technician", PASSWORD, "fa").await;
    // Whoever is in charge of work begins with it.
    assert_eq!(phone.address().await, "/my-day");
    for _ in 0..2 {
        let before = phone.run("return document.querySelector('.job .big')?.textContent").await;
        phone.click(".job .big").await;
        let changed = async || {
            let now = phone.run("return document.querySelector('.job .big')?.textContent").await;
            (now != before && !now.is_null()).then_some(())
        };
        phone.until("the next step is offered", changed).await;
    }
    let wide = phone.run("return document.documentElement.scrollWidth > innerWidth").await;
    assert_eq!(wide, false, "the page is wider than the phone");
}

#[tokio::test]
async fn what_was_typed_survives_a_closed_page() {
    let (world, code) = furnished().await;
    let driver = Driver::start().await;
    let browser = driver.open(DESKTOP).await;
    let base = world.anyone.base();
    browser.sign_in(base, "dispatcher", PASSWORD, "en").await;
    browser.goto(&format!("{base}/tickets/{code}?step=assign_technician")).await;
    browser.fill("[name='f:visit_at:date']", "2041-04-04").await;
    browser.goto(&format!("{base}/tickets")).await;
    browser.goto(&format!("{base}/tickets/{code}?step=assign_technician")).await;
    let typed = browser.run("return document.querySelector('[name=\"f:visit_at:date\"]').value").await;
    assert_eq!(typed, "2041-04-04");
}
