//! The pages in a real browser: as people use them, by keyboard, side by side, and as axe-core judges them.

mod accessible;
mod board;
mod books;
mod drawing;
mod live;
mod network;
mod pictures;
mod quick;
mod registers;
mod right_to_left;
mod stories;

use aftercare::demo;
use aftercare_tests::browser::Browser;
use aftercare_tests::client::Client;
use aftercare_tests::world::World;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// A device of the demo under warranty, and one that is not any more.
const COVERED: &str = "WM1000068";
const UNCOVERED: &str = "WM4000087";

/// Who owns the first.
const OWNER: &str = "K01351";

/// A picture of a device: 640 by 400, as PNG.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAoAAAAGQCAMAAAAJLSEXAAAACVBMVEVGUFq+eFrX3N51mrbKAAAEJ0lEQVR42u3SgQ0AIAjAMOT/\
    o/2BxIjSnbA0UrpYWCAABaAEoACUABSAEoACUAJQAEoACkAJQAEoASgAJQAFoASgAJQAFIASgAJQAlAASgAKQAlAASgBKAAFoASg\
    AJQAFIASgAJQAlAASgAKQAlAASgBKAAlAAWgBKAAlAAUgBKAAlACUABKAApAqRHAUKcAFIAAAgigAAQQQAAFIIAAAigAAQQQQAEI\
    IIAACkAAAQRQAAIIIIACEEAAARSAAAIIoAAsA0xNWw8ggAACCCCAAAIIIIAAAgigAAQQQAAFIIAAAigAAQQQQAEIIIAACkAAAQRQ\
    AAIIIIACEEAAARSAAAIIoAAEEEAABSCAAAIoAAEEEEABCCCAAAIIIIAAAggggAAC6AKAAAIIIIAAAigAAQQQQAEIIIAACkAAAQRQ\
    AAIIIIACEEAAARSAAAIIoAAEEEAABSCAAAIoAAEEEEABCCCAAApAAAEEUAACCCCAAhBAAAEEEEAArQcQQAABBBBAAAEEEEAAAQSw\
    2DofgAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAA\
    AggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAA\
    AggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAA\
    AggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAA\
    AggggAACCCCA/10YFoAAAggggAACCKALAAIIIIAAAgggGwACCCCAAhBAAAEUgAACCKAABBBAAAUggAACKAABBBBAAQgggAAKQAAB\
    BFAAAggggAIQQAABFIAAAgigAAQQQAAFIIAAAggggAACCCCAAAIIoAsAAggggAACCKAABBBAAAUggAACKAABBBBAAQgggAAKQAAB\
    BFAAAggggAIQQAABFIAAAgigAAQQQAAFIIAAAigAAQQQQAEIIIAACkAAAQQQQAABtB5AAAEEEMAmF3QtAAUggAACKAABBBBAAQgg\
    gAAKQAABBFAAAggggAIQQAABFIAAAgigAAQQQAAFIIAAAigAJQAFoASgAJQAFIASgAJQAlAASgAKQAEoASgAJQAFoASgAJQAFIAS\
    gAJQAlAASgAKQAlAASgBKAAlAAWgBKAAlAAUgBKAAlACUABKAApAASgBKAAlAAWgBKAAlAAUgBKAAlACUABKAApACUA93gZPG+Ky\
    8VwX8QAAAABJRU5ErkJggg==";

/// A page and somebody who uses it.
struct Page {
    name: &'static str,
    user: &'static str,
    path: String,
}

