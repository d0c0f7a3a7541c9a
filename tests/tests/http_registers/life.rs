//! What one unit, one customer and one technician have been through, each on one page.

use aftercare_tests::client::Client;
use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::{World, definitions};
use serde_json::{Value, json};

const DEMO: &str = aftercare::demo::PASSWORD;

/// A unit of the demo company that got something for nothing: its life, and the ticket of the first line.
async fn lucky(user: &Client) -> (Value, String) {
    let done = user.get("/api/tickets?category=done&limit=200").await.json();
    for ticket in done["items"].as_array().unwrap() {
        let Some(serial) = ticket["device"].as_str() else { continue };
        let life = user.get(&format!("/api/devices/{serial}/life")).await;
        assert_eq!(life.status, 200, "{}", life.text);
        if let Some(code) = life.at("/charges/lines/0/ticket").as_str() {
            return (life.json(), code.to_owned());
        }
    }
    panic!("nobody got anything for nothing in the demo company");
}

async fn signed_in(world: &World, name: &str) -> Browser {
    let mut browser = Browser::of(world);
    let page = browser.post("/sign-in", &[("user", name), ("password", DEMO), ("back", "/")]).await;
    assert_eq!(page.status, 303, "{}", page.html);
    browser
}

/// SP-62, BW-12, SP-24: one list from the card to the last repair, and what cover has borne with its worth.
#[tokio::test]
async fn a_unit_is_traced_through_all_processes_with_what_it_got_for_nothing() {
    let world = World::demo().await;
    let manager = world.as_user("manager").await;
    let (life, code) = lucky(&manager).await;
    let serial = life["serial"].as_str().unwrap();
    let events = life["events"].as_array().unwrap();
    let days: Vec<&str> = events.iter().map(|event| event["on"].as_str().unwrap()).collect();
    assert!(days.is_sorted(), "{days:?}");
    let of_ticket = |what: &str| events.iter().any(|event| event["what"] == what && event["ticket"] == code);
    assert!(of_ticket("opened") && of_ticket("closed"), "{life}");
    assert!(events.iter().any(|event| event["what"] == "sold"), "{life}");
    let tickets = life["tickets"].as_array().unwrap();
    assert!(tickets.iter().any(|ticket| ticket["code"] == code));
    let worth = |line: &Value| line["covered"].as_str().unwrap().parse::<i64>().unwrap();
    let lines = life["charges"]["lines"].as_array().unwrap();
    assert_eq!(lines.iter().map(worth).sum::<i64>(), worth(&life["charges"]));
    // The same as the ticket's own lines say.
    let own: i64 = lines.iter().filter(|line| line["ticket"] == code).map(worth).sum();
    let charges = manager.get(&format!("/api/tickets/{code}/charges")).await.json();
    let told = charges["charges"]["lines"].as_array().unwrap().iter();
    let told: i64 =
        told.map(|line| line["covered"].to_string().trim_matches('"').parse::<i64>().unwrap()).sum();
    assert!(own > 0 && own == told, "{own} {told} {charges}");

    let mut browser = signed_in(&world, "manager").await;
    let page = browser.get(&format!("/devices/{serial}")).await;
    assert!(page.status == 200 && page.html.contains(&code), "{}", page.html);
    assert_eq!(manager.get("/api/devices/NOTHING/life").await.status, 404);
}

/// SP-31: both a customer's page and a technician's tell of their tickets. SP-63: the customer's also of the account.
#[tokio::test]
async fn a_customer_and_a_technician_have_a_page_with_their_tickets() {
    let world = World::demo().await;
    let manager = world.as_user("manager").await;
    let all = manager.get("/api/tickets?limit=200").await.json();
    let of_somebody = |one: &&Value| one["technician"].is_string() && one["customer"].is_object();
    let ticket = all["items"].as_array().unwrap().iter().find(of_somebody).expect("a ticket of a technician");
    let (code, customer) = (ticket["code"].as_str().unwrap(), ticket["customer"]["code"].as_str().unwrap());
    let mut browser = signed_in(&world, "manager").await;
    for path in
        [format!("/customers/{customer}"), format!("/technicians/{}", ticket["technician"].as_str().unwrap())]
    {
        let page = browser.get(&path).await;
        assert!(page.status == 200 && page.html.contains(code), "{path}: {}", page.html);
    }
    let mut accountant = signed_in(&world, "accountant").await;
    let page = accountant.get(&format!("/customers/{customer}")).await;
    assert!(page.html.contains("Account</h2>"), "{}", page.html);
    assert_eq!(browser.get("/customers/NOBODY").await.status, 404);
}

