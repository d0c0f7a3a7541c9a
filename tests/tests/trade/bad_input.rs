//! Bad input that has no test beside what it is about: each has an answer of its own, in the reader's language, and
//! nothing is changed. The others: a claim twice (`http_many`), a closed period and a rate that is missing
//! (`http_books`), one bad row among 50,000 (`http_registers`), two who finalise at once (`http_vouchers`).

use aftercare_tests::client::{Client, Reply};
use aftercare_tests::world::{Person, World, customer, definitions};
use reqwest::Method;
use serde_json::{Value, json};

use super::today;

/// The same request in each language; every answer differs from the others.
async fn in_four_languages(user: &Client, path: &str, body: &Value) -> Vec<Reply> {
    let mut replies = Vec::new();
    for language in ["en", "fa", "zh", "pl"] {
        let request = user.request(Method::POST, path).header("accept-language", language).json(body);
        replies.push(user.send(request).await);
    }
    let texts: std::collections::BTreeSet<&str> = replies.iter().map(|reply| reply.text.as_str()).collect();
    assert_eq!(texts.len(), 4, "{texts:?}");
    replies
}

#[tokio::test]
async fn a_part_that_is_not_in_stock_is_named_with_what_to_do_and_nothing_is_posted() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let name = |text: &str| json!({"en": text, "fa": text, "zh": text, "pl": text});
    for (path, body) in [
        (
            "agencies",
            json!({"code": "A1", "name": name("A1"), "kind": "service", "status": "active", "vetted_to": "2099-01-01", "language": "en"}),
        ),
        (
            "warehouses",
            json!({"code": "AW", "name": name("At A1"), "kind": "agency", "branch": "B1", "agency": "A1"}),
        ),
        ("parts", json!({"code": "FAN", "name": name("Fan"), "unit": "piece", "price": "800000"})),
    ] {
        let put = admin.post(&format!("/api/{path}"), &body).await;
        assert_eq!(put.status, 201, "{path}: {}", put.text);
    }
    let agency =
        Person { agency: Some("A1".into()), branch: Some("B1".into()), ..Person::with("a1", &["agency"]) };
    world.employ(vec![agency, Person::with("quality", &["quality"])]).await;
    let (agency, quality) = (world.as_user("a1").await, world.as_user("quality").await);
    let data = json!({"claiming_agency": "A1", "fault": "noise", "fault_code": "noise", "repaired_on": today(&world)});
    let body = json!({"process": "agency_repair", "branch": "B1", "device": "SN1", "data": data});
    let opened = agency.post("/api/tickets", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let ticket = format!("/api/tickets/{}", opened.at("/code").as_str().unwrap());
    let parts = json!([{"code": "FAN", "quantity": 1, "new_serial": "F-1", "source": "consigned"}]);
    let revision = agency.get(&ticket).await.at("/ticket/revision");
    let asked = json!({"revision": revision, "data": {"parts": parts}});
    let path = format!("{ticket}/steps/add_parts");
    for refused in in_four_languages(&agency, &path, &asked).await {
        assert_eq!(
            (refused.status, refused.at("/reasons/0/code")),
            (422, json!("too_few_kept")),
            "{}",
            refused.text
        );
        assert!(refused.at("/reasons/0/text").as_str().unwrap().contains("FAN: 0"), "{}", refused.text);
    }
    assert_eq!(quality.get(&ticket).await.at("/ticket/revision"), revision, "nothing happened");
    assert_eq!(admin.get("/api/vouchers").await.at("/items"), json!([]));
}

