//! Customers and agencies: they act for themselves, see their own, and learn of nobody else.

use aftercare::entity::stock_balance;
use aftercare::store::{StoreError, stock};
use aftercare_tests::client::Client;
use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::{Person, World, customer};
use serde_json::{Value, json};

/// The company with two agencies and two customers, each with somebody who signs in.
pub async fn town() -> World {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let name = json!({"en": "N", "fa": "N", "zh": "N", "pl": "N"});
    let put = async |path: &str, body: Value| {
        let reply = admin.post(path, &body).await;
        assert_eq!(reply.status, 201, "{path}: {}", reply.text);
    };
    put("/api/customers", customer("C2", "Zahra Amini", &["09127654321"])).await;
    for code in ["A1", "A2"] {
        let agency = json!({"code": code, "name": name, "kind": "both", "status": "active", "language": "en",
            "credit_limit": "100000"});
        put("/api/agencies", agency).await;
    }
    put("/api/parts", json!({"code": "P1", "name": name, "unit": "piece", "price": "100"})).await;
    let agent = |name: &str, agency: &str| Person {
        agency: Some(agency.to_owned()),
        ..Person::with(name, &["agency"])
    };
    let buyer = |name: &str, customer: &str| Person {
        customer: Some(customer.to_owned()),
        ..Person::with(name, &["customer"])
    };
    let people =
        [agent("a1", "A1"), agent("a2", "A2"), agent("a22", "A2"), buyer("c1", "C1"), buyer("c2", "C2")];
    world.employ(people.into()).await;
    world
}

fn order(agency: Option<&str>) -> Value {
    let data = json!({"parts": [{"code": "P1", "quantity": 1}], "delivery_address": "here",
        "buying_agency": agency});
    json!({"process": "parts_sale", "branch": "B1", "data": data})
}

// P29
#[tokio::test]
async fn nobody_outside_buys_for_another_agency() {
    let world = town().await;
    for name in ["a2", "c1"] {
        let client = world.as_user(name).await;
        for foreign in ["A1", "A9"] {
            let reply = client.post("/api/tickets", &order(Some(foreign))).await;
            assert_eq!(reply.status, 422, "{name} {foreign}: {}", reply.text);
            assert_eq!(reply.at("/errors/0/field"), "buying_agency", "{}", reply.text);
            assert_eq!(reply.at("/errors/0/code"), "field_not_found", "a foreign one is as absent");
        }
        let mut body = order(None);
        body["agency"] = json!("A1");
        let reply = client.post("/api/tickets", &body).await;
        assert_eq!(reply.status, 422, "{name}: {}", reply.text);
    }
    let own = world.as_user("a2").await.post("/api/tickets", &order(Some("A2"))).await;
    assert_eq!(own.status, 201, "{}", own.text);
}

