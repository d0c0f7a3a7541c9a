//! What people do around a ticket: notes and talk with an audience, calls, tasks, and all of it in one row of time.

use aftercare_tests::client::Client;
use aftercare_tests::world::{Person, World};
use serde_json::{Value, json};

async fn opened(world: &World) -> String {
    world.furnish().await;
    world.open().await.at("/code").as_str().unwrap().to_owned()
}

async fn texts(client: &Client, code: &str, kinds: &str) -> Vec<Value> {
    let reply = client.get(&format!("/api/tickets/{code}/activities?kind={kinds}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json().as_array().into_iter().flatten().map(|moment| moment["text"].clone()).collect()
}

/// SOS-05, SOS-23
#[tokio::test]
async fn a_note_for_some_roles_is_shown_to_those_roles_and_its_author() {
    let world = World::start().await;
    let code = opened(&world).await;
    let (clerk, manager, technician) =
        (world.as_user("reception").await, world.as_user("manager").await, world.as_user("technician").await);
    let path = format!("/api/tickets/{code}/activities");
    let for_manager = json!({"kind": "note", "text": "second complaint this year", "seen_by": ["manager"]});
    assert_eq!(clerk.post(&path, &for_manager).await.status, 201);
    assert_eq!(clerk.post(&path, &json!({"kind": "call_in", "text": "asks when"})).await.status, 201);
    let both = vec![json!("second complaint this year"), json!("asks when")];
    assert_eq!(texts(&clerk, &code, "note,call_in").await, both);
    assert_eq!(texts(&manager, &code, "note,call_in").await, both);
    assert_eq!(texts(&technician, &code, "note,call_in").await, vec![json!("asks when")]);
}

/// BS-27
#[tokio::test]
async fn talk_among_colleagues_calls_them_by_name_and_is_hidden_from_customers() {
    let world = World::start().await;
    let code = opened(&world).await;
    let clerk = world.as_user("reception").await;
    let path = format!("/api/tickets/{code}/activities");
    let said = json!({"kind": "talk", "text": "is the board in stock?", "mentions": ["technician"]});
    assert_eq!(clerk.post(&path, &said).await.status, 201);
    let seen = world.as_user("technician").await.get(&format!("{path}?kind=talk")).await;
    assert_eq!(seen.at("/0/mentions"), json!(["technician"]), "{}", seen.text);
    world.employ(vec![Person { customer: Some("C1".into()), ..Person::with("owner", &["customer"]) }]).await;
    let customer = world.as_user("owner").await.get(&path).await;
    assert_eq!(customer.status, 403, "{}", customer.text);
    assert!(!customer.text.contains("the board"), "{}", customer.text);
}

#[tokio::test]
async fn what_cannot_be_noted_is_refused_with_the_field_to_blame() {
    let world = World::start().await;
    let code = opened(&world).await;
    let clerk = world.as_user("reception").await;
    let path = format!("/api/tickets/{code}/activities");
    for (body, field) in [
        (json!({"kind": "song", "text": "la"}), "kind"),
        (json!({"kind": "note", "text": "  "}), "text"),
        (json!({"kind": "note", "text": "x", "seen_by": ["nobody"]}), "seen_by"),
        (json!({"kind": "talk", "text": "x", "mentions": ["nobody"]}), "mentions"),
    ] {
        let refused = clerk.post(&path, &body).await;
        assert_eq!((refused.status, refused.at("/errors/0/field")), (422, json!(field)), "{}", refused.text);
    }
    assert_eq!(texts(&clerk, &code, "note,talk").await, Vec::<Value>::new());
}

/// SOS-10, SOS-22, SOS-25
#[tokio::test]
async fn a_call_is_planned_handed_over_presses_when_its_time_comes_and_ends_as_a_note() {
    let world = World::start().await;
    let code = opened(&world).await;
    let (clerk, manager) = (world.as_user("reception").await, world.as_user("manager").await);
    let later = world.app.clock.now() + chrono::TimeDelta::hours(2);
    let call = json!({"kind": "call", "title": "call back about the price", "remind_at": later});
    let given = clerk.post(&format!("/api/tickets/{code}/tasks"), &call).await;
    assert_eq!((given.status, given.at("/to")), (201, json!("reception")), "{}", given.text);
    let task = format!("/api/tasks/{}", given.at("/id"));

    let pressing = "/api/tasks?pressing=true";
    assert_eq!(manager.get("/api/tasks").await.at("/items"), json!([]), "it is on another list");
    assert_eq!(clerk.post(&format!("{task}/hand_over"), &json!({"user": "manager"})).await.status, 200);
    assert_eq!(manager.get("/api/tasks").await.at("/items/0/title"), "call back about the price");
    assert_eq!(manager.get(pressing).await.at("/items"), json!([]), "its time has not come");
    world.app.clock.put_ahead(chrono::TimeDelta::hours(3));
    assert_eq!(manager.get(pressing).await.at("/items/0/kind"), "call");

    let done = json!({"result": "agrees to 2,000,000"});
    assert_eq!(manager.post(&format!("{task}/done"), &done).await.status, 200);
    assert_eq!(manager.post(&format!("{task}/done"), &done).await.status, 409, "it is done already");
    assert_eq!(manager.get("/api/tasks").await.at("/items"), json!([]));
    assert_eq!(texts(&clerk, &code, "call_out").await, vec![json!("agrees to 2,000,000")]);
}

/// SOS-38
#[tokio::test]
async fn all_kinds_of_activity_stand_in_one_row_of_time() {
    let world = World::start().await;
    let code = opened(&world).await;
    let clerk = world.as_user("reception").await;
    world.app.clock.put_ahead(chrono::TimeDelta::minutes(1));
    let note = json!({"kind": "note", "text": "prefers mornings"});
    assert_eq!(clerk.post(&format!("/api/tickets/{code}/activities"), &note).await.status, 201);
    world.app.clock.put_ahead(chrono::TimeDelta::minutes(2));
    let task = json!({"title": "look for the invoice", "role": "reception"});
    assert_eq!(clerk.post(&format!("/api/tickets/{code}/tasks"), &task).await.status, 201);
    let all = clerk.get(&format!("/api/tickets/{code}/activities")).await.json();
    let kinds: Vec<&str> =
        all.as_array().into_iter().flatten().filter_map(|one| one["kind"].as_str()).collect();
    assert_eq!(kinds.first(), Some(&"step"), "{all}");
    assert_eq!(kinds.iter().rev().take(2).collect::<Vec<_>>(), [&"task", &"note"], "{all}");
    assert!(kinds.contains(&"message"), "the customer was told of the opening: {all}");
}

#[tokio::test]
async fn tasks_of_another_branch_are_nobodys_business() {
    let world = World::start().await;
    let code = opened(&world).await;
    let clerk = world.as_user("reception").await;
    let given =
        clerk.post(&format!("/api/tickets/{code}/tasks"), &json!({"title": "x", "role": "reception"})).await;
    let other = json!({"name": "far", "full_name": "Far", "language": "en", "branch": "B2",
        "roles": [{"role": "reception"}]});
    assert_eq!(world.as_user("admin").await.post("/api/users", &other).await.status, 201);
    let far = world.as_user("far").await;
    assert_eq!(clerk.get("/api/tasks").await.at("/items/0/title"), "x");
    assert_eq!(far.get("/api/tasks").await.at("/items"), json!([]));
    assert_eq!(far.get("/api/tasks?mine=false").await.at("/items"), json!([]));
    assert_eq!(far.post(&format!("/api/tasks/{}/done", given.at("/id")), &json!({})).await.status, 404);
}