#[tokio::test]
async fn a_part_or_service_that_no_register_has_is_named_at_its_field_and_not_left_to_a_rule_to_fail_over() {
    let world = World::start().await;
    world.furnish().await;
    let dispatcher = world.as_user("dispatcher").await;
    let body = json!({"code": "A1", "name": {"en": "A1"}, "kind": "service", "status": "active",
        "vetted_to": "2099-01-01", "language": "en"});
    assert_eq!(world.as_user("admin").await.post("/api/agencies", &body).await.status, 201);
    let data = json!({"claiming_agency": "A1", "fault": "noise", "fault_code": "noise", "repaired_on": today(&world)});
    let body = json!({"process": "agency_repair", "branch": "B1", "device": "SN1", "data": data});
    let opened = dispatcher.post("/api/tickets", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let ticket = format!("/api/tickets/{}", opened.at("/code").as_str().unwrap());
    for field in ["parts", "services"] {
        let mut data = json!({});
        data[field] = json!([{"code": "TYPO-9", "quantity": 1}]);
        let (path, body) = (format!("{ticket}/steps/add_{field}"), json!({"revision": 1, "data": data}));
        for refused in in_four_languages(&dispatcher, &path, &body).await {
            let reason = [refused.at("/reasons/0/code"), refused.at("/reasons/0/field")];
            assert_eq!(
                (refused.status, reason),
                (422, [json!("field_unknown_code"), json!(field)]),
                "{}",
                refused.text
            );
            assert!(refused.at("/reasons/0/text").as_str().unwrap().contains("TYPO-9"), "{}", refused.text);
        }
    }
}

#[tokio::test]
async fn a_serial_of_another_customer_is_refused_to_that_customer_and_told_to_the_house() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    assert_eq!(admin.post("/api/customers", &customer("C2", "Sara", &["09129999999"])).await.status, 201);
    world.employ(vec![Person { customer: Some("C2".into()), ..Person::with("sara", &["customer"]) }]).await;
    let data = json!({"fault": "noise", "warranty_kind": "internal"});
    let body = json!({"process": "onsite_repair", "branch": "B1", "device": "SN1", "data": data});
    // Whoever guesses serials learns nothing: it is as if there were none.
    for refused in in_four_languages(&world.as_user("sara").await, "/api/tickets", &body).await {
        assert_eq!(refused.status, 404, "{}", refused.text);
        assert!(refused.at("/detail").as_str().unwrap().contains("SN1"), "{}", refused.text);
    }
    assert_eq!(admin.get("/api/tickets").await.at("/items"), json!([]));
    // Staff may take the request of somebody who has bought it; cover is told not to hold, and why.
    let policy = json!({"code": "P", "name": {"en": "P"}, "terms": {"start_basis": "sale", "kind": "internal",
        "owner_bound": true, "guarantee": {"months": 12, "parts": 100, "labour": 100, "travel": 100}}});
    assert_eq!(admin.post("/api/policies", &policy).await.status, 201);
    let mut product = admin.get("/api/products/F200").await.json();
    product["policy"] = json!("P");
    assert_eq!(admin.put("/api/products/F200", &product).await.status, 200);
    let day = today(&world);
    let card = json!({"number": "K1", "device": "SN1", "status": "active", "kind": "internal", "stamped": true,
        "issued_on": day, "guarantee_from": day, "guarantee_to": day});
    assert_eq!(admin.post("/api/cards", &card).await.status, 201);
    let mut other = body.clone();
    other["customer"] = json!("C2");
    let opened = world.as_user("reception").await.post("/api/tickets", &other).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let told =
        admin.get(&format!("/api/tickets/{}/explanations", opened.at("/code").as_str().unwrap())).await;
    let owner = told.json();
    let conditions = owner[0]["conditions"].as_array().unwrap();
    let owner = conditions.iter().find(|one| one["name"] == "owner_matches").unwrap();
    assert_eq!(owner["holds"], json!(false), "{}", told.text);
}

#[tokio::test]
async fn a_template_edited_to_be_unbalanced_never_goes_into_service() {
    let world = World::start().await;
    let before = world.as_user("designer").await.get("/api/bundles/current").await.at("/hash");
    let mut files = definitions();
    let path = "workflows/vouchers/compensation.yaml";
    let (_, text) = files.iter_mut().find(|(known, _)| known == path).unwrap();
    let credit = "- credit: 310003\n    amount: data.compensation";
    assert!(text.contains(credit));
    *text = text.replace(credit, &format!("{credit} + 1"));
    let files: serde_json::Map<String, Value> =
        files.into_iter().map(|(path, text)| (path, text.into())).collect();
    let designer = world.as_user("designer").await;
    let refused = designer.post("/api/bundles", &json!({"files": files})).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    for told in ["AC0630", path, "debits are", "credits are"] {
        assert!(refused.text.contains(told), "{told}: {}", refused.text);
    }
    assert_eq!(designer.get("/api/bundles/current").await.at("/hash"), before);
}
