//! What a role never sees stands in no list either, and cannot be found by asking for it.

use aftercare_tests::world::{Person, World, customer, definitions};
use serde_json::{Value, json};

const PHONE: &str = "09121234567";

/// The company, whose technicians never see how to reach a customer.
async fn discreet() -> Vec<World> {
    let mut files = definitions();
    for (path, text) in &mut files {
        if path == "workflows/roles.yaml" {
            let with = "    in_charge: true\n    hidden: [customer.phone, customer.name, customer.address, ";
            *text = text.replace("    in_charge: true\n    hidden: [", with);
        }
    }
    World::each(&files).await
}

// P30
#[tokio::test]
async fn what_is_hidden_is_in_no_list_and_is_no_filter() {
    for world in discreet().await {
        world.furnish().await;
        let opened = world.open().await;
        assert_eq!(opened.status, 201, "{}", opened.text);
        let code = opened.at("/code").as_str().unwrap_or_default().to_owned();
        let technician = world.as_user("technician").await.blinkered();
        let serial = json!({"serial": "SN1"});
        let answers = [
            technician.get("/api/tickets").await,
            technician.get(&format!("/api/tickets/{code}")).await,
            technician.get("/api/customers").await,
            technician.get("/api/customers/C1").await,
            technician.get("/api/exports/customers").await,
            technician.post("/api/devices/lookup", &serial).await,
        ];
        for reply in answers {
            assert_eq!(reply.status, 200, "{}", reply.text);
            assert!(!reply.text.contains(PHONE) && !reply.text.contains("کاظمی"), "{}", reply.text);
        }
        for path in [
            "/api/tickets?phone=0912",
            "/api/tickets?name=x",
            "/api/customers?search=0912",
            "/api/exports/customers?search=0912",
        ] {
            assert_eq!(technician.get(path).await.status, 403, "{path}");
        }
        let clerk = world.as_user("reception").await;
        assert_eq!(clerk.get("/api/tickets?phone=0912").await.at("/items/0/customer/phone"), PHONE);
        assert_eq!(clerk.get("/api/customers?search=0912").await.at("/items/0/phones/0"), PHONE);
    }
}

// P29: a message is for a person, not for a name.
#[tokio::test]
async fn a_message_belongs_to_whom_it_went_to_and_not_to_a_namesake() {
    let world = World::start().await;
    world.furnish().await;
    let opened = world.open().await;
    let code = opened.at("/code").as_str().unwrap_or_default().to_owned();
    let path = format!("/api/tickets/{code}/messages");
    let all = world.as_user("reception").await.get(&path).await;
    let sent = all.json().as_array().cloned().unwrap_or_default();
    let to_customer = sent.iter().filter(|one| one["recipient_name"] == "علی کاظمی").count();
    assert!(to_customer > 0, "{}", all.text);
    let owner = Person { customer: Some("C1".into()), ..Person::with("owner", &["customer"]) };
    world.employ(vec![owner]).await;
    let own = world.as_user("owner").await.get(&path).await;
    assert_eq!(own.json().as_array().map(Vec::len), Some(to_customer), "{}", own.text);
    assert!(own.json().as_array().into_iter().flatten().all(|one| one["text"].is_string()), "{}", own.text);
}

// What people outside are told of a step is what they see of the ticket.
#[tokio::test]
async fn the_answer_to_a_step_tells_people_outside_no_more_than_the_ticket_does() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let added = admin.post("/api/customers", &customer("C3", "Z", &["09120000003"])).await;
    assert_eq!(added.status, 201, "{}", added.text);
    let owner = Person { customer: Some("C1".into()), ..Person::with("owner", &["customer"]) };
    world.employ(vec![owner]).await;
    let client = world.as_user("owner").await;
    let body = json!({"process": "onsite_repair", "branch": "B1", "device": "SN1",
        "data": {"fault": "it does not cool", "warranty_kind": "internal"}});
    let opened = client.post_once("/api/tickets", "k1", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    for inside in ["states", "due_at", "opened"] {
        assert_eq!(opened.at(&format!("/{inside}")), Value::Null, "{}", opened.text);
    }
    let again = client.post_once("/api/tickets", "k1", &body).await;
    assert_eq!(again.text, opened.text, "and the same again under the same key");
    let staff = world.open().await;
    assert!(staff.at("/states").is_array(), "{}", staff.text);
}
