//! What is searched for is found however it is typed: Persian and Arabic letters, joiners, digits, prefixes.

use aftercare_tests::world::{World, customer, definitions};
use serde_json::json;

/// The address of a search.
fn searched(path: &str, typed: &str) -> String {
    let encoded: String = typed.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("{path}?search={encoded}")
}

#[tokio::test]
async fn an_entry_is_found_however_it_is_typed() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let clerk = world.as_user("reception").await;
        let body = customer("C7", "علي\u{200c}رضا كريمي", &["0912 765 4321"]);
        assert_eq!(clerk.post("/api/customers", &body).await.status, 201);
        for typed in ["علی رضا", "کریمی", "۰۹۱۲۷۶۵۴۳۲۱", "+98912765", "00989127654321", "c7"]
        {
            let found = clerk.get(&searched("/api/customers", typed)).await;
            assert_eq!(found.at("/items/0/code"), "C7", "{typed}: {}", found.text);
        }
        let part =
            json!({"code": "P1", "name": {"fa": "یاتاقان", "pl": "Łożysko"}, "price": "1", "unit": "piece"});
        assert_eq!(clerk.post("/api/parts", &part).await.status, 201);
        for typed in ["ياتاقان", "lozysko", "ŁOŻYSKO"] {
            let found = clerk.get(&searched("/api/parts", typed)).await;
            assert_eq!(found.at("/items/0/code"), "P1", "{typed}: {}", found.text);
        }
        let none = clerk.get("/api/parts?search=100%25").await;
        assert_eq!(none.json()["items"], json!([]));
    }
}

/// SP-40: what a category's goods have is defined on it, kept and found.
#[tokio::test]
async fn attributes_are_defined_on_the_category_kept_with_the_goods_and_found() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let admin = world.as_user("admin").await;
        let mut category = admin.get("/api/product-categories/COOL").await.json();
        category["attributes"] = json!([
            {"name": "body_no", "kind": "text", "required": true, "title": {"fa": "شماره بدنه"}},
            {"name": "maker", "kind": "choice", "choices": ["ACME", "Zenith"]},
            {"name": "litres", "kind": "whole", "of": "product"},
        ]);
        let changed = admin.put("/api/product-categories/COOL", &category).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        let device = |serial: &str, attributes: serde_json::Value| json!({"serial": serial, "product": "F200", "status": "sold", "attributes": attributes});
        let missing = admin.post("/api/devices", &device("D1", json!({"maker": "ACME"}))).await;
        assert_eq!(missing.at("/errors/0/field"), "attributes.body_no", "{}", missing.text);
        let wrong =
            admin.post("/api/devices", &device("D1", json!({"body_no": "X", "maker": "Other"}))).await;
        assert_eq!(wrong.at("/errors/0/code"), "field_word", "{}", wrong.text);
        let unknown =
            admin.post("/api/devices", &device("D1", json!({"body_no": "X", "colour": "red"}))).await;
        assert_eq!(unknown.at("/errors/0/code"), "field_attribute", "{}", unknown.text);
        let added =
            admin.post("/api/devices", &device("D1", json!({"body_no": "Body-77", "maker": "ACME"}))).await;
        assert_eq!(added.status, 201, "{}", added.text);
        assert_eq!(admin.get("/api/devices/D1").await.at("/attributes/maker"), "ACME");
        assert_eq!(admin.get("/api/devices?search=body-77").await.at("/items/0/serial"), "D1");
    }
}

#[tokio::test]
async fn what_an_older_release_wrote_is_found_after_it_was_filled_in() {
    use sea_orm::ConnectionTrait;
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let raw = sea_orm::Database::connect(world.app.config.database()).await.unwrap();
    raw.execute_unprepared("UPDATE customer SET search_key = NULL").await.unwrap();
    let search = async || {
        admin.get(&searched("/api/customers", "9121234567")).await.json()["items"].as_array().unwrap().len()
    };
    assert_eq!(search().await, 0);
    let locale = aftercare::register::value::Locale {
        currency: aftercare::http::access::currency(&world.app),
        country: aftercare::http::access::country(&world.app),
    };
    assert!(world.app.store.fill_search(&locale).await.unwrap() > 0);
    assert_eq!(search().await, 1);
    assert_eq!(world.app.store.fill_search(&locale).await.unwrap(), 0);
}

