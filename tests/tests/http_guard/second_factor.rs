//! A second factor is sealed where it is kept, asked of roles that need one before anything else, and told to its owner.

use aftercare::auth::totp;
use aftercare_tests::client::{Client, Reply};
use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::{PASSWORD, World, definitions};
use reqwest::Method;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::{Value, json};

/// A world whose accountants need a second factor.
async fn strict() -> World {
    let mut files = definitions();
    let roles = files.iter_mut().find(|(path, _)| path.ends_with("roles.yaml")).expect("roles");
    let before = "  accountant:\n";
    assert!(roles.1.contains(before));
    roles.1 = roles.1.replace(before, &format!("{before}    second_factor: required\n"));
    World::each(&files).await.remove(0)
}

async fn sign_in(world: &World, user: &str, from: &str, code: Option<&str>) -> Reply {
    let body = json!({"user": user, "password": PASSWORD, "code": code});
    let request = world.anyone.request(Method::POST, "/api/session").header("User-Agent", from);
    world.anyone.send(request.json(&body)).await
}

async fn session(world: &World, user: &str, code: Option<&str>) -> Client {
    let begun = sign_in(world, user, "test", code).await;
    assert_eq!(begun.status, 200, "{}", begun.text);
    world.anyone.with_token(begun.at("/token").as_str().expect("a token"))
}

async fn column(world: &World, sql: &str) -> Vec<String> {
    let raw = Database::connect(world.app.config.database()).await.expect("a connection");
    let rows = raw.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.expect("rows");
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

async fn told(world: &World, user: &str) -> Vec<String> {
    column(
        world,
        &format!("SELECT body FROM outbox WHERE to_kind = 'user' AND to_code = '{user}' ORDER BY id"),
    )
    .await
}

fn code(world: &World, secret: &Value) -> String {
    totp::shown(secret.as_str().expect("a secret"), world.app.clock.now()).expect("a code")
}

// 6.3.3, 11.3.1: asked of the role, sealed at rest, other sessions end, its owner is told.
#[tokio::test]
async fn who_needs_a_second_factor_sets_it_up_before_anything_else() {
    let world = strict().await;
    let (client, other) =
        (session(&world, "accountant", None).await, session(&world, "accountant", None).await);
    let refused = client.get("/api/vouchers").await;
    assert_eq!((refused.status, refused.at("/second_factor")), (403, json!(true)), "{}", refused.text);
    assert!(
        refused.at("/detail").as_str().unwrap().contains("/api/session/second-factor"),
        "{}",
        refused.text
    );
    // A program has no password that somebody could have seen, and other roles are asked for nothing.
    assert_eq!(world.as_user("accountant").await.get("/api/vouchers").await.status, 200);
    assert_eq!(session(&world, "reception", None).await.get("/api/tickets").await.status, 200);
    // On a page one is led there.
    let mut browser = Browser::of(&world);
    browser.sign_in("accountant").await;
    let led = browser.get("/books").await;
    assert_eq!((led.status, led.location.as_str()), (303, "/account#second-factor"));
    assert_eq!(browser.get("/account").await.status, 200);

    let begun = client.post("/api/session/second-factor", &json!({})).await;
    assert_eq!(begun.status, 200, "{}", begun.text);
    let secret = begun.at("/secret");
    let wrong = client.put("/api/session/second-factor", &json!({"code": "000000"})).await;
    assert_eq!((wrong.status, wrong.at("/errors/0/field")), (422, json!("code")), "{}", wrong.text);
    let kept = column(&world, "SELECT secret FROM second_factor").await;
    assert!(kept.len() == 1 && !kept[0].contains(secret.as_str().unwrap()), "plain: {kept:?}");
    assert!(kept[0].starts_with("sealed1."), "{kept:?}");

    // The wrong guess made the next one wait a little.
    tokio::time::sleep(std::time::Duration::from_millis(1200)).await;
    let proved = client.put("/api/session/second-factor", &json!({"code": code(&world, &secret)})).await;
    assert_eq!(proved.status, 200, "{}", proved.text);
    assert!(!proved.text.contains(secret.as_str().unwrap()), "the secret is shown once");
    assert_eq!(client.get("/api/vouchers").await.status, 200);
    assert_eq!(other.get("/api/session").await.status, 401, "other sessions end");
    let mails = told(&world, "accountant").await;
    assert!(mails.iter().any(|mail| mail.contains("second factor was set up")), "{mails:?}");
    // From now on it is asked for, and a spare code helps once.
    let without = sign_in(&world, "accountant", "test", None).await;
    assert_eq!((without.status, without.at("/second_factor")), (401, json!(true)));
    let spare = proved.at("/spare/0");
    let spare = spare.as_str().expect("a spare code");
    assert_eq!(sign_in(&world, "accountant", "test", Some(spare)).await.status, 200);
    assert_eq!(sign_in(&world, "accountant", "test", Some(spare)).await.status, 401);
}

#[tokio::test]
async fn a_secret_from_before_there_was_a_seal_works_and_is_sealed_when_it_is_used() {
    let world = World::start().await;
    let secret = totp::new().expect("a secret");
    let raw = Database::connect(world.app.config.database()).await.expect("a connection");
    let put = format!(
        "INSERT INTO second_factor (user_name, secret, confirmed_at, last_step, spare)
         VALUES ('manager', '{secret}', '2026-01-01T00:00:00Z', 0, '[]')"
    );
    raw.execute_unprepared(&put).await.expect("a row");
    let shown = code(&world, &json!(secret));
    let begun = sign_in(&world, "manager", "test", Some(&shown)).await;
    assert_eq!(begun.status, 200, "{}", begun.text);
    assert!(column(&world, "SELECT secret FROM second_factor").await[0].starts_with("sealed1."));
    assert_eq!(sign_in(&world, "manager", "test", Some(&shown)).await.status, 401, "a code counts once");
}

// A key that was lost, or another data folder: it is said what is wrong, and nobody is locked out for good.
#[tokio::test]
async fn a_lost_seal_is_told_at_sign_in_and_a_spare_code_still_lets_its_owner_in() {
    let world = World::start().await;
    let client = session(&world, "manager", None).await;
    let secret = client.post("/api/session/second-factor", &json!({})).await.at("/secret");
    let proof = json!({"code": code(&world, &secret)});
    let spare = client.put("/api/session/second-factor", &proof).await.at("/spare");
    std::fs::write(world.app.config.data.join("seal.key"), [7; 32]).expect("another key");
    world.app.tick(chrono::TimeDelta::minutes(2)).await.unwrap();
    let shown = code(&world, &secret);
    let (mut told, body) = (Vec::new(), json!({"user": "manager", "password": PASSWORD, "code": shown}));
    for language in ["en", "fa", "zh", "pl"] {
        let asked = world.anyone.request(Method::POST, "/api/session").header("Accept-Language", language);
        let reply = world.anyone.send(asked.json(&body)).await;
        assert_eq!(reply.status, 503, "{}", reply.text);
        told.push(reply.at("/detail").as_str().expect("a reason").to_owned());
    }
    assert!(told[0].contains("spare code"), "{told:?}");
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 4, "{told:?}");
    // The page says it too, where the person is.
    let mut browser = Browser::of(&world);
    browser.cookies.insert("aftercare-reader".into(), "en...".into());
    let sent = [("user", "manager"), ("password", PASSWORD), ("code", &shown)];
    let refused = browser.post("/sign-in", &sent).await;
    assert!(refused.html.contains("spare code"), "{} {}", refused.status, refused.html);
    assert!(refused.html.contains("name=\"code\""), "no place for it: {}", refused.html);

    let helped = sign_in(&world, "manager", "test", spare[0].as_str()).await;
    assert_eq!(helped.status, 200, "{}", helped.text);
    // With another one the old factor is taken away, and a new one begins under the new key.
    let end = json!({"code": spare[1]});
    let ended = client.post("/api/session/second-factor/end", &end).await;
    assert_eq!(ended.status, 204, "{}", ended.text);
    assert_eq!(client.post("/api/session/second-factor", &json!({})).await.status, 200);
}

