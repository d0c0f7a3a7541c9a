//! Registers while tickets use them: numbers from files, customers who become one, cards that are sold.

use aftercare::verify::verify;
use aftercare_tests::client::Client;
use aftercare_tests::world::{World, customer, definitions};
use serde_json::{Value, json};

async fn put(user: &Client, path: &str, body: Value) {
    let reply = user.post(path, &body).await;
    assert_eq!(reply.status, 201, "{path}: {}", reply.text);
}

async fn take(user: &Client, ticket: &str, event: &str, data: Value) {
    let revision = user.get(ticket).await.at("/ticket/revision");
    let done =
        user.post(&format!("{ticket}/steps/{event}"), &json!({"revision": revision, "data": data})).await;
    assert_eq!(done.status, 200, "{event}: {}", done.text);
}

/// Units in stock of a model with a policy.
async fn shop(world: &World, serials: &[&str]) {
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let name = json!({"en": "P", "fa": "P", "zh": "P", "pl": "P"});
    let terms = json!({"start_basis": "sale", "kind": "internal", "stamp_required": false,
        "guarantee": {"months": 12, "parts": 100, "labour": 100, "travel": 100}});
    put(&admin, "/api/policies", json!({"code": "P", "name": name, "terms": terms})).await;
    let model = json!({"code": "RF", "category": "COOL", "name": name, "price": "50000000", "policy": "P",
        "serial_prefix": "RF", "serial_width": 4});
    put(&admin, "/api/products", model).await;
    for serial in serials {
        put(&admin, "/api/devices", json!({"serial": serial, "product": "RF", "status": "in_stock"})).await;
    }
}

