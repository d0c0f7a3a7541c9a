//! A key that was used before gets the answer that it got before, and has no second effect.

use aftercare::entity::{bundle, outbox, timer};
use aftercare::store::StoreError;
use aftercare::worker::forget::answers;
use aftercare_tests::client::Reply;
use aftercare_tests::company;
use aftercare_tests::world::World;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use serde_json::{Map, Value, json};

#[tokio::test]
async fn a_deployment_under_one_key_puts_its_bundle_into_service_once() {
    let world = World::start().await;
    let designer = world.as_user("designer").await;
    let deploy = async |key: &str, body: &Value| designer.post_once("/api/bundles", key, body).await;
    let (first, second) = (files(""), files("# Another comment, another bundle.\n"));
    let done = deploy("first", &first).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let followed = deploy("second", &second).await;
    assert_eq!(followed.status, 200, "{}", followed.text);
    let known = bundle::Entity::find().count(world.app.store.reader()).await.unwrap();

    same(&deploy("first", &first).await, &done);
    let current = designer.get("/api/bundles/current").await;
    assert_eq!(current.at("/hash"), followed.at("/hash"), "the answer came again, the bundle did not");
    let other = deploy("first", &second).await;
    assert_eq!(other.status, 422, "the same key for something else: {}", other.text);
    assert_eq!(bundle::Entity::find().count(world.app.store.reader()).await.unwrap(), known);
    // Under a key of its own the earlier bundle comes back.
    assert_eq!(deploy("third", &first).await.at("/hash"), done.at("/hash"));
    assert_eq!(designer.get("/api/bundles/current").await.at("/hash"), done.at("/hash"));
}

#[tokio::test]
async fn messages_are_delivered_again_once_under_one_key() {
    let world = World::start().await;
    world.furnish().await;
    assert_eq!(world.open().await.status, 201);
    let manager = world.as_user("manager").await;
    let row = outbox::Entity::find().one(world.app.store.reader()).await.unwrap().expect("a message");
    let body = json!({"ids": [row.id]});
    for (path, key) in
        [("/api/outbox/redrive".to_owned(), "again"), (incident(&world, row.id).await, "this-one")]
    {
        let again = async || manager.post_once(&path, key, &body).await;
        set(&world, "UPDATE outbox SET status = 'dead'").await;
        let done = again().await;
        assert_eq!((done.status, done.at("/count")), (200, json!(1)), "{path}: {}", done.text);
        assert_eq!(status(&world, row.id).await, "pending");
        set(&world, "UPDATE outbox SET status = 'dead'").await;
        same(&again().await, &done);
        assert_eq!(status(&world, row.id).await, "dead", "{path}: the same key had a second effect");
    }
    let open = manager.get("/api/incidents?status=open").await;
    assert_eq!(open.at("/items"), json!([]), "what was delivered again is no incident: {}", open.text);
    let path = "/api/outbox/redrive";
    assert_eq!(manager.post_once(path, "again", &json!({"ids": [row.id, 9]})).await.status, 422);
}

#[tokio::test]
async fn a_timer_that_could_not_fire_is_armed_again_once_under_one_key() {
    let world = World::start().await;
    world.furnish().await;
    assert_eq!(world.open().await.status, 201);
    let row = timer::Entity::find().one(world.app.store.reader()).await.unwrap().expect("a timer");
    let subject = format!("{}/{}", row.ticket, row.name);
    let (store, now) = (&world.app.store, world.app.clock.now());
    store.open_incident("timer", Some(row.ticket.clone()), subject, "refused".into(), now).await.unwrap();
    let manager = world.as_user("manager").await;
    let path = format!("/api/incidents/{}/redrive", manager.get("/api/incidents").await.at("/items/0/id"));
    let failed = async || {
        let key = (row.ticket.clone(), row.name.clone());
        let row = timer::Entity::find_by_id(key).one(store.reader()).await.unwrap();
        row.expect("the timer").state == "failed"
    };
    set(&world, "UPDATE timer SET state = 'failed'").await;
    let done = manager.post_once(&path, "again", &json!({})).await;
    assert_eq!((done.status, done.at("/count")), (200, json!(1)), "{}", done.text);
    assert!(!failed().await);
    assert_eq!(manager.get("/api/incidents?status=open").await.at("/items"), json!([]));
    set(&world, "UPDATE timer SET state = 'failed'").await;
    same(&manager.post_once(&path, "again", &json!({})).await, &done);
    assert!(failed().await, "the same key had a second effect");
}

#[tokio::test]
async fn what_never_became_a_message_is_not_sent_empty() {
    let world = World::start().await;
    world.furnish().await;
    assert_eq!(world.open().await.status, 201);
    let manager = world.as_user("manager").await;
    let row = outbox::Entity::find().one(world.app.store.reader()).await.unwrap().expect("a message");
    set(&world, "UPDATE outbox SET status = 'dead', body = '', last_error = 'it could not be made'").await;
    let done = manager.post("/api/outbox/redrive", &json!({"ids": [row.id]})).await;
    assert_eq!((done.status, done.at("/count")), (200, json!(0)), "{}", done.text);
    assert_eq!(status(&world, row.id).await, "dead");
}

#[tokio::test]
async fn answers_are_forgotten_when_nobody_will_ask_for_them_again() {
    for world in World::each(&aftercare_tests::world::definitions()).await {
        let admin = world.as_user("admin").await;
        let body = json!({"code": "COOL", "name": {"en": "Cooling"}});
        assert_eq!(admin.post_once("/api/product-categories", "k1", &body).await.status, 201);
        world.app.tick(chrono::TimeDelta::days(1)).await.unwrap();
        assert_eq!(answers(&world.app).await.unwrap(), 0, "a day is not long");
        world.app.tick(chrono::TimeDelta::days(7)).await.unwrap();
        assert_eq!(answers(&world.app).await.unwrap(), 1);
        assert_eq!(answers(&world.app).await.unwrap(), 0);
    }
}

#[track_caller]
fn same(again: &Reply, first: &Reply) {
    assert_eq!(
        (again.status, &again.text),
        (first.status, &first.text),
        "a repeated request has another answer"
    );
}

/// A small bundle, made another one by a comment.
fn files(comment: &str) -> Value {
    let files = company::files().into_iter().map(|(path, text)| (path, json!(format!("{text}{comment}"))));
    json!({"files": files.collect::<Map<_, _>>()})
}

/// An open incident of a message; the path to have it done again.
async fn incident(world: &World, message: i64) -> String {
    let store = &world.app.store;
    let subject = message.to_string();
    store.open_incident("delivery", None, subject, "no answer".into(), world.app.clock.now()).await.unwrap();
    let all = world.as_user("manager").await.get("/api/incidents").await;
    format!("/api/incidents/{}/redrive", all.at("/items/0/id"))
}

async fn status(world: &World, message: i64) -> String {
    let row = outbox::Entity::find_by_id(message).one(world.app.store.reader()).await.unwrap();
    row.expect("the message").status
}

async fn set(world: &World, sql: &'static str) {
    let done = world.app.store.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            tx.execute_unprepared(sql).await?;
            Ok(())
        })
    });
    done.await.unwrap();
}
