//! Tickets over the API: opened, found, driven, refused.

use aftercare_tests::world::{Person, World};
use serde_json::{Value, json};

// BS-05, BS-06, BS-07, BS-08, BS-10, BW-03, BW-04, BW-05
#[tokio::test]
async fn a_ticket_is_opened_and_found_by_what_people_know() {
    let world = World::start().await;
    world.furnish().await;
    let opened = world.open().await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let code = opened.at("/code").as_str().unwrap().to_owned();
    let clerk = world.as_user("reception").await;
    for query in [
        format!("code={code}"),
        "phone=%2B98912123".into(),
        "phone=0912123".into(),
        "phone=%DB%B4%DB%B5%DB%B6%DB%B7".into(),
        "name=%D8%B9%D9%84%D9%8A".into(),
        "product_category=COOL&product=F200".into(),
        "store=01&branch=B1".into(),
        "process=onsite_repair&finished=false".into(),
    ] {
        let found = clerk.get(&format!("/api/tickets?{query}")).await;
        assert_eq!(found.at("/items/0/code"), code.as_str(), "{query}: {}", found.text);
    }
    // The serial alone has told the model and whose it is; what is wrong stands there as it was typed.
    let shown = clerk.get(&format!("/api/tickets/{code}")).await;
    let told = ["/ticket/device", "/ticket/product", "/ticket/customer/code", "/fields/fault"];
    let told = told.map(|path| shown.at(path));
    assert_eq!(told, ["SN1", "F200", "C1", "it does not cool"].map(Value::from), "{}", shown.text);
    let none = clerk.get("/api/tickets?technician=nobody").await;
    assert_eq!(none.at("/items"), json!([]), "{}", none.text);
}

// BS-05, BS-06, BS-07
#[tokio::test]
async fn whoever_has_another_name_and_number_now_is_found_by_those_alone() {
    let (world, code) = World::furnished().await;
    let (admin, clerk) = (world.as_user("admin").await, world.as_user("reception").await);
    let is_found = async |query: &str| {
        let found = clerk.get(&format!("/api/tickets?{query}")).await;
        assert_eq!(found.status, 200, "{query}: {}", found.text);
        found.at("/items/0/code") == code.as_str()
    };
    let (old_name, old_short) = ("name=%DA%A9%D8%A7%D8%B8%D9%85", "name=%DA%A9%D8%A7");
    for query in ["phone=234567", "phone=67", old_name, old_short] {
        assert!(is_found(query).await, "{query}");
    }
    // Names of two letters and back: those have no piece of three.
    for name in ["Xu", "Sara \"Sasha\" O'Neil", "Xu"] {
        let mut customer = admin.get("/api/customers/C1").await.json();
        customer["name"] = json!(name);
        customer["phones"] = json!(["09350007788"]);
        let changed = admin.put("/api/customers/C1", &customer).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
    }
    for query in ["phone=0007788", "phone=88", "name=xu"] {
        assert!(is_found(query).await, "{query}");
    }
    for query in ["phone=234567", old_name, old_short, "name=sasha", "name=%22", "code=99-99-99"] {
        assert!(!is_found(query).await, "{query}");
    }
    let (_, end) = code.split_at(code.len() - 7);
    for query in
        [format!("code={end}"), format!("code={end}&category=waiting"), format!("code={}", &code[..2])]
    {
        assert!(is_found(&query).await, "{query}");
    }
}

// SP-07, BS-19
#[tokio::test]
async fn a_customer_sees_what_was_asked_for_and_not_what_is_for_staff() {
    let world = World::start().await;
    world.furnish().await;
    let opened = world.open().await;
    let path = format!("/api/tickets/{}", opened.at("/code").as_str().unwrap());
    world.employ(vec![Person { customer: Some("C1".into()), ..Person::with("owner", &["customer"]) }]).await;
    let fields = async |who| world.as_user(who).await.get(&path).await.at("/fields");
    let (staff, owner) = (fields("reception").await, fields("owner").await);
    assert_eq!(owner["fault"], staff["fault"], "{owner}");
    assert!(!owner["fault"].is_null(), "{owner}");
    // Whether a visit was in vain is for those who plan the next one.
    assert_eq!((&staff["missed_visits"], &owner["missed_visits"]), (&json!(0), &Value::Null), "{owner}");
}