/// The number of a card that a ticket makes.
async fn card_of(world: &World, serial: &str) -> (String, String) {
    let clerk = world.as_user("reception").await;
    let body = json!({"process": "warranty_card", "device": serial, "data": {}});
    let opened = clerk.post("/api/tickets", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let text = |pointer: &str| opened.at(pointer).as_str().unwrap_or_default().to_owned();
    (format!("/api/tickets/{}", text("/code")), text("/card"))
}

// SP-28
#[tokio::test]
async fn a_sold_card_says_where_by_whom_and_on_which_invoice() {
    for world in World::each(&definitions()).await {
        shop(&world, &["S1"]).await;
        let (ticket, card) = card_of(&world, "S1").await;
        let clerk = world.as_user("reception").await;
        let day = world.app.catalog.current().day(world.app.clock.now());
        let sale = json!({"buyer": "Ali", "buyer_phone": "0912", "holder": "C1", "sold_on": day, "store": "Bazaar 7",
            "seller": "Reza", "invoice_no": "F-19", "sale_price": "50000000"});
        // Nobody who is not in the register comes to own it.
        let mut nobodys = sale.clone();
        nobodys["holder"] = json!("NOBODY");
        let body = json!({"revision": 1, "data": nobodys});
        let refused = clerk.post(&format!("{ticket}/steps/register_sale"), &body).await;
        assert_eq!(
            (refused.status, refused.at("/errors/0/field")),
            (422, json!("holder")),
            "{}",
            refused.text
        );
        take(&clerk, &ticket, "register_sale", sale).await;
        let told = clerk.get(&format!("/api/cards/{card}")).await;
        assert_eq!(
            (told.at("/store"), told.at("/seller"), told.at("/invoice_no"), told.at("/holder")),
            (json!("Bazaar 7"), json!("Reza"), json!("F-19"), json!("C1")),
            "{}",
            told.text
        );
        assert!(verify(&world.app).await.unwrap().is_sound());
    }
}

#[tokio::test]
async fn numbers_that_came_from_a_file_are_passed_over() {
    for world in World::each(&definitions()).await {
        shop(&world, &["S1", "S2", "S3"]).await;
        let admin = world.as_user("admin").await;
        let (_, first) = card_of(&world, "S1").await;
        let digits = first.trim_start_matches(|letter: char| !letter.is_ascii_digit());
        let (head, width) = (&first[..first.len() - digits.len()], digits.len());
        let count: u64 = digits.parse().unwrap();
        let number = |ahead: u64| format!("{head}{:0width$}", count + ahead);
        // The cards of another store, whose numbers look the same; more than are looked at together.
        let mut file = "number,device,status,kind,issued_on\n".to_owned();
        for ahead in (1..=70).filter(|ahead| *ahead != 2) {
            file += &format!("{},S3,void,internal,2026-01-10\n", number(ahead));
        }
        let came = admin.send_file("/api/imports/cards", "text/csv", file).await;
        assert_eq!(came.status, 200, "{}", came.text);
        assert_eq!(card_of(&world, "S2").await.1, number(2), "the first that is free");
        assert_eq!(card_of(&world, "S3").await.1, number(71));

        let units = "serial,product,status\nRF0002,RF,in_stock\nRF0003,RF,in_stock\n";
        assert_eq!(admin.send_file("/api/imports/devices", "text/csv", units).await.status, 200);
        let made = admin.post("/api/products/RF/serials", &json!({"count": 3})).await;
        assert_eq!(made.at("/serials"), json!(["RF0001", "RF0004", "RF0005"]), "{}", made.text);
        let made = admin.post("/api/products/RF/serials", &json!({"count": 1})).await;
        assert_eq!(made.at("/serials"), json!(["RF0006"]), "{}", made.text);
    }
}

// SP-36
#[tokio::test]
async fn who_has_become_part_of_another_customer_owes_nothing_apart() {
    for world in World::each(&definitions()).await {
        shop(&world, &[]).await;
        let (admin, accountant) = (world.as_user("admin").await, world.as_user("accountant").await);
        for (code, phone) in [("K1", "+48601234501"), ("K2", "+48601234502"), ("K3", "+48601234503")] {
            put(&admin, "/api/customers", customer(code, "Jan", &[phone])).await;
        }
        put(
            &admin,
            "/api/devices",
            json!({"serial": "D1", "product": "RF", "status": "sold", "owner": "K1"}),
        )
        .await;
        put(
            &admin,
            "/api/cards",
            json!({"number": "X1", "device": "D1", "status": "active", "kind": "internal", "holder": "K1",
                "issued_on": "2026-01-10"}),
        )
        .await;
        let day = world.app.catalog.current().day(world.app.clock.now());
        let enter = async |customer: &str, side: &str, other: &str, amount: &str| {
            let lines = json!([
                {"account": "113001", "details": {"customer": customer}, side: amount},
                {"account": "110003", other: amount},
            ]);
            put(&accountant, "/api/vouchers", json!({"date": day, "text": "by hand", "lines": lines})).await;
        };
        enter("K1", "debit", "credit", "10000000").await;
        let merge = async |from: &str, into: &str, version: i64| {
            admin
                .post(&format!("/api/customers/{from}/merge"), &json!({"into": into, "version": version}))
                .await
        };
        assert_eq!(merge("K1", "K2", 1).await.status, 200);
        enter("K2", "credit", "debit", "10000000").await;
        let account = accountant.get("/api/customers/K2/account").await;
        assert_eq!(
            (account.at("/closing"), account.at("/lines").as_array().map(Vec::len)),
            (json!("0"), Some(2)),
            "{}",
            account.text
        );
        let trial = accountant.get("/api/books/trial-balance?depth=detail&account=113001").await;
        assert!(!trial.text.contains("K1"), "{}", trial.text);

        // A request about the one who is gone is one of the one who stays; so are device and card.
        let clerk = world.as_user("reception").await;
        let body = json!({"process": "warranty_extension", "device": "D1", "customer": "K1",
            "data": {"extension_kind": "sold", "extension_months": 12}});
        let opened = clerk.post("/api/tickets", &body).await;
        if opened.status == 201 {
            let ticket = clerk.get(&format!("/api/tickets/{}", opened.at("/code").as_str().unwrap())).await;
            assert_eq!(ticket.at("/ticket/customer/code"), "K2", "{}", ticket.text);
        }
        assert_eq!(clerk.get("/api/devices/D1").await.at("/owner"), "K2");
        assert_eq!(clerk.get("/api/cards/X1").await.at("/holder"), "K2");

        // Nobody becomes part of somebody who is gone, and nobody has to follow a chain.
        assert_eq!(merge("K3", "K1", 1).await.status, 422);
        let version = clerk.get("/api/customers/K2").await.at("/version").as_i64().unwrap();
        assert_eq!(merge("K2", "K3", version).await.status, 200);
        assert_eq!(clerk.get("/api/customers/K1").await.at("/merged_into"), "K3");
        let account = accountant.get("/api/customers/K3/account").await;
        assert_eq!(account.at("/lines").as_array().map(Vec::len), Some(2), "{}", account.text);
        let report = verify(&world.app).await.unwrap();
        assert!(report.is_sound(), "{:#?}", report.findings);
    }
}

// SP-36
#[tokio::test]
async fn of_two_merges_at_once_none_leaves_a_customer_in_one_who_is_gone() {
    for world in World::each(&definitions()).await {
        let admin = world.as_user("admin").await;
        for round in 0..4 {
            let code = |letter: &str| format!("{letter}{round}");
            for (n, letter) in ["A", "B", "C"].iter().enumerate() {
                let phone = format!("+4860123{round}{n}00");
                put(&admin, "/api/customers", customer(&code(letter), "Jan", &[&phone])).await;
            }
            let merge = |from: String, into: String| {
                let admin = admin.clone();
                async move {
                    let body = json!({"into": into, "version": 1});
                    admin.post(&format!("/api/customers/{from}/merge"), &body).await
                }
            };
            let (one, two) = tokio::join!(merge(code("A"), code("B")), merge(code("B"), code("C")));
            assert!([200, 409, 422].contains(&one.status), "{}", one.text);
            assert!([200, 409].contains(&two.status), "{}", two.text);
            let into = async |letter: &str| {
                let told = admin.get(&format!("/api/customers/{}", code(letter))).await;
                told.at("/merged_into").as_str().map(str::to_owned)
            };
            let (a, b) = (into("A").await, into("B").await);
            assert!(b.is_none() || a != Some(code("B")), "A is in {a:?}, and B in {b:?}");
        }
    }
}