// P29: a code says nothing, so it opens nothing.
#[tokio::test]
async fn an_agency_names_no_customer_whom_it_does_not_know() {
    let world = town().await;
    let agency = world.as_user("a1").await;
    for code in ["C1", "C9"] {
        let mut body = order(None);
        body["customer"] = json!(code);
        let reply = agency.post("/api/tickets", &body).await;
        assert_eq!(reply.status, 404, "{code}: {}", reply.text);
    }
    // With the device in its hands it may, but it is not told how to reach the owner.
    let body = json!({"process": "onsite_repair", "branch": "B1", "device": "SN1", "customer": "C1",
        "data": {"fault": "it does not cool", "warranty_kind": "internal"}});
    let opened = agency.post("/api/tickets", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let code = opened.at("/code").as_str().unwrap_or_default().to_owned();
    for path in [format!("/api/tickets/{code}"), "/api/tickets".to_owned()] {
        let shown = agency.get(&path).await;
        assert_eq!(shown.status, 200, "{path}: {}", shown.text);
        assert!(!shown.text.contains("09121234567"), "{path}: {}", shown.text);
    }
    assert_eq!(agency.get("/api/tickets?phone=0912").await.status, 403, "looking for it would tell it");
    // From now on it knows the customer.
    let mut body = order(None);
    body["customer"] = json!("C1");
    let reply = agency.post("/api/tickets", &body).await;
    assert_ne!(reply.status, 404, "{}", reply.text);
}

async fn tasks(client: &Client, query: &str) -> Vec<String> {
    let reply = client.get(&format!("/api/tasks?{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let items = reply.at("/items");
    items
        .as_array()
        .into_iter()
        .flatten()
        .map(|task| task["title"].as_str().unwrap_or("").to_owned())
        .collect()
}

// P29, P30
#[tokio::test]
async fn people_outside_have_their_own_tasks_alone() {
    let world = town().await;
    let opened = world.open().await;
    let code = opened.at("/code").as_str().unwrap_or_default().to_owned();
    let clerk = world.as_user("reception").await;
    let give = async |body: Value| {
        let reply = clerk.post(&format!("/api/tickets/{code}/tasks"), &body).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.at("/id")
    };
    let inside = give(json!({"title": "call the bank", "role": "accountant"})).await;
    give(json!({"title": "send a picture", "role": "customer"})).await;
    let (owner, stranger) = (world.as_user("c1").await, world.as_user("c2").await);
    assert_eq!(tasks(&owner, "").await, ["send a picture"]);
    assert!(tasks(&stranger, "").await.is_empty(), "what is for a role is for those whose ticket it is");
    for status in ["open", "done"] {
        let all = owner.get(&format!("/api/tasks?mine=false&status={status}")).await;
        assert_eq!(all.status, 403, "{}", all.text);
    }
    let done = owner.post(&format!("/api/tasks/{inside}/done"), &json!({"result": "never mind"})).await;
    assert_eq!(done.status, 404, "{}", done.text);
    let over = owner.post(&format!("/api/tasks/{inside}/hand_over"), &json!({"user": "admin"})).await;
    assert_eq!(over.status, 404, "{}", over.text);
    assert_eq!(tasks(&world.as_user("accountant").await, "").await, ["call the bank"], "it is as it was");
}

#[tokio::test]
async fn an_agency_gives_tasks_to_its_own_people_alone() {
    let world = town().await;
    let agency = world.as_user("a2").await;
    let opened = agency.post("/api/tickets", &order(Some("A2"))).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let path = format!("/api/tickets/{}/tasks", opened.at("/code").as_str().unwrap_or_default());
    for (body, status) in [
        (json!({"title": "t", "user": "admin"}), 422),
        (json!({"title": "t", "user": "a1"}), 422),
        (json!({"title": "t", "role": "accountant"}), 422),
        (json!({"title": "t", "user": "a22"}), 201),
        (json!({"title": "t"}), 201),
    ] {
        let reply = agency.post(&path, &body).await;
        assert_eq!(reply.status, status, "{body}: {}", reply.text);
    }
}

/// A claim that this agency writes, of a repair in its own shop; its code.
async fn claim(client: &Client, agency: &str) -> String {
    let data = json!({"claiming_agency": agency, "fault": "it does not cool", "repaired_on": "2026-01-05"});
    let body = json!({"process": "agency_repair", "branch": "B1", "device": "SN1", "data": data});
    let opened = client.post("/api/tickets", &body).await;
    opened.at("/code").as_str().unwrap_or_else(|| panic!("{}", opened.text)).to_owned()
}

/// What A1 has earned, a statement about it, and a part of ours that it holds.
async fn dealings(world: &World) {
    let admin = world.as_user("admin").await;
    let name = json!({"en": "Stock at A1", "fa": "N", "zh": "N", "pl": "N"});
    let warehouse = json!({"code": "W-A1", "name": name, "kind": "agency", "branch": "B1", "agency": "A1"});
    let added = admin.post("/api/warehouses", &warehouse).await;
    assert_eq!(added.status, 201, "{}", added.text);
    let now = world.app.clock.now();
    let row = |warehouse: &str| stock_balance::Model {
        warehouse: warehouse.into(),
        part: "P1".into(),
        quantity: 7_000,
        value: 700,
        version: 1,
    };
    let held = vec![row("W-A1")];
    let opened = world.app.store.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move { stock::open(tx, held, "test", now).await })
    });
    opened.await.unwrap();
    let accountant = world.as_user("accountant").await;
    let day = world.app.catalog.current().day(now);
    let voucher = json!({"date": day, "text": "Work of the month", "note": false, "lines": [
        {"account": "710002", "debit": "2345678"},
        {"account": "310001", "details": {"agency": "A1"}, "credit": "2345678"},
    ]});
    let entered = accountant.post("/api/vouchers", &voucher).await;
    assert_eq!(entered.status, 201, "{}", entered.text);
    world.app.tick(chrono::TimeDelta::days(45)).await.unwrap();
    let accountant = world.as_user("accountant").await;
    let until = world.app.catalog.current().day(world.app.clock.now());
    let body = json!({"until": until, "preview": false});
    let run = accountant.post("/api/runs/agency_statements", &body).await;
    assert_eq!(run.status, 200, "{}", run.text);
}