#[tokio::test]
async fn a_ticket_of_another_branch_is_not_there() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let other = json!({"name": "far", "full_name": "Far", "language": "en", "branch": "B2",
        "roles": [{"role": "reception"}]});
    assert_eq!(admin.post("/api/users", &other).await.status, 201);
    let opened = world.open().await;
    let code = opened.at("/code").as_str().unwrap().to_owned();
    let far = world.as_user("far").await;
    let foreign = far.get(&format!("/api/tickets/{code}")).await;
    let absent = far.get("/api/tickets/nothing").await;
    assert_eq!((foreign.status, absent.status), (404, 404), "{}", foreign.text);
    assert_eq!(far.get("/api/tickets").await.at("/items"), json!([]));
    let body = json!({"process": "onsite_repair", "branch": "B1", "device": "SN1", "data": {}});
    assert_eq!(far.post("/api/tickets", &body).await.status, 403);
}

#[tokio::test]
async fn steps_are_offered_with_who_and_why_not_and_refused_the_same_way() {
    let world = World::start().await;
    world.furnish().await;
    let opened = world.open().await;
    let (code, revision) = (opened.at("/code").as_str().unwrap().to_owned(), opened.at("/revision"));
    let technician = world.as_user("technician").await;
    let offered = technician.get(&format!("/api/tickets/{code}/steps")).await;
    let steps = offered.at("/steps").as_array().cloned().unwrap_or_default();
    assert!(!steps.is_empty(), "{}", offered.text);
    let barred = steps.iter().find(|step| step["possible"] == false).expect("a step of somebody else");
    assert!(!barred["reasons"][0]["text"].as_str().unwrap().is_empty(), "{barred}");

    let path = |event: &str| format!("/api/tickets/{code}/steps/{event}");
    let not_mine = barred["reasons"].as_array().unwrap().iter().all(|why| why["code"] == "not_allowed");
    let step = json!({"revision": revision, "data": {}});
    let refused = technician.post(&path(barred["event"].as_str().unwrap()), &step).await;
    assert_eq!(refused.status, if not_mine { 403 } else { 422 }, "{}", refused.text);
    let unknown = technician.post(&path("no_such_event"), &step).await;
    assert_eq!((unknown.status, unknown.at("/present/ticket/code")), (422, json!(code)), "{}", unknown.text);
    let stale = technician.post(&path("no_such_event"), &json!({"revision": 99, "data": {}})).await;
    assert_eq!(
        (stale.status, stale.at("/present/ticket/revision")),
        (409, revision.clone()),
        "{}",
        stale.text
    );
    let now = technician.get(&format!("/api/tickets/{code}")).await;
    assert_eq!(now.at("/ticket/revision"), revision, "nothing changed");
}

#[tokio::test]
async fn an_opening_under_one_key_opens_one_ticket() {
    let world = World::start().await;
    world.furnish().await;
    let clerk = world.as_user("reception").await;
    let body = json!({"process": "onsite_repair", "device": "SN1",
        "data": {"fault": "leaks", "warranty_kind": "internal"}});
    let first = clerk.post_once("/api/tickets", "open-1", &body).await;
    let second = clerk.post_once("/api/tickets", "open-1", &body).await;
    assert_eq!((first.status, &first.text), (second.status, &second.text));
    let all = clerk.get("/api/tickets").await.at("/items");
    assert_eq!(all.as_array().map(Vec::len), Some(1), "{all}");
}

#[tokio::test]
async fn history_explanations_charges_and_messages_can_be_read() {
    let world = World::start().await;
    world.furnish().await;
    let opened = world.open().await;
    let code = opened.at("/code").as_str().unwrap().to_owned();
    let admin = world.as_user("admin").await;
    for part in ["history", "explanations", "messages", "charges", "vouchers"] {
        let reply = admin.get(&format!("/api/tickets/{code}/{part}")).await;
        assert_eq!(reply.status, 200, "{part}: {}", reply.text);
    }
    let told = admin.get(&format!("/api/tickets/{code}/explanations")).await;
    let conditions = told.at("/0/conditions");
    assert!(conditions.as_array().is_some_and(|all| !all.is_empty()), "{}", told.text);
    // SP-14
    let looked = admin.post("/api/devices/lookup", &json!({"serial": "SN1"})).await;
    assert_eq!(looked.status, 200, "{}", looked.text);
    assert_ne!(looked.at("/verdict/conditions"), Value::Null, "{}", looked.text);
    assert_eq!(looked.at("/tickets/0/code"), code.as_str());
    assert_eq!(admin.post("/api/devices/lookup", &json!({"serial": "none"})).await.status, 404);
}
