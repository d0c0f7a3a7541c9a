//! A technician's telephone on a bad line: pages open, steps are kept and sent once, what was refused is told.

use aftercare_tests::browser::{Browser, Driver, PHONE};
use aftercare_tests::wire::Wire;
use aftercare_tests::world::World;
use serde_json::json;

use super::{assigned, sign_in};

async fn revision(world: &World, code: &str) -> i64 {
    let ticket = world.as_user("manager").await.get(&format!("/api/tickets/{code}")).await;
    ticket.at("/ticket/revision").as_i64().expect("a revision")
}

async fn step(world: &World, who: &str, code: &str, event: &str, data: &serde_json::Value) {
    let body = json!({"revision": revision(world, code).await, "data": data});
    let taken = world.as_user(who).await.post(&format!("/api/tickets/{code}/steps/{event}"), &body).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
}

/// The demo's company with a request that has come so far, a wire that can be cut, and what phones are opened with.
async fn on_the_road(begin: impl AsyncFn(&World) -> String) -> (World, String, Wire, Driver) {
    let world = World::demo().await;
    let code = begin(&world).await;
    let wire = Wire::to(world.anyone.base()).await;
    (world, code, wire, Driver::start().await)
}

/// The telephone with the day's list open and kept.
async fn day(driver: &Driver, wire: &Wire) -> Browser {
    let phone = driver.open(PHONE).await;
    sign_in(&phone, wire.base(), "technician", "en").await;
    // Whoever is in charge of work begins with it.
    assert_eq!(phone.address().await, "/my-day");
    let is_ready = async || {
        let ready = phone.run("return document.documentElement.dataset.worker").await;
        (ready == "yes").then_some(())
    };
    phone.until("the worker looks after the page", is_ready).await;
    phone.goto(&format!("{}/my-day", wire.base())).await;
    phone
}

fn big(code: &str) -> String {
    format!("form[action='/tickets/{code}/steps/set_out'] .big")
}

#[tokio::test]
async fn a_step_without_a_network_is_kept_and_sent_once_when_there_is_one() {
    let (world, code, wire, driver) = on_the_road(assigned).await;
    let phone = day(&driver, &wire).await;
    let before = revision(&world, &code).await;
    wire.cut();
    phone.click(&big(&code)).await;
    phone.sees("kept on this device").await;
    assert_eq!(phone.address().await, "/my-day", "the day's list opens without a network");
    assert_eq!(revision(&world, &code).await, before);
    // It survives that the telephone goes to another page and back.
    phone.goto(&format!("{}/my-day", wire.base())).await;
    phone.sees("kept on this device").await;
    wire.mend();
    let sent = async || (revision(&world, &code).await == before + 1).then_some(());
    phone.until("the step has been sent", sent).await;
    let gone = async || (!phone.text().await.contains("kept on this device")).then_some(());
    phone.until("nothing waits any more", gone).await;
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    assert_eq!(revision(&world, &code).await, before + 1, "it was sent more than once");
    let wide = phone.run("return document.documentElement.scrollWidth > innerWidth").await;
    assert_eq!(wide, false, "the page is wider than the phone");
}

#[tokio::test]
async fn a_kept_step_that_somebody_else_was_quicker_than_is_told_and_not_lost() {
    let (world, code, wire, driver) = on_the_road(assigned).await;
    let phone = day(&driver, &wire).await;
    wire.cut();
    phone.click(&big(&code)).await;
    phone.sees("kept on this device").await;
    step(&world, "reception", &code, "pay", &json!({"amount": "1000", "method": "cash"})).await;
    let before = revision(&world, &code).await;
    wire.mend();
    phone.sees("was not taken meanwhile").await;
    assert_eq!(revision(&world, &code).await, before);
    phone.click("#queue form button").await;
    phone.sees("Somebody was quicker").await;
    let gone = async || (!phone.text().await.contains("was not taken meanwhile")).then_some(());
    phone.until("what was looked at waits no more", gone).await;
}

/// Brings a visit to where its report is handed in; the ticket's code.
pub async fn worked(world: &World) -> String {
    let code = planning(world).await;
    let done = json!({"services": [{"code": "LAB-STD", "quantity": 1}]});
    for (event, data) in [("add_services", &done), ("plan_done", &json!({}))] {
        step(world, "technician", &code, event, data).await;
    }
    code
}

/// Brings a visit to where its work is planned; the ticket's code.
async fn planning(world: &World) -> String {
    let code = assigned(world).await;
    let none = json!({});
    let safe =
        json!({"safety": {"power_off": true, "supply_shut": true, "area_clear": true, "protection": true}});
    let found = json!({"findings": "worn", "fault_code": "electronics"});
    let deeds = [("set_out", &none), ("arrive", &none), ("safe", &safe), ("diagnosed", &found)];
    for (event, data) in deeds {
        step(world, "technician", &code, event, data).await;
    }
    code
}

