//! The books as an accountant reads and exports them. Requirement ids stand in the names of the tests.

mod credit;
mod demo;
mod figures;
mod hostile;
mod payments;
mod postings;
mod recompute;
mod reports;
mod year;

use aftercare_tests::client::Client;
use aftercare_tests::world::World;
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

/// The company's day.
fn today(world: &World) -> NaiveDate {
    world.app.catalog.current().day(world.app.clock.now())
}

/// A line of a voucher by hand: account, side, amount, details.
fn line(account: &str, side: &str, amount: &str, details: Value) -> Value {
    json!({"account": account, "details": details, side: amount})
}

/// Enters a voucher by hand; its reference.
async fn post(user: &Client, date: NaiveDate, text: &str, lines: Vec<Value>) -> i64 {
    let made = user.post("/api/vouchers", &json!({"date": date, "text": text, "lines": lines})).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.at("/reference").as_i64().unwrap()
}

/// Takes a step of a ticket.
async fn take(user: &Client, ticket: &str, event: &str, data: Value) {
    let revision = user.get(ticket).await.at("/ticket/revision");
    let path = format!("{ticket}/steps/{event}");
    let done = user.post(&path, &json!({"revision": revision, "data": data})).await;
    assert_eq!(done.status, 200, "{event}: {}", done.text);
}

/// An extension of two years for 12,000,000 and VAT, accepted and not yet paid. Its ticket.
async fn extension(world: &World) -> String {
    extension_at(world, 12).await
}

/// The same for so many percent of 50,000,000 a year.
async fn extension_at(world: &World, percent: u32) -> String {
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let name = json!({"en": "P", "fa": "P", "zh": "P", "pl": "P"});
    let terms = json!({"start_basis": "sale", "kind": "internal", "extension_percent": percent,
        "guarantee": {"months": 12, "parts": 100, "labour": 100, "travel": 100}});
    let day = today(world);
    for (path, body) in [
        ("policies", json!({"code": "P", "name": name, "terms": terms})),
        (
            "products",
            json!({"code": "RF", "category": "COOL", "name": name, "price": "50000000", "policy": "P"}),
        ),
        ("devices", json!({"serial": "RF-1", "product": "RF", "status": "sold", "owner": "C1"})),
        (
            "cards",
            json!({"number": "C-1", "device": "RF-1", "status": "active", "stamped": true, "kind": "internal",
            "holder": "C1", "issued_on": day - Days::new(300), "guarantee_from": day - Days::new(300),
            "guarantee_to": day + Days::new(10)}),
        ),
    ] {
        let put = admin.post(&format!("/api/{path}"), &body).await;
        assert_eq!(put.status, 201, "{path}: {}", put.text);
    }
    let clerk = world.as_user("reception").await;
    let data = json!({"extension_kind": "sold", "extension_months": 24});
    let body = json!({"process": "warranty_extension", "device": "RF-1", "customer": "C1", "data": data});
    let opened = clerk.post("/api/tickets", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let code = opened.at("/code").as_str().unwrap().to_owned();
    take(&clerk, &format!("/api/tickets/{code}"), "accept", json!({})).await;
    code
}

/// Runs SQL past everything that would stop it but the database's own triggers.
async fn raw(world: &World, sql: &str) {
    use sea_orm::ConnectionTrait;
    let sql = sql.to_owned();
    let done = world.app.store.write::<_, aftercare::store::StoreError, _>(move |tx| {
        Box::pin(async move { Ok(tx.execute_unprepared(&sql).await.map(drop)?) })
    });
    done.await.unwrap();
}
