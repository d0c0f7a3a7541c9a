//! Dispatch: which request comes first, who suits one best and why, and giving it to the best; the company's rules
//! say so, and the page shows what the API tells.

use aftercare::entity::ticket;
use aftercare::store::StoreError;
use aftercare_tests::client::Client;
use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::{Person, World};
use chrono::{SecondsFormat, TimeDelta};
use rust_decimal::Decimal;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

/// A house with an expert of its own, a cheap one and a quick one of a provider; one device with a card, one without.
struct House {
    world: World,
    dispatcher: Client,
    covered: String,
    uncovered: String,
}

async fn house() -> House {
    let world = World::start().await;
    world.furnish().await;
    let person = |name: &str| Person { branch: Some("B1".into()), ..Person::with(name, &["technician"]) };
    world.employ(vec![person("expert"), person("cheap"), person("quick")]).await;
    let admin = world.as_user("admin").await;
    for (name, kind, cost, towns) in [
        ("technician", "internal", "2500000", ""),
        ("expert", "internal", "4000000", "تهران، کرج"),
        ("cheap", "provider", "500000", "كرج"),
        ("quick", "provider", "5000000", "تهران"),
    ] {
        let mut user = admin.get(&format!("/api/users/{name}")).await.json();
        user["kind"] = json!(kind);
        user["hourly_cost"] = json!(cost);
        user["territories"] = json!(towns);
        let changed = admin.put(&format!("/api/users/{name}"), &user).await;
        assert_eq!(changed.status, 200, "{name}: {}", changed.text);
    }
    let put = async |path: &str, body: Value| {
        let reply = admin.post(path, &body).await;
        assert_eq!(reply.status, 201, "{path}: {}", reply.text);
    };
    put("/api/skills", json!({"code": "S1", "technician": "expert", "category": "COOL", "level": 5})).await;
    put(
        "/api/skills",
        json!({"code": "S2", "technician": "cheap", "category": "COOL", "product": "F200", "level": 1}),
    )
    .await;
    let name = |text: &str| json!({"en": text, "fa": text, "zh": text, "pl": text});
    let cover = json!({"months": 24, "parts": 100, "labour": 100, "travel": 100});
    put(
        "/api/policies",
        json!({"code": "P", "name": name("P"), "terms": {"start_basis": "sale", "kind": "internal", "guarantee": cover}}),
    )
    .await;
    let mut product = admin.get("/api/products/F200").await.json();
    product["policy"] = json!("P");
    assert_eq!(admin.put("/api/products/F200", &product).await.status, 200);
    let mut customer = admin.get("/api/customers/C1").await.json();
    customer["city"] = json!("تهران");
    assert_eq!(admin.put("/api/customers/C1", &customer).await.status, 200);
    let now = world.app.clock.now();
    let day = |days: i64| (now + TimeDelta::days(days)).date_naive().to_string();
    put(
        "/api/devices",
        json!({"serial": "SN2", "product": "F200", "status": "sold", "owner": "C1", "sold_on": day(-30)}),
    )
    .await;
    put(
        "/api/cards",
        json!({"number": "K2", "device": "SN2", "status": "active", "stamped": true, "holder": "C1", "issued_on": day(-30),
               "sold_on": day(-30), "kind": "internal", "guarantee_from": day(-30), "guarantee_to": day(700)}),
    )
    .await;
    // The one that is not covered is asked for first.
    let uncovered = opened(&world, "SN1").await;
    let body = json!({"revision": 1});
    let reception = world.as_user("reception").await;
    let agreed = reception.post(&format!("/api/tickets/{uncovered}/steps/pay_for_repair"), &body).await;
    assert_eq!(agreed.status, 200, "{}", agreed.text);
    let covered = opened(&world, "SN2").await;
    let dispatcher = world.as_user("dispatcher").await;
    House { world, dispatcher, covered, uncovered }
}

async fn opened(world: &World, serial: &str) -> String {
    let body = json!({"process": "onsite_repair", "device": serial,
        "data": {"fault": "it does not cool", "warranty_kind": "internal"}});
    let reply = world.as_user("reception").await.post("/api/tickets", &body).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.at("/code").as_str().expect("a code").to_owned()
}