/// SP-35: agents who sell, who repair and who do both, with their region and brands.
#[tokio::test]
async fn agents_are_kept_by_kind_region_and_brands() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    for (code, kind, region) in
        [("A1", "service", "North"), ("A2", "sales", "South"), ("A3", "both", "North")]
    {
        let body = json!({"code": code, "name": {"en": code}, "kind": kind, "status": "active", "language": "en",
            "region": region, "brands": "Ice, Snow"});
        assert_eq!(admin.post("/api/agencies", &body).await.status, 201);
    }
    let found = async |text: &str| -> Vec<String> {
        let list = admin.get(&format!("/api/agencies?search={text}")).await.json();
        let items = list["items"].as_array().unwrap().iter();
        items.map(|one| one["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found("north").await, ["A1", "A3"]);
    assert_eq!(found("snow").await, ["A1", "A2", "A3"]);
    let own = admin.get("/api/agencies/A2").await.json();
    assert_eq!((&own["kind"], &own["region"]), (&json!("sales"), &json!("South")));
    let wrong =
        json!({"code": "A4", "name": {"en": "A"}, "kind": "friend", "status": "active", "language": "en"});
    let refused = admin.post("/api/agencies", &wrong).await;
    assert_eq!((refused.status, refused.at("/errors/0/field")), (422, json!("kind")), "{}", refused.text);
    assert_eq!(admin.delete("/api/agencies/A3?version=1").await.status, 204);
    assert_eq!(found("north").await, ["A1"]);
}

/// SP-37: goods are coded in a tree of groups down to the model, and the tree has no ring.
#[tokio::test]
async fn products_are_coded_in_a_tree() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let group = |code: &str, parent: Value| json!({"code": code, "parent": parent, "name": {"en": code}});
    for (code, parent) in [("1", Value::Null), ("1.2", json!("1")), ("1.2.5", json!("1.2"))] {
        assert_eq!(admin.post("/api/product-categories", &group(code, parent)).await.status, 201);
    }
    let orphan = admin.post("/api/product-categories", &group("2.1", json!("2"))).await;
    assert_eq!((orphan.status, orphan.at("/errors/0/field")), (422, json!("parent")), "{}", orphan.text);
    let model = json!({"code": "1.2.5-A", "category": "1.2.5", "name": {"en": "A"}, "price": "1"});
    assert_eq!(admin.post("/api/products", &model).await.status, 201);
    let ring = json!({"code": "1", "parent": "1.2.5", "name": {"en": "1"}, "version": 1});
    let refused = admin.put("/api/product-categories/1", &ring).await;
    assert_eq!(
        (refused.status, refused.at("/errors/0/code")),
        (422, json!("field_ring")),
        "{}",
        refused.text
    );
    let file = "code,parent,name.en\n8,9,E\n9,8,N\n";
    let refused = admin.send_file("/api/imports/product-categories", "text/csv", file).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
}

/// Whoever changes users last stays able to, and nobody holds a role in a branch that is not there.
#[tokio::test]
async fn the_last_who_may_change_users_cannot_leave_and_roles_are_held_where_there_is_a_branch() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let admin = world.as_user("admin").await;
        let path = "/api/users/admin";
        let mut gone = admin.get(path).await.json();
        gone["active"] = json!(false);
        let refused = admin.put(path, &gone).await;
        assert_eq!(
            (refused.status, refused.at("/errors/0/field")),
            (422, json!("active")),
            "{}",
            refused.text
        );
        let mut powerless = admin.get(path).await.json();
        powerless["roles"] = json!([{"role": "manager"}]);
        let refused = admin.put(path, &powerless).await;
        assert_eq!(
            (refused.status, refused.at("/errors/0/field")),
            (422, json!("roles")),
            "{}",
            refused.text
        );

        let mut far = admin.get("/api/users/reception").await.json();
        far["roles"] = json!([{"role": "admin", "branch": "NOPE"}]);
        let refused = admin.put("/api/users/reception", &far).await;
        let field = refused.at("/errors/0/field");
        assert_eq!((refused.status, field), (422, json!("roles[0].branch")), "{}", refused.text);
        far["roles"] = json!([{"role": "admin"}]);
        let second = admin.put("/api/users/reception", &far).await;
        assert_eq!(second.status, 200, "{}", second.text);
        // Now somebody else can undo it.
        let left = admin.put(path, &gone).await;
        assert_eq!(left.status, 200, "{}", left.text);
    }
}
