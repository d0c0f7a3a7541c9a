//! The board and what hangs on it: views with a name, many requests at once, dragging, words among colleagues.

use aftercare_tests::browser::{DESKTOP, Driver};
use aftercare_tests::world::World;
use chrono::TimeDelta;

use super::{assigned, sign_in, unassigned};

#[tokio::test]
async fn a_view_is_given_a_name_found_again_and_forgotten() {
    let world = World::demo().await;
    let driver = Driver::start().await;
    let browser = driver.open(DESKTOP).await;
    let base = world.anyone.base();
    sign_in(&browser, base, "manager", "en").await;
    browser.goto(&format!("{base}/tickets?process=complaint")).await;
    browser.click(".save-view summary").await;
    browser.set(".save-view [name=name]", "Complaints of mine").await;
    browser.click(".save-view button.main").await;
    browser.find(".saved-one.is-current").await;
    browser.goto(&format!("{base}/tickets")).await;
    browser.click(".saved-one a").await;
    let is_there = async || (browser.address().await == "/tickets?process=complaint").then_some(());
    browser.until("the view has come", is_there).await;
    browser.click(".saved-one button").await;
    let is_gone = async || (!browser.text().await.contains("Complaints of mine")).then_some(());
    browser.until("the view is forgotten", is_gone).await;
}

/// SOS-06 and BS-15: what is done with one can be done with many, and each says what came of it.
#[tokio::test]
async fn one_technician_is_given_two_requests_at_once() {
    let world = World::demo().await;
    let codes = [unassigned(&world).await, unassigned(&world).await];
    let driver = Driver::start().await;
    let browser = driver.open(DESKTOP).await;
    let base = world.anyone.base();
    sign_in(&browser, base, "dispatcher", "en").await;
    browser.goto(&format!("{base}/tickets")).await;
    for code in &codes {
        browser.click(&format!(".card input[value='{code}']")).await;
    }
    browser.sees("2 chosen").await;
    browser.click("#chosen [value=step]").await;
    browser.click("#step-assign_technician summary").await;
    let visit = (world.app.clock.now() + TimeDelta::days(3)).format("%Y-%m-%d").to_string();
    let form = "form[action='/bulk/assign_technician']";
    for (name, value) in
        [("technician", "technician"), ("visit_at:date", &visit), ("visit_at:time", "0900AM")]
    {
        browser.set(&format!("{form} [name='f:{name}']"), value).await;
    }
    browser.click(&format!("{form} button.main")).await;
    browser.find("#done").await;
    for code in &codes {
        let ticket = world.as_user("manager").await.get(&format!("/api/tickets/{code}")).await;
        assert_eq!(ticket.at("/ticket/technician"), "technician", "{}", ticket.text);
    }
}

#[tokio::test]
async fn a_card_that_is_dragged_opens_the_form_or_says_why_it_cannot_go_there() {
    let world = World::demo().await;
    let code = unassigned(&world).await;
    let driver = Driver::start().await;
    let browser = driver.open(DESKTOP).await;
    let base = world.anyone.base();
    sign_in(&browser, base, "dispatcher", "en").await;
    for (group, told) in [("done", "No step leads from here"), ("cancelled", "Cancel")] {
        browser.goto(&format!("{base}/tickets")).await;
        browser.find(&format!(".card[data-code='{code}'][draggable=true]")).await;
        browser
            .run(&format!(
                "const held = new DataTransfer();
                 const tell = (one, kind) => one.dispatchEvent(
                     new DragEvent(kind, {{bubbles: true, cancelable: true, dataTransfer: held}}));
                 const card = document.querySelector(\".card[data-code='{code}']\");
                 const place = document.querySelector('[data-group={group}]');
                 tell(card, 'dragstart'); tell(place, 'dragover'); tell(place, 'drop'); tell(card, 'dragend');"
            ))
            .await;
        let opened = format!("/tickets/{code}/moves/{group}");
        browser
            .until("the page of the move", async || (browser.address().await == opened).then_some(()))
            .await;
        browser.sees(told).await;
    }
}

/// BS-27: what colleagues say is there at once, and whoever is called finds it.
#[tokio::test]
async fn what_a_colleague_says_is_seen_live_and_by_whoever_is_called() {
    let world = World::demo().await;
    let code = assigned(&world).await;
    let driver = Driver::start().await;
    let (one, two) = (driver.open(DESKTOP).await, driver.open(DESKTOP).await);
    let base = world.anyone.base();
    sign_in(&one, base, "reception", "en").await;
    sign_in(&two, base, "manager", "en").await;
    two.goto(&format!("{base}/tickets/{code}")).await;
    two.find("[data-live][data-listens]").await;
    one.goto(&format!("{base}/tickets/{code}")).await;
    one.set("#talk-text", "@manager may we send a taxi?").await;
    one.click("#talk .compose button").await;
    two.sees("may we send a taxi?").await;
    two.goto(&format!("{base}/tasks")).await;
    two.sees("may we send a taxi?").await;
}