impl House {
    async fn suggest(&self, code: &str, body: Value) -> Value {
        let told = self.dispatcher.post(&format!("/api/tickets/{code}/dispatch/suggest"), &body).await;
        assert_eq!(told.status, 200, "{}", told.text);
        told.json()
    }

    /// Names in the order of the suggestion.
    async fn order(&self, code: &str, body: Value) -> Vec<String> {
        let told = self.suggest(code, body).await;
        let all = told["suggestions"].as_array().expect("a list");
        all.iter().map(|one| one["technician"].as_str().expect("a name").to_owned()).collect()
    }

    fn at(&self, hours: i64) -> String {
        (self.world.app.clock.now() + TimeDelta::hours(hours)).to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    async fn assign(&self, code: &str, who: &str, at: &str) {
        let body = json!({"revision": self.suggest(code, json!({})).await["revision"],
            "data": {"technician": who, "visit_at": at}});
        let done = self.dispatcher.post(&format!("/api/tickets/{code}/steps/assign_technician"), &body).await;
        assert_eq!(done.status, 200, "{}", done.text);
    }
}

fn names(listed: &Value) -> Vec<&str> {
    listed.as_array().into_iter().flatten().filter_map(|one| one["name"].as_str()).collect()
}

// SY-11: however long the line is, what has just come is weighed too.
#[tokio::test]
async fn an_urgent_request_does_not_stand_at_the_back_of_a_long_line() {
    let house = house().await;
    for _ in 0..201 {
        opened(&house.world, "SN2").await;
    }
    let body = json!({"process": "onsite_repair", "device": "SN2",
        "data": {"fault": "it burns", "warranty_kind": "internal", "urgent": true}});
    let urgent = house.world.as_user("reception").await.post("/api/tickets", &body).await;
    assert_eq!(urgent.status, 201, "{}", urgent.text);
    let queue = house.dispatcher.get("/api/dispatch/queue").await;
    assert_eq!(queue.at("/waiting/0/ticket/code"), urgent.at("/code"), "{}", queue.text);
    assert_eq!(queue.at("/waiting/1/ticket/code"), json!(house.covered), "and then the oldest");
}

// SY-11: in-warranty requests have priority, by the policy of rules/dispatch.rhai.
#[tokio::test]
async fn the_queue_has_what_is_under_warranty_first_though_it_came_later() {
    let house = house().await;
    let queue = house.dispatcher.get("/api/dispatch/queue").await;
    assert_eq!(queue.status, 200, "{}", queue.text);
    let waiting = queue.json();
    let codes: Vec<&str> = waiting["waiting"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["ticket"]["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, [house.covered.as_str(), house.uncovered.as_str()]);
    let why = &waiting["waiting"][0]["conditions"][0];
    assert_eq!(
        (&why["name"], &why["holds"], &why["text"]),
        (&json!("under_warranty"), &json!(true), &json!("Under warranty"))
    );
    // Who sees none of these requests has an empty queue.
    let far = Person { branch: Some("B2".into()), ..Person::with("far", &["dispatcher"]) };
    house.world.employ(vec![far]).await;
    let none = house.world.as_user("far").await.get("/api/dispatch/queue").await;
    assert_eq!(none.at("/waiting"), json!([]));
}

/// Requests of which the answer tells no more.
const TOLD: usize = 40;

impl House {
    /// The same request again under other codes, opened so many minutes later or earlier; what is wrong with where
    /// it stands is for the caller to change.
    async fn repeat(&self, many: usize, minutes: i64, change: impl Fn(&mut ticket::Model)) {
        let store = &self.world.app.store;
        let row = store.ticket(&self.covered).await.unwrap().expect("the request");
        let rows = (0..many).map(|n| {
            let mut row = row.clone();
            row.code = format!("{}/{minutes}/{n}", row.code);
            row.opened_at += TimeDelta::minutes(minutes);
            change(&mut row);
            row.into_active_model()
        });
        let rows: Vec<ticket::ActiveModel> = rows.collect();
        store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    for piece in rows.chunks(20) {
                        ticket::Entity::insert_many(piece.to_vec()).exec(tx).await?;
                    }
                    Ok(())
                })
            })
            .await
            .expect("requests");
    }
}