/// A finger goes over the place to sign, and the camera takes a picture.
const SIGN: &str = "const pad = document.querySelector('.step[open] .sign-pad');
    const at = pad.getBoundingClientRect();
    const send = (kind, x, y) => pad.dispatchEvent(new PointerEvent(kind, {pointerId: 1, bubbles: true,
        clientX: at.left + x, clientY: at.top + y}));
    pad.setPointerCapture = () => {};
    send('pointerdown', 20, 30); send('pointermove', 120, 60); send('pointermove', 200, 20); send('pointerup', 200, 20);
    const name = document.querySelector('.step[open] .sign-name');
    name.value = 'Ali Kazemi'; name.dispatchEvent(new Event('change'));
    const canvas = new OffscreenCanvas(40, 30); canvas.getContext('2d').fillRect(0, 0, 20, 30);
    canvas.convertToBlob({type: 'image/png'}).then((blob) => {
        const files = new DataTransfer(); files.items.add(new File([blob], 'work.png', {type: 'image/png'}));
        const input = document.querySelector('.step[open] [data-shoot] input[type=file]');
        input.files = files.files; input.dispatchEvent(new Event('change'));
    });";

#[tokio::test]
async fn a_signature_and_a_photo_wait_for_the_network_and_are_kept_with_who_and_when() {
    let (world, code, wire, driver) = on_the_road(worked).await;
    let phone = day(&driver, &wire).await;
    phone.goto(&format!("{}/tickets/{code}?step=report", wire.base())).await;
    phone.set(".step[open] [name='f:work_report']", "sensor replaced").await;
    phone.set(".step[open] [name='f:completed_by']", "Ali Kazemi").await;
    phone.run(SIGN).await;
    let both = "return ['work_photo', 'customer_signature'].every((name) => \
        document.querySelector(`.step[open] [name='f:${name}']`).value.startsWith('data:image/'))";
    phone
        .until("both pictures are in the form", async || (phone.run(both).await == true).then_some(()))
        .await;
    let before = revision(&world, &code).await;
    wire.cut();
    phone.click(".step[open] button.main").await;
    phone.sees("kept on this device").await;
    wire.mend();
    let sent = async || (revision(&world, &code).await > before).then_some(());
    phone.until("the report has been sent", sent).await;

    let manager = world.as_user("manager").await;
    let ticket = manager.get(&format!("/api/tickets/{code}")).await;
    let files = manager.get(&format!("/api/tickets/{code}/files")).await;
    let kinds: Vec<String> = ["photo", "signature"].map(str::to_owned).into();
    for (field, kind) in ["work_photo", "customer_signature"].iter().zip(kinds) {
        let number = ticket.at(&format!("/fields/{field}"));
        let all = files.json();
        let file = all.as_array().into_iter().flatten().find(|file| file["id"] == number);
        let file = file.unwrap_or_else(|| panic!("{field} is {number}, of {}", files.text));
        assert_eq!((&file["kind"], &file["by"]), (&json!(kind), &json!("technician")), "{file}");
    }
    phone.goto(&format!("{}/tickets/{code}", wire.base())).await;
    phone.find("#files img").await;
    let shown = phone.run("return document.querySelectorAll('img.shot[src]').length").await;
    assert!(shown.as_i64().is_some_and(|count| count >= 2), "{shown}");
}

/// What the technician's van holds of its first part.
async fn in_van(world: &World) -> (String, String) {
    let stock = world.as_user("manager").await.get("/api/stock?warehouse=VAN-technician").await;
    let text = |pointer: &str| stock.at(pointer).as_str().expect("a level").to_owned();
    (text("/0/part"), text("/0/quantity"))
}

#[tokio::test]
async fn a_part_from_the_van_whose_answer_was_lost_is_taken_once() {
    let (world, code, wire, driver) = on_the_road(planning).await;
    let phone = day(&driver, &wire).await;
    phone.goto(&format!("{}/tickets/{code}?step=add_parts", wire.base())).await;
    phone.sees("In your van").await;
    let (part, _) = in_van(&world).await;
    phone.click(&format!(".step[open] .van input[value='{part}']")).await;
    let before = revision(&world, &code).await;
    // The server takes it, and nobody hears of it.
    wire.lose_answers();
    // Pressed a moment later: the driver would wait for an answer that never comes.
    phone.run("setTimeout(() => document.querySelector('.step[open] button.main').click(), 200)").await;
    let taken = async || (revision(&world, &code).await == before + 1).then_some(());
    phone.until("the server has taken the step", taken).await;
    wire.cut();
    phone.sees("kept on this device").await;
    wire.mend();
    let gone = async || (!phone.text().await.contains("kept on this device")).then_some(());
    phone.until("nothing waits any more", gone).await;
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    assert_eq!(revision(&world, &code).await, before + 1, "it was taken more than once");
    let charges = world.as_user("manager").await.get(&format!("/api/tickets/{code}/charges")).await;
    let lines = charges.at("/charges/lines");
    assert_eq!(lines.as_array().map(Vec::len), Some(1), "{}", charges.text);
    assert_eq!((&lines[0]["code"], &lines[0]["source"]), (&json!(part), &json!("van")), "{}", charges.text);
}