// 6.3.7: a new password and a new device are told, in the owner's language.
#[tokio::test]
async fn a_new_password_and_a_sign_in_from_elsewhere_are_told_to_their_owner() {
    let world = World::start().await;
    for _ in 0..2 {
        assert_eq!(sign_in(&world, "manager", "desk", None).await.status, 200);
    }
    assert_eq!(
        told(&world, "manager").await,
        Vec::<String>::new(),
        "the first device is no news, nor is a known one"
    );
    assert_eq!(sign_in(&world, "manager", "elsewhere", None).await.status, 200);
    let mails = told(&world, "manager").await;
    assert!(mails.len() == 1 && mails[0].contains("new device"), "{mails:?}");
    // A browser is known again by its cookie, whatever it calls itself.
    let mut browser = Browser::of(&world);
    browser.sign_in("manager").await;
    assert_eq!(told(&world, "manager").await.len(), 2);
    // The session is over; what the browser is known by stays.
    browser.cookies.remove("aftercare");
    browser.sign_in("manager").await;
    assert_eq!(told(&world, "manager").await.len(), 2, "{:?}", browser.cookies);

    let client = session(&world, "manager", None).await;
    let body = json!({"current": PASSWORD, "new": "copper lantern 9 rivers"});
    let changed = client.put("/api/session/password", &body).await;
    assert!([200, 204].contains(&changed.status), "{}", changed.text);
    let mails = told(&world, "manager").await;
    assert!(mails.last().is_some_and(|mail| mail.contains("password was changed")), "{mails:?}");
    assert_eq!(client.get("/api/session").await.status, 401, "all sessions end");
}