/// Every page that people of the house use, once in each shape that it can have.
async fn pages(world: &World) -> Vec<Page> {
    let (open, fresh) = (assigned(world).await, unassigned(world).await);
    let waiting = newest(world, "category=waiting").await;
    let done = newest(world, "category=done").await;
    let done_work = network::worked(world).await;
    let (written, drawn) = (written(world, &open).await, pictured(world, &open).await);
    let intake = |rest: &str| format!("/intake?{rest}");
    let listed = [
        ("sign-in", "", "/sign-in".to_owned()),
        ("board", "manager", "/tickets".into()),
        ("board-table", "manager", "/tickets?view=table".into()),
        ("board-nothing", "reception", "/tickets?process=none".into()),
        ("ticket-open", "dispatcher", format!("/tickets/{open}")),
        ("ticket-waiting", "manager", format!("/tickets/{waiting}")),
        ("ticket-done", "manager", format!("/tickets/{done}")),
        ("intake", "reception", "/intake".into()),
        ("intake-device", "reception", intake(&format!("q={COVERED}&process=onsite_repair"))),
        ("intake-uncovered", "reception", intake(&format!("q={UNCOVERED}"))),
        ("intake-nothing", "reception", intake("q=XX-0000")),
        ("label", "reception", format!("/tickets/{open}/label")),
        ("dispatch", "dispatcher", "/dispatch".into()),
        ("inbox", "manager", "/inbox".into()),
        ("dispatch-ticket", "dispatcher", format!("/dispatch?ticket={fresh}")),
        ("moves", "dispatcher", format!("/tickets/{fresh}/moves/waiting")),
        ("tasks", "manager", "/tasks".into()),
        ("my-day", "technician", "/my-day".into()),
        ("report", "technician", format!("/tickets/{done_work}?step=report")),
        ("own", "agency", "/own".into()),
        ("own-partner", "partner", "/own".into()),
        ("letters", "manager", "/letters".into()),
        ("letter", "reception", written.clone()),
        ("letter-print", "reception", format!("{written}/print")),
        ("picture", "reception", drawn),
        ("vouchers", "finance_approver", "/vouchers".into()),
        ("journal", "accountant", "/vouchers/journal".into()),
        ("trial-balance", "accountant", "/vouchers/balance".into()),
        ("ledger", "accountant", "/vouchers/ledger/116001".into()),
        ("vat", "accountant", "/vouchers/vat".into()),
        ("roll-forward", "accountant", "/vouchers/roll-forward".into()),
        ("books-check", "accountant", "/vouchers/check".into()),
        ("runs", "accountant", "/runs".into()),
        ("reports", "manager", "/reports".into()),
        ("report-complaints", "manager", "/reports/complaints".into()),
        ("registers", "admin", "/registers".into()),
        ("register", "admin", "/registers/devices".into()),
        ("register-ticks", "admin", "/registers/warehouses".into()),
        ("register-entry", "admin", format!("/registers/devices/entry?key={COVERED}")),
        ("register-user", "admin", "/registers/users/entry?key=technician".into()),
        ("register-file", "admin", "/registers/devices/paste".into()),
        ("device-life", "manager", format!("/devices/{COVERED}")),
        ("customer", "manager", format!("/customers/{OWNER}")),
        ("reports", "manager", "/reports".into()),
        ("incidents", "admin", "/incidents".into()),
        ("messages", "admin", "/messages".into()),
        ("texts", "admin", "/texts".into()),
        ("definitions", "admin", "/definitions".into()),
        ("account", "reception", "/account".into()),
        ("track", "", "/track".into()),
        ("track-ticket", "", followed(world, &open).await),
        ("device", "", format!("/device/{COVERED}")),
        ("device-form", "", format!("/device/{COVERED}?process=onsite_repair")),
        ("technician", "manager", "/technicians/technician".into()),
        ("nothing", "reception", "/tickets/none".into()),
    ];
    listed.map(|(name, user, path)| Page { name, user, path }).into()
}

/// A request for a repair of a device, opened by reception; its code.
async fn opened(world: &World, device: &str) -> String {
    let body = json!({"process": "onsite_repair", "device": device,
        "data": {"fault": "hums and does not spin", "warranty_kind": "internal"}});
    let opened = world.as_user("reception").await.post("/api/tickets", &body).await;
    opened.at("/code").as_str().unwrap_or_else(|| panic!("{}", opened.text)).to_owned()
}

/// One whose customer has agreed to pay, so that somebody can be sent; its code.
async fn unassigned(world: &World) -> String {
    let code = opened(world, UNCOVERED).await;
    let path = format!("/api/tickets/{code}/steps/pay_for_repair");
    let agreed = world.as_user("reception").await.post(&path, &json!({"revision": 1})).await;
    assert_eq!(agreed.status, 200, "{}", agreed.text);
    code
}

