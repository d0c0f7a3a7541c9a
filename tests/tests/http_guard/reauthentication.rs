//! Money that leaves the house, vouchers taken back and closed periods ask for the password again, in place.

use aftercare_tests::client::Client;
use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::{PASSWORD, World};
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

/// A session that somebody began some minutes ago.
async fn session(world: &World, user: &str, minutes: i64) -> Client {
    let body = json!({"user": user, "password": PASSWORD});
    let begun = world.anyone.post("/api/session", &body).await;
    assert_eq!(begun.status, 200, "{}", begun.text);
    world.app.tick(TimeDelta::minutes(minutes)).await.unwrap();
    world.anyone.with_token(begun.at("/token").as_str().expect("a token"))
}

/// An order for a part that was paid in part and cancelled: the money is to go back. Its address.
async fn cancelled_order(world: &World) -> String {
    world.furnish().await;
    let name = json!({"en": "Board", "fa": "برد", "zh": "电路板", "pl": "Płyta"});
    let part = json!({"code": "BOARD", "name": name, "price": "10000000", "unit": "piece"});
    assert_eq!(world.as_user("admin").await.post("/api/parts", &part).await.status, 201);
    let clerk = world.as_user("reception").await;
    let body = json!({"process": "parts_sale", "customer": "C1", "data": {
        "parts": [{"code": "BOARD", "quantity": 1}], "delivery_address": "Zand Street 5"}});
    let opened = clerk.post("/api/tickets", &body).await;
    let ticket = format!("/api/tickets/{}", opened.at("/code").as_str().expect("a code"));
    for (event, data) in [
        ("pay", json!({"amount": 1_000_000, "method": "cash"})),
        ("cancel", json!({"cancel_reason": "found it elsewhere"})),
    ] {
        let step = json!({"revision": revision(&clerk, &ticket).await, "data": data});
        let taken = clerk.post(&format!("{ticket}/steps/{event}"), &step).await;
        assert_eq!(taken.status, 200, "{event}: {}", taken.text);
    }
    ticket
}

async fn revision(client: &Client, ticket: &str) -> Value {
    client.get(ticket).await.at("/ticket/revision")
}

// P: 7.5.3
#[tokio::test]
async fn money_goes_back_only_by_somebody_who_has_just_shown_who_they_are() {
    let world = World::start().await;
    let ticket = cancelled_order(&world).await;
    let accountant = session(&world, "accountant", 11).await;
    let offered = accountant.get(&format!("{ticket}/steps")).await.at("/steps");
    let refund = offered.as_array().unwrap().iter().find(|step| step["event"] == "refund").expect("a refund");
    assert_eq!(refund["reauthenticate"], json!(true));
    let step = json!({"revision": revision(&accountant, &ticket).await, "data": {"method": "cash"}});
    let path = format!("{ticket}/steps/refund");
    let refused = accountant.post_once(&path, "again", &step).await;
    assert_eq!((refused.status, refused.at("/type")), (401, json!("urn:aftercare:problem:reauthenticate")));
    assert_eq!(refused.at("/max_age"), json!(600));
    let challenge = refused.headers.get("www-authenticate").unwrap().to_str().unwrap();
    assert!(challenge.contains("insufficient_user_authentication"), "{challenge}");
    // Not by the way of many either, and a wrong password changes nothing.
    let many = json!({"steps": [{"ticket": ticket.trim_start_matches("/api/tickets/"), "event": "refund",
        "revision": step["revision"], "data": {"method": "cash"}}]});
    let many = accountant.post("/api/steps", &many).await;
    assert_eq!(many.at("/results/0/status"), json!(401), "{}", many.text);
    let wrong = accountant.put("/api/session/proof", &json!({"password": "a guess at it"})).await;
    assert_eq!(wrong.status, 401);
    assert_eq!(accountant.post_once(&path, "again", &step).await.status, 401);

    let proved = accountant.put("/api/session/proof", &json!({"password": PASSWORD})).await;
    assert_eq!(proved.status, 204, "{}", proved.text);
    let paid = accountant.post_once(&path, "again", &step).await;
    assert_eq!(paid.status, 200, "{}", paid.text);
}

