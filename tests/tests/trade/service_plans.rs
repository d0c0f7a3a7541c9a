//! Plans of periodic service: made, read, changed and ended, for a device under warranty and as a contract.

use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::World;
use chrono::Days;
use serde_json::{Value, json};

use super::{take, today};

const CSV: &str = "text/csv";

/// A fridge in its first year.
async fn shop(world: &World) {
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let day = today(world);
    let terms = json!({"start_basis": "sale", "kind": "internal", "service_months": 12,
        "guarantee": {"months": 24, "parts": 100, "labour": 100, "travel": 100}});
    let policy = json!({"code": "P", "name": {"en": "P"}, "terms": terms});
    assert_eq!(admin.post("/api/policies", &policy).await.status, 201);
    let mut product = admin.get("/api/products/F200").await.json();
    product["policy"] = json!("P");
    assert_eq!(admin.put("/api/products/F200", &product).await.status, 200);
    let card = json!({"number": "K1", "device": "SN1", "status": "active", "kind": "internal", "stamped": true,
        "holder": "C1", "issued_on": day, "guarantee_from": day, "guarantee_to": day + Days::new(700)});
    assert_eq!(admin.post("/api/cards", &card).await.status, 201);
}

#[tokio::test]
async fn sy_05_a_service_plan_is_made_read_changed_and_ended_by_api_and_page() {
    let world = World::start().await;
    shop(&world).await;
    let (clerk, manager) = (world.as_user("reception").await, world.as_user("manager").await);
    let open = async |data: Value| {
        let body = json!({"process": "periodic_service", "device": "SN1", "customer": "C1", "data": data});
        let opened = clerk.post("/api/tickets", &body).await;
        assert_eq!(opened.status, 201, "{}", opened.text);
        opened.at("/code").as_str().unwrap().to_owned()
    };
    let of_device = open(json!({"plan_kind": "warranty"})).await;
    let contract = json!({"plan_kind": "contract", "service_months": 6, "contract_months": 12, "contract_price": "5000000"});
    let contract = open(contract).await;

    // Read: one, and all.
    let path = format!("/api/tickets/{of_device}");
    let first = clerk.get(&path).await;
    assert_eq!(first.at("/fields/plan/months"), json!(12), "{}", first.text);
    assert_eq!(first.at("/fields/plan_ends_on"), json!(today(&world) + Days::new(700)), "{}", first.text);
    let all = clerk.get("/api/tickets?process=periodic_service&device=SN1").await.at("/items");
    assert_eq!(all.as_array().map(Vec::len), Some(2), "{all}");
    let mut browser = Browser::of(&world);
    browser.sign_in("manager").await;
    let page = browser.get(&format!("/tickets/{of_device}")).await;
    assert!(
        page.html.contains("Next visit planned") && page.html.contains("Change the plan"),
        "{}",
        page.html
    );

    // Changed: the next visit moves with it.
    take(&clerk, &path, "change_plan", json!({"service_months": 3})).await;
    let changed = clerk.get(&path).await;
    assert_eq!(changed.at("/fields/plan/months"), json!(3), "{}", changed.text);
    assert!(
        changed.at("/fields/next_due").as_str() < first.at("/fields/next_due").as_str(),
        "{}",
        changed.text
    );
    assert_eq!(changed.at("/fields/plan_ends_on"), first.at("/fields/plan_ends_on"));

    // Ended: the one by the manager, the other before it was paid.
    take(&manager, &path, "end_plan", json!({"end_reason": "not wanted"})).await;
    take(&clerk, &format!("/api/tickets/{contract}"), "withdraw", json!({})).await;
    for ticket in [&of_device, &contract] {
        let ended = clerk.get(&format!("/api/tickets/{ticket}")).await;
        assert_eq!(ended.at("/ticket/finished"), json!(true), "{}", ended.text);
    }
    let page = browser.get("/tickets?process=periodic_service").await;
    assert!(!page.html.contains("Change the plan"), "{}", page.html);
}

#[tokio::test]
async fn sy_05_a_plan_of_the_register_comes_by_file_and_is_bought_at_its_price() {
    let world = World::start().await;
    shop(&world).await;
    let (admin, clerk) = (world.as_user("admin").await, world.as_user("reception").await);
    let plans = "code,name.en,name.fa,product,service_months,contract_months,price\n\
                 CARE-2,Two years of care,دو سال سرویس,F200,6,24,\"5,000,000\"\n\
                 NOT-US,Something else,چیز دیگر,,12,12,1\n";
    let tried = admin.send_file("/api/imports/service-plans?preview=true", CSV, plans).await;
    assert_eq!((tried.status, tried.at("/added")), (200, json!(2)), "{}", tried.text);
    assert_eq!(admin.get("/api/service-plans/CARE-2").await.status, 404, "a dry run writes nothing");
    let came = admin.send_file("/api/imports/service-plans", CSV, plans).await;
    assert_eq!((came.status, came.at("/added")), (200, json!(2)), "{}", came.text);
    let wrong = "code,name.en,contract_months,price\nBAD,Bad,0,-1\n";
    let refused = admin.send_file("/api/imports/service-plans", CSV, wrong).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("contract_months") && refused.text.contains("price"), "{}", refused.text);

    // One that is sold no more is not offered any longer.
    let mut gone = admin.get("/api/service-plans/NOT-US").await.json();
    gone["active"] = json!(false);
    assert_eq!(admin.put("/api/service-plans/NOT-US", &gone).await.status, 200);
    let mut browser = Browser::of(&world);
    browser.sign_in("reception").await;
    let page = browser.get("/intake?q=SN1&process=periodic_service").await;
    assert!(page.html.contains("Two years of care"), "{}", page.html);
    assert!(!page.html.contains("Something else"), "{}", page.html);

    let body = |plan: &str| {
        let data = json!({"plan_kind": "contract", "bought_plan": plan});
        json!({"process": "periodic_service", "device": "SN1", "customer": "C1", "data": data})
    };
    let unknown = clerk.post("/api/tickets", &body("NOWHERE")).await;
    assert_eq!(unknown.status, 422, "{}", unknown.text);
    assert!(unknown.text.contains("bought_plan"), "{}", unknown.text);
    let opened = clerk.post("/api/tickets", &body("CARE-2")).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let path = format!("/api/tickets/{}", opened.at("/code").as_str().unwrap());
    let ticket = clerk.get(&path).await;
    assert_eq!(ticket.at("/fields/plan/months"), json!(6), "{}", ticket.text);
    assert_eq!(ticket.at("/fields/contract_months"), json!(24), "{}", ticket.text);
    assert_eq!(clerk.get(&format!("{path}/charges")).await.at("/charges/net"), json!("5000000"));
    let page = browser.get(&format!("/tickets/{}", opened.at("/code").as_str().unwrap())).await;
    assert!(page.html.contains("Two years of care"), "the ticket names the plan: {}", page.html);
    let sold = clerk.post("/api/tickets", &body("NOT-US")).await;
    assert_eq!(sold.status, 201, "{}", sold.text);
    let state = clerk.get(&format!("/api/tickets/{}", sold.at("/code").as_str().unwrap())).await;
    assert_eq!(state.at("/fields/plan/reason"), json!("plan_is_sold"), "{}", state.text);
}
