//! What people do, from page to page.

use aftercare::demo;
use aftercare_tests::browser::{Browser, DESKTOP, Driver, PHONE};
use aftercare_tests::world::World;
use chrono::TimeDelta;

use super::{COVERED, sign_in, take};

/// A day from now on, as it is typed in English.
fn days_on(world: &World, days: i64) -> String {
    (world.app.clock.now() + TimeDelta::days(days)).format("%Y-%m-%d").to_string()
}

/// Reception opens a request for a device; its code.
async fn open(browser: &Browser, base: &str) -> String {
    browser.goto(&format!("{base}/intake")).await;
    browser.set("main [name=q]", COVERED).await;
    browser.click("main .ask button.main").await;
    browser.click(".processes a[href*=onsite]").await;
    browser.set("[name='f:fault']", "hums and does not spin").await;
    browser.set("[name='f:warranty_kind'][value=internal]", "on").await;
    browser.click("form[data-draft] button.main").await;
    browser.find(".ticket-head").await;
    browser.address().await.trim_start_matches("/tickets/").to_owned()
}

#[tokio::test]
async fn a_request_goes_from_the_counter_to_its_end_through_five_pairs_of_hands() {
    let world = World::demo().await;
    let driver = Driver::start().await;
    let base = world.anyone.base();
    let counter = driver.open(DESKTOP).await;
    sign_in(&counter, base, "reception", "en").await;
    let code = open(&counter, base).await;
    let desk = driver.open(DESKTOP).await;
    sign_in(&desk, base, "dispatcher", "en").await;
    let visit = days_on(&world, 2);
    let whom = [("technician", "technician"), ("visit_at:date", visit.as_str()), ("visit_at:time", "0900AM")];
    take(&desk, base, &code, "assign_technician", &whom).await;

    let phone = driver.open(PHONE).await;
    sign_in(&phone, base, "technician", "en").await;
    let on_site: [(&str, &[(&str, &str)]); 9] = [
        ("set_out", &[]),
        ("arrive", &[]),
        (
            "safe",
            &[
                ("safety:power_off", "on"),
                ("safety:supply_shut", "on"),
                ("safety:area_clear", "on"),
                ("safety:protection", "on"),
            ],
        ),
        ("diagnosed", &[("findings", "motor worn"), ("fault_code", "electronics")]),
        (
            "add_parts",
            &[
                ("parts:0:code", "WM-MTR"),
                ("parts:0:quantity", "1"),
                ("parts:0:old_serial", "M-1"),
                ("parts:0:new_serial", "M-2"),
            ],
        ),
        ("add_services", &[("services:0:code", "LAB-STD"), ("services:0:quantity", "1")]),
        ("plan_done", &[]),
        ("report", &[("work_report", "motor replaced"), ("completed_by", "the customer")]),
        ("quality_passed", &[]),
    ];
    for (event, fields) in &on_site[..8] {
        take(&phone, base, &code, event, fields).await;
    }
    let inspector = driver.open(DESKTOP).await;
    sign_in(&inspector, base, "quality", "en").await;
    inspector.goto(&format!("{base}/tickets/{code}?step=quality_passed")).await;
    inspector.set("[name='f:quality'][value='5']", "on").await;
    inspector.click(&format!("form[action='/tickets/{code}/steps/quality_passed'] button")).await;
    let is_done = async || {
        let now = world.as_user("manager").await.get(&format!("/api/tickets/{code}")).await;
        (now.at("/ticket/category") == "done").then_some(())
    };
    inspector.until("the repair is done", is_done).await;

    // Whoever opened it reads what has come of it, and why it cost nothing.
    counter.goto(&format!("{base}/tickets/{code}")).await;
    for told in ["motor worn", "M-2", "95%"] {
        counter.sees(told).await;
    }
}

#[tokio::test]
async fn a_serial_at_the_counter_becomes_a_request_by_keyboard_alone() {
    let world = World::demo().await;
    let driver = Driver::start().await;
    let browser = driver.open(DESKTOP).await;
    let base = world.anyone.base();
    browser.goto(&format!("{base}/sign-in?back=/intake")).await;
    // The name has the focus: name, Tab, password, Enter.
    browser.press("reception\u{E004}").await;
    browser.press(demo::PASSWORD).await;
    browser.press("\u{E007}").await;
    let arrived = async || (browser.address().await == "/intake").then_some(());
    browser.until("the intake has come", arrived).await;
    browser.press(&format!("{COVERED}\u{E007}")).await;
    browser.find(".verdict.good").await;
    tab_to(&browser, ".processes a[href*=onsite]").await;
    browser.press("\u{E007}").await;
    browser.find("[name='f:fault']").await;
    tab_to(&browser, "[name='f:fault']").await;
    browser.press("hums and stays warm").await;
    tab_to(&browser, "[name='f:warranty_kind']").await;
    browser.press(" ").await;
    tab_to(&browser, "form[data-draft] button.main").await;
    browser.press("\u{E007}").await;
    browser.sees("hums and stays warm").await;
    assert!(browser.address().await.starts_with("/tickets/"), "{}", browser.address().await);
}

/// Presses Tab until the focus is there, and sees that it is shown.
async fn tab_to(browser: &Browser, css: &str) {
    let is_there = format!("return document.activeElement.matches({css:?})");
    for _ in 0..60 {
        if browser.run(&is_there).await == true {
            let shown = "const one = document.activeElement;
                const beside = one.nextElementSibling;
                const has = (of) => of && getComputedStyle(of).outlineStyle !== 'none';
                return Boolean(has(one) || has(beside));";
            assert_eq!(browser.run(shown).await, true, "the focus on `{css}` cannot be seen");
            return;
        }
        browser.press("\u{E004}").await;
    }
    panic!("no way by Tab to `{css}` on {}:\n{}", browser.address().await, browser.text().await);
}

#[tokio::test]
async fn what_was_typed_survives_a_closed_page() {
    let world = World::demo().await;
    let driver = Driver::start().await;
    let browser = driver.open(DESKTOP).await;
    let base = world.anyone.base();
    sign_in(&browser, base, "reception", "en").await;
    let form = format!("{base}/intake?q={COVERED}&process=onsite_repair");
    browser.goto(&form).await;
    browser.set("[name='f:fault']", "makes a noise").await;
    browser.goto(&format!("{base}/tickets")).await;
    browser.goto(&form).await;
    let typed = browser.run("return document.querySelector('[name=\"f:fault\"]').value").await;
    assert_eq!(typed, "makes a noise");
}