// SY-11: however many wait, whoever has waited longest is not forgotten.
#[tokio::test]
async fn whoever_has_waited_longest_stays_in_the_queue_however_many_came_later() {
    let house = house().await;
    house.repeat(230, 1, |_| ()).await;
    // Nobody has these in hand either, and nobody is to be sent to them: they have waited longer and take no place.
    house.repeat(600, -60, |row| row.states = "somewhere.else".into()).await;
    let queue = house.dispatcher.get("/api/dispatch/queue").await;
    assert_eq!(queue.status, 200, "{}", queue.text);
    assert_eq!(queue.at("/waiting/0/ticket/code"), house.covered.as_str(), "the first of all");
    assert_eq!(queue.at("/waiting").as_array().map(Vec::len), Some(TOLD));
}

// SY-16, SY-21, SY-22: a ranked list with reasons; under warranty an own, trained technician is first.
#[tokio::test]
async fn under_warranty_an_own_expert_comes_first_and_the_reasons_say_why() {
    let house = house().await;
    let told = house.suggest(&house.covered, json!({})).await;
    let all = told["suggestions"].as_array().unwrap();
    let order: Vec<&str> = all.iter().map(|one| one["technician"].as_str().unwrap()).collect();
    assert_eq!(order[..2], ["expert", "technician"], "own people first: {told:#}");
    assert!(order.contains(&"quick") && order.contains(&"cheap"), "{order:?}");
    let (expert, plain) = (&all[0], &all[1]);
    for name in ["own_staff", "trained_for_it", "works_nearby"] {
        assert!(names(&expert["reasons"]).contains(&name), "{name}: {expert:#}");
    }
    assert_eq!(names(&plain["missing"]), ["not_trained_for_it"], "{plain:#}");
    let trained =
        expert["reasons"].as_array().unwrap().iter().find(|one| one["name"] == "trained_for_it").unwrap();
    assert_eq!(trained["text"], "Trained for it (level 5)");
    assert!(trained["source"].as_str().unwrap().starts_with("rules/dispatch.rhai:"), "{trained}");
    let score = |one: &Value| one["score"].as_str().unwrap().parse::<Decimal>().unwrap();
    assert!(all.windows(2).all(|two| score(&two[0]) >= score(&two[1])), "{told:#}");
    // The reader's language.
    let persian = house
        .dispatcher
        .request(reqwest::Method::POST, &format!("/api/tickets/{}/dispatch/suggest", house.covered));
    let persian = house.dispatcher.send(persian.header("Accept-Language", "fa").json(&json!({}))).await;
    assert!(persian.text.contains("نیروی خودمان"), "{}", persian.text);
}

