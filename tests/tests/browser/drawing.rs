//! Drawing on a picture, and choosing a day: with a pointer and by keyboard.

use aftercare_tests::browser::{DESKTOP, Driver};
use aftercare_tests::world::World;
use serde_json::json;

use super::{assigned, pictured, sign_in, unassigned};

/// A circle around what is broken.
const CIRCLE: &str = "document.querySelector('[name=tool][value=circle]').checked = true;
    const canvas = document.querySelector('canvas.draw-on');
    const at = canvas.getBoundingClientRect();
    canvas.setPointerCapture = () => {};
    const send = (kind, x, y) => canvas.dispatchEvent(new PointerEvent(kind, {pointerId: 1, bubbles: true,
        clientX: at.left + x, clientY: at.top + y}));
    send('pointerdown', 40, 40); send('pointermove', 160, 120); send('pointerup', 160, 120);";

// The requirement on photos: damage is shown on the picture, and the picture itself stays.
#[tokio::test]
async fn what_is_drawn_on_a_picture_is_kept_beside_it() {
    let world = World::demo().await;
    let code = assigned(&world).await;
    let path = pictured(&world, &code).await;
    let driver = Driver::start().await;
    let browser = driver.open(DESKTOP).await;
    let base = world.anyone.base();
    sign_in(&browser, base, "reception", "fa").await;
    browser.goto(&format!("{base}{path}")).await;
    browser.find("canvas.draw-on").await;
    let manager = world.as_user("manager").await;
    let files = format!("/api/tickets/{code}/files");
    let first = manager.get(&files).await.json();
    browser.run(CIRCLE).await;
    browser.click("form[data-drawing] button.main").await;
    let kept = async || {
        let files = manager.get(&files).await.json();
        files.as_array().is_some_and(|all| all.len() == 2).then_some(files)
    };
    let now = browser.until("the second picture is there", kept).await;
    assert_eq!(now[0], first[0], "the first picture has changed");
    assert_eq!((&now[1]["of"], &now[1]["by"]), (&now[0]["id"], &json!("reception")), "{now}");
    assert_ne!(now[0]["hash"], now[1]["hash"]);
}

#[tokio::test]
async fn a_day_is_chosen_by_keyboard_in_the_readers_own_calendar() {
    let world = World::demo().await;
    let code = unassigned(&world).await;
    let driver = Driver::start().await;
    let base = world.anyone.base();
    for (language, typed, expected) in
        [("fa", "۱۴۰۵/۱۲/۲۹", "۱۴۰۶/۰۱/۰۱"), ("en", "2026-12-31", "2027-01-01")]
    {
        let browser = driver.open(DESKTOP).await;
        sign_in(&browser, base, "dispatcher", language).await;
        browser.goto(&format!("{base}/tickets/{code}?step=assign_technician")).await;
        let field = ".step[open] input[data-day]";
        browser.set(field, typed).await;
        browser.click(".step[open] .day-open").await;
        browser.find(".day-box [tabindex='0']").await;
        // A day further: to the left where one reads from the right.
        browser.press(if language == "fa" { "\u{E012}\u{E007}" } else { "\u{E014}\u{E007}" }).await;
        let value = browser.run(&format!("return document.querySelector(\"{field}\").value")).await;
        assert_eq!(value, expected, "{language}");
        let open = browser.run("return document.querySelectorAll('.day-box').length").await;
        assert_eq!(open, 0, "it stays open");
        browser.close().await;
    }
}
