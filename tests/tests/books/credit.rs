//! What an agency may owe: looked at when an order is approved, and again when its parts leave.

use aftercare::entity::stock_balance;
use aftercare::store::{StoreError, stock};
use aftercare_tests::client::Client;
use aftercare_tests::world::{Person, World, definitions};
use futures_util::future::join_all;
use serde_json::{Value, json};

/// An agency that may owe 20,000,000, and ten boards in stock for 10,000,000 each with VAT.
async fn agency(world: &World) {
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let name = json!({"en": "N", "fa": "N", "zh": "N", "pl": "N"});
    let branch = admin.get("/api/branches/B1").await.json();
    for (path, body) in [
        ("warehouses", json!({"code": "W1", "branch": "B1", "name": name, "kind": "main"})),
        (
            "agencies",
            json!({"code": "A7", "name": name, "kind": "both", "status": "active", "credit_limit": "20000000",
                "language": "fa"}),
        ),
        (
            "parts",
            json!({"code": "BOARD", "name": name, "price": "9090909", "agency_price": "9090909", "unit": "piece"}),
        ),
    ] {
        let put = admin.post(&format!("/api/{path}"), &body).await;
        assert_eq!(put.status, 201, "{path}: {}", put.text);
    }
    let mut branch = branch;
    branch["warehouse"] = json!("W1");
    let put = admin.put("/api/branches/B1", &branch).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let now = world.app.clock.now();
    let opened = world.app.store.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            let held = stock_balance::Model {
                warehouse: "W1".into(),
                part: "BOARD".into(),
                quantity: 10_000,
                value: 50_000_000,
                version: 1,
            };
            stock::open(tx, vec![held], "test", now).await
        })
    });
    opened.await.unwrap();
    world.employ(vec![Person { branch: Some("B1".into()), ..Person::with("keeper", &["warehouse"]) }]).await;
}

async fn take(user: &Client, code: &str, event: &str, data: Value) -> aftercare_tests::client::Reply {
    let ticket = format!("/api/tickets/{code}");
    let revision = user.get(&ticket).await.at("/ticket/revision");
    user.post(&format!("{ticket}/steps/{event}"), &json!({"revision": revision, "data": data})).await
}

// SP-55
#[tokio::test]
async fn orders_that_were_approved_apart_do_not_leave_together_over_the_limit() {
    for world in World::each(&definitions()).await {
        agency(&world).await;
        let (clerk, accountant) = (world.as_user("reception").await, world.as_user("accountant").await);
        let mut codes = Vec::new();
        for _ in 0..4 {
            let data = json!({"buying_agency": "A7", "parts": [{"code": "BOARD", "quantity": 1}],
                "delivery_address": "Shiraz"});
            let opened = clerk.post("/api/tickets", &json!({"process": "parts_sale", "data": data})).await;
            assert_eq!(opened.status, 201, "{}", opened.text);
            let code = opened.at("/code").as_str().unwrap().to_owned();
            // Nothing is owed yet, so each alone is within the limit.
            let approved = take(&accountant, &code, "approve", json!({})).await;
            assert!(approved.text.contains("permitted"), "{}", approved.text);
            codes.push(code);
        }
        let keeper = world.as_user("keeper").await;
        let waybill = json!({"carrier": "Tipax", "waybill": "TX-1"});
        let gone = join_all(codes.iter().map(|code| take(&keeper, code, "dispatch", waybill.clone()))).await;
        let sent = gone.iter().filter(|reply| reply.status == 200).count();
        let held: Vec<_> = gone.iter().filter(|reply| reply.status != 200).collect();
        assert_eq!(sent, 2, "{gone:#?}");
        for reply in held {
            assert_eq!(
                (reply.status, reply.at("/reasons/0/code")),
                (422, json!("limit_used_up")),
                "{}",
                reply.text
            );
        }
        let owed = accountant.get("/api/books/ledger/113002?detail_kind=agency&detail=A7").await;
        assert_eq!(owed.status, 200, "{}", owed.text);
        assert_eq!(owed.at("/closing"), "20000000", "{}", owed.text);
    }
}