// P29: tickets, account, statements and goods: its own, and nothing of another.
#[tokio::test]
async fn an_agency_has_a_place_of_its_own_and_finds_nothing_of_another_there() {
    let world = town().await;
    dealings(&world).await;
    let (own, other) = (world.as_user("a1").await, world.as_user("a2").await);
    let (mine, theirs) = (claim(&own, "A1").await, claim(&other, "A2").await);

    let account = own.get("/api/agencies/A1/account").await;
    assert_eq!(account.status, 200, "{}", account.text);
    assert_eq!(account.at("/closing"), "-2345678", "{}", account.text);
    assert_eq!(account.at("/consigned/0/quantity"), "7", "{}", account.text);
    let number = account.at("/statements/0/number");
    let number = number.as_str().unwrap_or_else(|| panic!("no statement in {}", account.text));
    let statement = format!("/api/statements/{number}");
    assert_eq!(own.get(&statement).await.at("/closing"), "2345678");
    assert_eq!(own.get("/api/statements?kind=agency&party=A1").await.status, 200);
    for path in [
        "/api/agencies/A1/account",
        "/api/statements?kind=agency&party=A1",
        "/api/statements",
        &statement,
        &format!("{statement}/csv"),
    ] {
        assert_eq!(other.get(path).await.status, 403, "{path}");
    }

    let mut browser = Browser::of(&world);
    browser.sign_in("a1").await;
    assert_eq!(browser.get("/").await.location, "/own");
    for language in ["en", "fa", "zh", "pl"] {
        browser.cookies.insert("aftercare-reader".into(), format!("{language}..."));
        let page = browser.get("/own").await;
        assert_eq!(page.status, 200, "{}", page.html);
        assert!(page.html.contains(&format!("/tickets/{mine}")), "{}", page.html);
        assert!(!page.html.contains(&theirs) && !page.html.contains(">own-"), "{}", page.html);
        assert!(page.html.contains(&format!("/statements/{number}/print")), "{}", page.html);
    }
    browser.cookies.insert("aftercare-reader".into(), "en...".into());
    let page = browser.get("/own").await;
    // What waits for it, by the name that the house has for it, with the step and a place for a document.
    assert!(page.html.contains("Being written"), "{}", page.html);
    let waiting = page.html.split("waits-title").nth(2).unwrap_or_default();
    let waiting = waiting.split("</section>").next().unwrap_or_default();
    assert!(waiting.contains(&mine) && waiting.contains(&format!("/tickets/{mine}/files")), "{waiting}");
    assert_eq!(browser.get(&format!("/statements/{number}/print")).await.status, 200);

    let mut stranger = Browser::of(&world);
    stranger.sign_in("a2").await;
    let page = stranger.get("/own").await;
    assert!(page.html.contains(&theirs) && !page.html.contains(&mine), "{}", page.html);
    assert!(!page.html.contains("2345678") && !page.html.contains("2,345,678"), "{}", page.html);
    assert_eq!(stranger.get(&format!("/statements/{number}/print")).await.status, 403);
    let mut clerk = Browser::of(&world);
    clerk.sign_in("reception").await;
    let refused = clerk.get("/own").await;
    assert_eq!(refused.status, 403, "the house has no place there");
}