/// One under warranty that the technician is to go to in two days, about which colleagues have talked; its code.
async fn assigned(world: &World) -> String {
    let code = opened(world, COVERED).await;
    let dispatcher = world.as_user("dispatcher").await;
    let visit = world.app.clock.now() + chrono::TimeDelta::days(2);
    let body = json!({"revision": 1, "data": {"technician": "technician", "visit_at": visit.to_rfc3339()}});
    let said = json!({"kind": "talk", "text": "@manager the customer asks for a call before the visit", "mentions": ["manager"]});
    let task = json!({"title": "Call the customer", "kind": "call", "role": "manager", "due_at": visit.to_rfc3339()});
    let deeds = [("steps/assign_technician", body), ("activities", said), ("tasks", task)];
    for (path, body) in deeds {
        let done = dispatcher.post(&format!("/api/tickets/{code}/{path}"), &body).await;
        assert!([200, 201].contains(&done.status), "{path}: {}", done.text);
    }
    code
}

/// A letter about a request, begun by reception; its address.
async fn written(world: &World, code: &str) -> String {
    let body = json!({"type": "confirmation"});
    let begun = world.as_user("reception").await.post(&format!("/api/tickets/{code}/letters"), &body).await;
    assert_eq!(begun.status, 201, "{}", begun.text);
    format!("/tickets/{code}/letters/{}", begun.at("/id"))
}

/// Where the link in a message leads the customer; it lets in whoever has it.
async fn followed(world: &World, code: &str) -> String {
    let told = world.as_user("manager").await.get(&format!("/api/tickets/{code}/messages")).await;
    let (_, link) = told.text.split_once(&format!("/track/{code}/")).expect("a message with a link");
    let secret: String =
        link.chars().take_while(|letter| letter.is_ascii_alphanumeric() || "_-".contains(*letter)).collect();
    format!("/track/{code}/{secret}")
}

/// A picture of a request, to be drawn on; its address.
async fn pictured(world: &World, code: &str) -> String {
    let path = format!("/api/tickets/{code}/files?name=front.png&kind=photo_initial");
    let reception = world.as_user("reception").await;
    let sent = reception
        .send_file(&path, "application/octet-stream", STANDARD.decode(PICTURE).expect("a picture"))
        .await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    format!("/tickets/{code}/files/{}", sent.at("/id"))
}

/// Goes through the pages, each as whoever uses it.
async fn visit(
    world: &World,
    browser: &Browser,
    pages: &[Page],
    language: &str,
    mut look: impl AsyncFnMut(&Page),
) {
    let base = world.anyone.base();
    for page in pages {
        let user = if page.user.is_empty() { None } else { Some(world.as_user(page.user).await) };
        browser.become_user(base, user.as_ref().and_then(Client::token), language).await;
        browser.goto(&format!("{base}{}", page.path)).await;
        let status = browser.run("return performance.getEntriesByType('navigation')[0].responseStatus").await;
        assert!(status.as_u64().is_some_and(|status| status < 500), "{} in {language}: {status}", page.name);
        look(page).await;
    }
}

/// Code of the newest request that fits a filter.
async fn newest(world: &World, filter: &str) -> String {
    let found = world.as_user("manager").await.get(&format!("/api/tickets?limit=1&{filter}")).await;
    found.at("/items/0/code").as_str().unwrap_or_else(|| panic!("no ticket with {filter}")).to_owned()
}

/// Takes a step on a ticket's page, filling its form as a person does.
async fn take(browser: &Browser, base: &str, code: &str, event: &str, fields: &[(&str, &str)]) {
    browser.goto(&format!("{base}/tickets/{code}?step={event}")).await;
    let form = format!("form[action='/tickets/{code}/steps/{event}']");
    let revision = format!("return document.querySelector(\"{form} [name=revision]\")?.value");
    let before = browser.run(&revision).await;
    for (name, value) in fields {
        browser.set(&format!("{form} [name='f:{name}']"), value).await;
    }
    browser.click(&format!("{form} button:not([type=button])")).await;
    let moved = async || {
        let now = browser.run("return document.querySelector('.ticket')?.dataset.revision").await;
        (now.is_string() && now != before).then_some(())
    };
    browser.until(&format!("`{event}` is taken, after {before}"), moved).await;
}

/// Signs somebody of the demo in.
async fn sign_in(browser: &Browser, base: &str, name: &str, language: &str) {
    browser.sign_in(base, name, demo::PASSWORD, language).await;
}

/// A list of texts.
fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test]
fn the_readme_names_the_devices_that_these_tests_use() {
    let readme = include_str!("../../../README.md");
    for serial in [COVERED, UNCOVERED] {
        assert!(readme.contains(serial), "{serial}");
    }
}
