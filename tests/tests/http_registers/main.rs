//! The registers over the API: versions, keys, phones, rights.

mod figures;
mod files;
mod life;
mod meanwhile;
mod searching;
mod used;

use aftercare::entity::card_change;
use aftercare::store::StoreError;
use aftercare::verify::verify;
use aftercare_tests::world::{USERS, World, customer, definitions};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::json;

// SP-15, SP-36
#[tokio::test]
async fn a_customer_is_there_once_however_the_phone_is_written() {
    let world = World::start().await;
    let clerk = world.as_user("reception").await;
    let path = "/api/customers";
    assert_eq!(clerk.post(path, &customer("C1", "علي كاظمي", &["۰۹۱۲ ۱۲۳ ۴۵۶۷"])).await.status, 201);
    for written in ["+98 912 123 4567", "00989121234567", "09121234567"] {
        let again = clerk.post(path, &customer("C2", "Ali", &[written])).await;
        assert_eq!((again.status, again.at("/existing")), (409, json!("C1")), "{written}: {}", again.text);
    }
    let wrong = clerk.post(path, &customer("C2", "Ali", &["phone"])).await;
    assert_eq!((wrong.status, wrong.at("/errors/0/field")), (422, json!("phones[0]")), "{}", wrong.text);
    let found = clerk.get("/api/customers?search=C1").await;
    assert_eq!(found.at("/items/0/phones/0"), "۰۹۱۲ ۱۲۳ ۴۵۶۷", "{}", found.text);
}

// SP-36
#[tokio::test]
async fn two_customers_become_one_with_both_phones() {
    let world = World::start().await;
    let clerk = world.as_user("reception").await;
    clerk.post("/api/customers", &customer("C1", "Jan Kowalski", &["+48601234567"])).await;
    clerk.post("/api/customers", &customer("C2", "Jan Kowalski", &["+48602234567"])).await;
    let merged = clerk.post("/api/customers/C2/merge", &json!({"into": "C1", "version": 1})).await;
    assert_eq!(merged.status, 200, "{}", merged.text);
    assert_eq!(merged.at("/phones"), json!(["+48601234567", "+48602234567"]));
    assert_eq!(clerk.get("/api/customers/C2").await.at("/merged_into"), "C1");
    let again = clerk.post("/api/customers/C2/merge", &json!({"into": "C1", "version": 1})).await;
    assert_eq!(again.status, 409, "{}", again.text);
}

#[tokio::test]
async fn a_change_names_the_version_it_saw() {
    let world = World::start().await;
    let admin = world.as_user("admin").await;
    let part = json!({"code": "P1", "name": {"en": "Pump"}, "price": "120", "unit": "piece"});
    let added = admin.post("/api/parts", &part).await;
    assert_eq!((added.status, added.at("/version")), (201, json!(1)), "{}", added.text);
    let mut change = added.json();
    change["price"] = json!("130");
    assert_eq!(admin.put("/api/parts/P1", &change).await.status, 200);
    let late = admin.put("/api/parts/P1", &change).await;
    assert_eq!((late.status, late.at("/present/version")), (409, json!(2)), "{}", late.text);
    let amount = json!({"code": "P2", "name": {"en": "Pump"}, "price": "a lot", "unit": "piece"});
    let wrong = admin.post("/api/parts", &amount).await;
    assert_eq!((wrong.status, wrong.at("/errors/0/field")), (422, json!("price")), "{}", wrong.text);
    assert_eq!(admin.delete("/api/parts/P1?version=2").await.status, 204);
    assert_eq!(admin.get("/api/parts/P1").await.status, 404);
}

#[tokio::test]
async fn the_same_request_under_one_key_is_done_once() {
    let world = World::start().await;
    let admin = world.as_user("admin").await;
    let body = json!({"code": "COOL", "name": {"en": "Cooling"}});
    let first = admin.post_once("/api/product-categories", "k1", &body).await;
    let second = admin.post_once("/api/product-categories", "k1", &body).await;
    assert_eq!((first.status, &first.text), (second.status, &second.text));
    let other = json!({"code": "HEAT", "name": {"en": "Heating"}});
    assert_eq!(admin.post_once("/api/product-categories", "k1", &other).await.status, 422);
    assert_eq!(admin.post_once("/api/product-categories", "k2", &body).await.status, 409);
}

#[tokio::test]
async fn only_the_roles_that_may_can() {
    let world = World::start().await;
    world.furnish().await;
    let may = |role: &str, right: &str| {
        let version = world.app.catalog.current();
        let role = version.library().roles.get(role).cloned();
        role.is_some_and(|role| {
            role.may.iter().any(|one| aftercare::auth::policy::written(one.value) == right)
        })
    };
    let user = json!({"name": "new", "full_name": "N", "language": "en", "roles": []});
    for (role, _) in USERS {
        let client = world.as_user(role).await;
        let cases = [
            ("tickets.read", client.get("/api/tickets").await),
            ("vouchers.read", client.get("/api/vouchers").await),
            ("devices.read", client.get("/api/devices").await),
            ("users.read", client.get("/api/users").await),
            ("registries.write", client.post("/api/stores", &json!({})).await),
            ("users.write", client.put("/api/users/new", &user).await),
            ("bundle.deploy", client.post("/api/bundles", &json!({"files": {}})).await),
            ("incidents.redrive", client.get("/api/incidents").await),
        ];
        for (right, reply) in cases {
            // The body is read first, so that a wrong one is told before the right is asked.
            let refused = reply.status == 403;
            let asked = reply.status != 400;
            assert!(
                !asked || refused != may(role, right),
                "{role} and {right}: {} {}",
                reply.status,
                reply.text
            );
        }
    }
}

#[tokio::test]
async fn an_edited_card_keeps_what_it_was_and_one_changed_behind_its_back_is_found() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let clerk = world.as_user("admin").await;
        let mut card = json!({
            "number": "K1", "device": "SN1", "status": "active", "kind": "internal", "issued_on": "2026-01-10",
            "guarantee_from": "2026-01-10", "guarantee_to": "2027-01-09",
        });
        assert_eq!(clerk.post("/api/cards", &card).await.status, 201);
        card["version"] = json!(1);
        card["guarantee_to"] = json!("2028-01-09");
        let edited = clerk.put("/api/cards/K1", &card).await;
        assert_eq!(edited.status, 200, "{}", edited.text);
        let changes = card_change::Entity::find().all(world.app.store.reader()).await.unwrap();
        let [change] = changes.as_slice() else { panic!("one change, not {changes:?}") };
        assert_eq!((change.change.as_str(), change.actor.as_str()), ("edited", "admin"));
        assert!(change.before.as_deref().unwrap_or_default().contains("2027-01-09"), "{change:?}");
        assert!(change.after.contains("2028-01-09"), "{change:?}");
        assert!(verify(&world.app).await.unwrap().is_sound());

        let behind = world.app.store.write::<_, StoreError, _>(|tx| {
            Box::pin(async move {
                tx.execute_unprepared("UPDATE card SET guarantee_to = '2030-01-09'").await?;
                Ok(())
            })
        });
        behind.await.unwrap();
        let report = verify(&world.app).await.unwrap();
        let found: Vec<_> = report.findings.iter().map(|one| (one.kind, one.subject.as_str())).collect();
        assert_eq!(found, [("card", "K1")], "{report:?}");
    }
}