#[tokio::test]
async fn a_program_is_never_asked_nor_whoever_has_just_signed_in() {
    let world = World::start().await;
    let ticket = cancelled_order(&world).await;
    let day = world.app.catalog.current().day(world.app.clock.now()) - TimeDelta::days(40);
    let close = json!({"up_to": day});
    let fresh = session(&world, "finance_approver", 0).await;
    assert_eq!(fresh.post("/api/periods/close", &close).await.status, 201);
    world.app.tick(TimeDelta::minutes(11)).await.unwrap();
    let open = json!({"up_to": day - TimeDelta::days(30), "reason": "a forgotten bill"});
    assert_eq!(fresh.post("/api/periods/open", &open).await.status, 401);
    let later = json!({"up_to": day + TimeDelta::days(1)});
    assert_eq!(fresh.post("/api/periods/close", &later).await.status, 401);
    // Its token was made an hour ago.
    let program = world.as_user("accountant").await;
    world.app.tick(TimeDelta::hours(1)).await.unwrap();
    let step = json!({"revision": revision(&program, &ticket).await, "data": {"method": "cash"}});
    let paid = program.post(&format!("{ticket}/steps/refund"), &step).await;
    assert_eq!(paid.status, 200, "{}", paid.text);
}

// Whoever finds an open browser cannot lock its owner out by a second factor of their own.
#[tokio::test]
async fn a_second_factor_is_begun_by_whoever_knows_the_password() {
    let world = World::start().await;
    let manager = session(&world, "manager", 11).await;
    assert_eq!(manager.post("/api/session/second-factor", &json!({})).await.status, 401);
    assert_eq!(manager.put("/api/session/proof", &json!({"password": PASSWORD})).await.status, 204);
    assert_eq!(manager.post("/api/session/second-factor", &json!({})).await.status, 200);
}

// P: 7.5.1
#[tokio::test]
async fn users_and_their_addresses_are_changed_by_whoever_has_just_shown_who_they_are() {
    let world = World::start().await;
    let admin = session(&world, "admin", 11).await;
    let mut user = admin.get("/api/users/manager").await.json();
    user["email"] = json!("elsewhere@example.com");
    assert_eq!(admin.put("/api/users/manager", &user).await.status, 401);
    let store = json!({"code": "07", "name": {"en": "A", "fa": "A", "zh": "A", "pl": "A"}});
    assert_eq!(admin.post("/api/stores", &store).await.status, 201, "other registers ask for nothing");
    assert_eq!(admin.put("/api/session/proof", &json!({"password": PASSWORD})).await.status, 204);
    let changed = admin.put("/api/users/manager", &user).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
}

#[tokio::test]
async fn on_a_page_the_password_is_asked_in_place_and_what_was_typed_is_sent_by_itself() {
    let world = World::start().await;
    let ticket = cancelled_order(&world).await;
    let page = ticket.trim_start_matches("/api").to_owned();
    let mut browser = Browser::of(&world);
    browser.cookies.insert("aftercare-reader".into(), "en...".into());
    browser.sign_in("accountant").await;
    world.app.tick(TimeDelta::minutes(11)).await.unwrap();
    let shown = browser.get(&page).await;
    let address = format!("{page}/steps/refund");
    let [csrf, once, revision] =
        ["csrf", "once", "revision"].map(|name| shown.hidden(&format!("action=\"{address}\""), name));
    let typed = [
        ("csrf", csrf.as_str()),
        ("once", &once),
        ("revision", &revision),
        ("f:method", "cash"),
        ("f:reference", "till <3>"),
    ];
    let asked = browser.post(&address, &typed).await;
    assert_eq!(asked.status, 401, "{}", asked.html);
    assert!(
        asked.html.contains("Is it still you?") && asked.html.contains("till &lt;3&gt;"),
        "{}",
        asked.html
    );
    let mut proof = vec![
        ("csrf", csrf.as_str()),
        ("proof-address", &address),
        ("once", &once),
        ("revision", &revision),
        ("f:method", "cash"),
        ("f:reference", "till <3>"),
        ("proof-password", "a guess at it"),
    ];
    let wrong = browser.post("/confirm", &proof).await;
    assert!(
        wrong.status == 401 && wrong.html.contains("The password is not right"),
        "{} {}",
        wrong.status,
        wrong.html
    );
    assert!(wrong.html.contains("till &lt;3&gt;") && !wrong.html.contains("a guess at it"), "{}", wrong.html);
    proof.pop();
    proof.push(("proof-password", PASSWORD));
    let right = browser.post("/confirm", &proof).await;
    assert_eq!((right.status, right.location.as_str()), (307, address.as_str()), "{}", right.html);
    // As a browser does: the same form, to the address that it was for.
    let done = browser.post(&right.location, &proof).await;
    assert_eq!((done.status, done.location.as_str()), (303, page.as_str()), "{}", done.html);
    let foreign = proof.iter().map(|(name, value)| match *name {
        "proof-address" => (*name, "//evil.example/"),
        _ => (*name, *value),
    });
    let foreign = browser.post("/confirm", &foreign.collect::<Vec<_>>()).await;
    assert_eq!((foreign.status, foreign.location.as_str()), (307, "/"));
    let clients = world.as_user("accountant").await;
    let history = clients.request(Method::GET, &format!("{ticket}/history"));
    assert!(clients.send(history).await.text.contains("refund"));
}