#[tokio::test]
async fn a_kept_step_of_a_request_that_is_gone_for_its_author_is_told_and_not_tried_for_ever() {
    let (world, code, wire, driver) = on_the_road(assigned).await;
    let phone = day(&driver, &wire).await;
    wire.cut();
    phone.click(&big(&code)).await;
    phone.sees("kept on this device").await;
    // Meanwhile the technician works in another branch.
    let admin = world.as_user("admin").await;
    let mut user = admin.get("/api/users/technician").await.json();
    user["branch"] = json!("ISF1");
    user["roles"] = json!([{"role": "technician", "branch": "ISF1"}]);
    let moved = admin.put("/api/users/technician", &user).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    wire.mend();
    // Roles have changed, so that session is over: whoever signs in again is told what became of the step.
    sign_in(&phone, wire.base(), "technician", "en").await;
    phone.sees("was not taken meanwhile").await;
}

const NOTE: &str = "#talk-text";

#[tokio::test]
async fn notes_and_a_picture_wait_for_the_network_too_and_none_of_them_is_lost() {
    let world = World::demo().await;
    let code = assigned(&world).await;
    let wire = Wire::to(world.anyone.base()).await;
    let driver = Driver::start().await;
    let phone = day(&driver, &wire).await;
    phone.goto(&format!("{}/tickets/{code}", wire.base())).await;
    wire.cut();
    // Two notes from the same page that was kept: each has a key of its own.
    for text in ["the lift is broken", "the key is at the neighbour"] {
        phone.set(NOTE, text).await;
        phone.click("#talk .compose button.main, .compose button.main").await;
        phone.sees("There is no network").await;
        phone.sees("kept on this device").await;
    }
    let shoot = "const canvas = new OffscreenCanvas(40, 30); canvas.getContext('2d').fillRect(0, 0, 20, 30);
        canvas.convertToBlob({type: 'image/png'}).then((blob) => {
            const files = new DataTransfer(); files.items.add(new File([blob], 'door.png', {type: 'image/png'}));
            const input = document.querySelector('#file-file');
            input.files = files.files; input.form.requestSubmit();
        });";
    phone.run(shoot).await;
    let all = async || {
        let waiting = phone.run("return document.querySelectorAll('#queue li').length").await;
        (waiting == 3).then_some(())
    };
    phone.until("three wait", all).await;
    wire.mend();
    let gone = async || (!phone.text().await.contains("kept on this device")).then_some(());
    phone.until("nothing waits any more", gone).await;
    let manager = world.as_user("manager").await;
    let said = manager.get(&format!("/api/tickets/{code}/activities")).await.text;
    for text in ["the lift is broken", "the key is at the neighbour"] {
        assert_eq!(said.matches(text).count(), 1, "{text}: {said}");
    }
    let files = manager.get(&format!("/api/tickets/{code}/files")).await;
    assert_eq!(files.text.matches("door.png").count(), 1, "{}", files.text);
}

#[tokio::test]
async fn a_photo_and_a_signature_are_there_again_when_the_page_was_closed_without_a_network() {
    let world = World::demo().await;
    let code = worked(&world).await;
    let wire = Wire::to(world.anyone.base()).await;
    let driver = Driver::start().await;
    let phone = day(&driver, &wire).await;
    let report = format!("{}/tickets/{code}?step=report", wire.base());
    phone.goto(&report).await;
    phone.set(".step[open] [name='f:work_report']", "sensor replaced").await;
    phone.run(SIGN).await;
    let both = "return ['work_photo', 'customer_signature'].every((name) => \
        document.querySelector(`[name='f:${name}']`)?.value.startsWith('data:image/'))";
    let are_there = async || (phone.run(both).await == true).then_some(());
    phone.until("both pictures are in the form", are_there).await;
    wire.cut();
    phone.goto(&format!("{}/my-day", wire.base())).await;
    phone.goto(&report).await;
    phone.until("both pictures are there again", are_there).await;
    let typed = phone.run("return document.querySelector(\"[name='f:work_report']\").value").await;
    assert_eq!(typed, "sensor replaced");
}

#[tokio::test]
async fn on_a_line_that_is_open_and_dead_the_page_that_was_kept_opens_and_says_so() {
    let world = World::demo().await;
    assigned(&world).await;
    let wire = Wire::to(world.anyone.base()).await;
    let driver = Driver::start().await;
    let phone = day(&driver, &wire).await;
    wire.lose_answers();
    phone.run(&format!("setTimeout(() => location.assign('{}/my-day'), 100)", wire.base())).await;
    phone.sees("There is no network").await;
    wire.mend();
    phone.goto(&format!("{}/my-day", wire.base())).await;
    let gone = async || (!phone.text().await.contains("There is no network")).then_some(());
    phone.until("the page is a new one", gone).await;
}