// SY-23, SY-24: out of warranty the customer's wish decides; the same data, another wish, another one first.
#[tokio::test]
async fn out_of_warranty_the_wish_decides_between_the_cheap_one_and_the_one_who_is_free_first() {
    let house = house().await;
    // The expert and the cheap one have their hands full for the next hours; the quick one is free.
    let first = house.order(&house.uncovered, json!({"data": {"preference": "cost"}})).await;
    assert_eq!(first[0], "cheap", "{first:?}");
    for (n, who) in ["cheap", "expert", "technician"].into_iter().enumerate() {
        let serial = format!("SX{n}");
        let admin = house.world.as_user("admin").await;
        let device = json!({"serial": serial, "product": "F200", "status": "sold", "owner": "C1"});
        assert_eq!(admin.post("/api/devices", &device).await.status, 201);
        // From the next day on, as many jobs as there are hours.
        for hour in 0..12 {
            let code = opened(&house.world, &serial).await;
            let reception = house.world.as_user("reception").await;
            let path = format!("/api/tickets/{code}/steps/pay_for_repair");
            assert_eq!(reception.post(&path, &json!({"revision": 1})).await.status, 200);
            house.assign(&code, who, &house.at(24 + hour)).await;
        }
    }
    let wanted = house.at(29);
    let quick = house.order(&house.uncovered, json!({"data": {"preference": "speed"}, "at": wanted})).await;
    assert_eq!(quick[0], "quick", "{quick:?}");
    let told = house.suggest(&house.uncovered, json!({"data": {"preference": "speed"}, "at": wanted})).await;
    let cheap =
        told["suggestions"].as_array().unwrap().iter().find(|one| one["technician"] == "cheap").unwrap();
    assert_eq!(cheap["fit"], false, "{cheap:#}");
    assert!(names(&cheap["missing"]).contains(&"has_another_job_then"), "{cheap:#}");
    assert!(names(&cheap["missing"]).contains(&"far_away"), "كرج is not تهران: {cheap:#}");
    let unknown = json!({"data": {"prefrence": "cost"}});
    let refused =
        house.dispatcher.post(&format!("/api/tickets/{}/dispatch/suggest", house.uncovered), &unknown).await;
    assert_eq!((refused.status, refused.at("/errors/0/field")), (422, json!("prefrence")));
}

// SY-21: auto-assign, an ordinary step taken once.
#[tokio::test]
async fn a_request_is_given_to_the_best_by_an_ordinary_step_and_once() {
    let house = house().await;
    let path = format!("/api/tickets/{}/dispatch/assign", house.covered);
    let revision = house.suggest(&house.covered, json!({})).await["revision"].clone();
    let body = json!({"revision": revision, "data": {"visit_at": house.at(48)}});
    let clerk = house.world.as_user("reception").await.post(&path, &body).await;
    assert!([403, 422].contains(&clerk.status), "reception gives nothing to anybody: {}", clerk.text);
    let done = house.dispatcher.post_once(&path, "give-1", &body).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let ticket = house.dispatcher.get(&format!("/api/tickets/{}", house.covered)).await;
    assert_eq!(ticket.at("/ticket/technician"), "expert", "{}", ticket.text);
    assert_eq!(ticket.at("/fields/visit_at"), house.at(48).as_str());
    let again = house.dispatcher.post_once(&path, "give-1", &body).await;
    assert_eq!((again.status, again.text), (200, done.text), "the same answer");
    let late = house.dispatcher.post(&path, &body).await;
    assert!([409, 422].contains(&late.status), "{}", late.text);
    // Without a moment the first free one is taken.
    let path = format!("/api/tickets/{}/dispatch/assign", house.uncovered);
    let revision = house.suggest(&house.uncovered, json!({})).await["revision"].clone();
    let done = house.dispatcher.post(&path, &json!({"revision": revision})).await;
    assert_eq!(done.status, 200, "{}", done.text);
}

#[tokio::test]
async fn the_page_shows_the_same_order_with_what_is_missing_and_lets_the_wish_be_tried() {
    let house = house().await;
    let mut browser = Browser::of(&house.world);
    browser.cookies.insert("aftercare-reader".into(), "en...".into());
    browser.sign_in("dispatcher").await;
    let page = browser.get("/dispatch").await;
    let place = |code: &str| page.html.find(&format!("data-code=\"{code}\"")).expect("in the queue");
    assert!(place(&house.covered) < place(&house.uncovered), "{}", page.html);
    let tried = browser.get(&format!("/dispatch?ticket={}&f%3Apreference=cost", house.uncovered)).await;
    assert_eq!(tried.status, 200, "{}", tried.html);
    let suggestions = tried.html.split("class=\"suggestions\"").nth(1).expect("suggestions");
    let first = suggestions.split("</li>").next().unwrap();
    assert!(first.contains("cheap of the test"), "{first}");
    assert!(suggestions.contains("No training for it"), "{suggestions}");
    assert!(
        tried.html.contains("A low price") && tried.html.contains("aria-current=\"true\""),
        "{}",
        tried.html
    );
    assert!(first.contains("f%3Avisit_at%3Adate="), "the form begins with the first free moment: {first}");
}