/// SP-26: serials with a prefix and a suffix, one after the other, each once.
#[tokio::test]
async fn a_hundred_serials_are_made_by_the_models_pattern_one_after_the_other() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let admin = world.as_user("admin").await;
        let path = "/api/products/F200/serials";
        let without = admin.post(path, &json!({"count": 1})).await;
        assert_eq!((without.status, without.at("/errors/0/field")), (422, json!("serial_width")));
        let mut product = admin.get("/api/products/F200").await.json();
        product["serial_prefix"] = json!("AB");
        product["serial_suffix"] = json!("-X");
        product["serial_width"] = json!(5);
        assert_eq!(admin.put("/api/products/F200", &product).await.status, 200);
        let made = admin.post(path, &json!({"count": 100, "batch": "B1", "produced_on": "2026-11-01"})).await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert_eq!((made.at("/first"), made.at("/last")), (json!("AB00001-X"), json!("AB00100-X")));
        let serials: std::collections::BTreeSet<String> = made.json()["serials"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.as_str().unwrap().to_owned())
            .collect();
        assert_eq!(serials.len(), 100);
        assert_eq!(admin.get("/api/devices/AB00042-X").await.at("/batch"), "B1");
        let device = json!({"serial": "AB00102-X", "product": "F200", "status": "sold"});
        assert_eq!(admin.post("/api/devices", &device).await.status, 201);
        let made = admin.post(path, &json!({"count": 5})).await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert_eq!((made.at("/first"), made.at("/last")), (json!("AB00101-X"), json!("AB00106-X")));
        assert!(!made.text.contains("AB00102-X"), "what is there already is passed over: {}", made.text);
        let next = admin.post(path, &json!({"count": 1})).await;
        assert_eq!(next.at("/first"), "AB00107-X", "{}", next.text);
    }
}

/// SP-25: a pack is found by any serial in it, and what was swapped keeps the old serial.
#[tokio::test]
async fn a_pack_is_found_by_the_serial_of_anything_in_it() {
    use sea_orm::ConnectionTrait;
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let admin = world.as_user("admin").await;
        let motor = json!({"serial": "M1", "product": "F200", "status": "installed", "parent": "SN1"});
        assert_eq!(admin.post("/api/devices", &motor).await.status, 201);
        let lost = json!({"serial": "M2", "product": "F200", "status": "installed", "parent": "NONE"});
        assert_eq!(admin.post("/api/devices", &lost).await.at("/errors/0/code"), "field_not_found");
        let raw = sea_orm::Database::connect(world.app.config.database()).await.unwrap();
        let fitted = "INSERT INTO fitted_part (device, part, serial, old_serial, fitted_on, covered_to)
                      VALUES ('SN1', 'PUMP', 'P-2', 'P-1', '2026-10-01', '2027-10-01')";
        raw.execute_unprepared(fitted).await.unwrap();
        for serial in ["SN1", "M1", "P-2"] {
            let tree = admin.get(&format!("/api/devices/{serial}/tree")).await;
            assert_eq!(tree.at("/serial"), "SN1", "{serial}: {}", tree.text);
            assert_eq!(tree.at("/units/0/serial"), "M1");
            assert_eq!(tree.at("/components/0/old_serial"), "P-1");
            assert_eq!(tree.at("/components/0/covered_to"), "2027-10-01");
        }
    }
}

/// SP-39: a tariff has its days; the one that began last counts.
#[tokio::test]
async fn a_service_has_the_price_of_the_tariff_that_holds_on_the_day() {
    for world in World::each(&definitions()).await {
        let admin = world.as_user("admin").await;
        let service = json!({"code": "L1", "name": {"en": "Labour"}, "kind": "labour", "price": "100"});
        assert_eq!(admin.post("/api/services", &service).await.status, 201);
        for (code, from, to, price) in
            [("T1", "2025-03-21", json!(null), "120"), ("T2", "2026-03-21", json!("2026-09-22"), "150")]
        {
            let tariff =
                json!({"code": code, "service": "L1", "valid_from": from, "valid_to": to, "price": price});
            let added = admin.post("/api/tariffs", &tariff).await;
            assert_eq!(added.status, 201, "{}", added.text);
        }
        let store = world.app.store.as_of_now().await.unwrap();
        let price = async |store: &aftercare::store::Store, day: &str| {
            store.services(&["L1".to_owned()], day.parse().unwrap()).await.unwrap()[0].price
        };
        for (day, expected) in
            [("2025-03-20", 100), ("2025-03-21", 120), ("2026-09-22", 150), ("2026-09-23", 120)]
        {
            assert_eq!(price(&store, day).await, expected, "{day}");
        }
        // What is kept in memory does not outlive a change.
        let mut tariff = admin.get("/api/tariffs/T1").await.json();
        tariff["price"] = json!("130");
        assert_eq!(admin.put("/api/tariffs/T1", &tariff).await.status, 200);
        let store = world.app.store.as_of_now().await.unwrap();
        assert_eq!(price(&store, "2025-03-21").await, 130);
        let unknown = json!({"code": "T3", "service": "L9", "valid_from": "2026-01-01", "price": "1"});
        assert_eq!(admin.post("/api/tariffs", &unknown).await.at("/errors/0/field"), "service");
    }
}
