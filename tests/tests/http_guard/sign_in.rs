//! Guessing is slow for whoever guesses, and for nobody else.

use aftercare_tests::client::Reply;
use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::{PASSWORD, World};
use reqwest::Method;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::json;

async fn attempt(world: &World, from: &str, user: &str, password: &str) -> Reply {
    let request = world.anyone.request(Method::POST, "/api/session").header("X-Forwarded-For", from);
    world.anyone.send(request.json(&json!({"user": user, "password": password}))).await
}

/// Uses up what one address may try.
async fn exhaust(world: &World, from: &str) {
    for n in 0..40 {
        if attempt(world, from, &format!("nobody{n}"), "wrong").await.status == 429 {
            return;
        }
    }
    panic!("an address may try without end");
}

// P: 6.3.1, 4.1.3
#[tokio::test]
async fn behind_a_proxy_of_ours_one_guesser_stops_nobody_else() {
    let world = World::start_with(|config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await;
    exhaust(&world, "198.51.100.7").await;
    // Whatever the guesser writes before it is not believed.
    let forged = attempt(&world, "203.0.113.9, 198.51.100.7", "admin", PASSWORD).await;
    assert_eq!(forged.status, 429, "{}", forged.text);
    let other = attempt(&world, "203.0.113.9", "admin", PASSWORD).await;
    assert_eq!(other.status, 200, "{}", other.text);
}

#[tokio::test]
async fn nobody_says_of_themselves_where_they_are() {
    let world = World::start().await;
    exhaust(&world, "198.51.100.7").await;
    let moved = attempt(&world, "203.0.113.9", "admin", PASSWORD).await;
    assert_eq!(moved.status, 429, "{}", moved.text);
}

#[tokio::test]
async fn signing_in_oneself_buys_no_more_guesses() {
    let world = World::start().await;
    let mut guesses = 0;
    for n in 0..30 {
        guesses += usize::from(attempt(&world, "", &format!("nobody{n}"), "wrong").await.status == 401);
        attempt(&world, "", "admin", PASSWORD).await;
    }
    assert!(guesses < 20, "{guesses} guesses in a burst");
}

#[tokio::test]
async fn a_session_does_not_help_to_guess_its_password() {
    let world = World::start().await;
    let client = world.as_user("admin").await;
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let body = json!({"current": "a wrong guess", "new": "copper lantern 9 rivers"});
        statuses.push(client.put("/api/session/password", &body).await.status);
    }
    assert_eq!(statuses.first(), Some(&403), "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
}

// 6.4.1, 6.4.6: a first password, and another one when it is forgotten, is set by its owner alone.
#[tokio::test]
async fn somebody_new_sets_a_password_by_a_link_that_nobody_else_sees_and_that_works_once() {
    let world = World::start().await;
    let admin = world.as_user("admin").await;
    let new = json!({"name": "newcomer", "full_name": "New Comer", "language": "en", "active": true,
        "roles": [{"role": "reception", "branch": "B1"}]});
    world.furnish().await;
    assert_eq!(admin.post("/api/users", &new).await.status, 201);
    let path = "/api/users/newcomer/password-link";
    let nowhere = admin.post(path, &json!({})).await;
    assert_eq!((nowhere.status, nowhere.at("/errors/0/field")), (422, json!("email")), "{}", nowhere.text);
    let mut user = admin.get("/api/users/newcomer").await.json();
    user["email"] = json!("new@example.com");
    assert_eq!(admin.put("/api/users/newcomer", &user).await.status, 200);
    let clerk = world.as_user("reception").await;
    assert_eq!(clerk.post(path, &json!({})).await.status, 403);
    let first = sent(&world, path).await;
    let link = sent(&world, path).await;
    assert_ne!(first, link);

    let mut browser = Browser::of(&world);
    browser.cookies.insert("aftercare-reader".into(), "en...".into());
    assert_eq!(browser.get(&first).await.status, 404, "a new one takes the place of the one before");
    let page = browser.get(&link).await;
    assert!(page.status == 200 && page.html.contains("New Comer"), "{}", page.html);
    let weak = browser.post(&link, &[("new", "newcomer12")]).await;
    assert!(weak.status == 422 && weak.html.contains("at least 12"), "{} {}", weak.status, weak.html);
    let foreign = browser.post_from("cross-site", &link, &[("new", PASSWORD)]).await;
    assert_eq!(foreign.status, 403);
    let set = browser.post(&link, &[("new", PASSWORD)]).await;
    assert_eq!((set.status, set.location.as_str()), (303, "/sign-in"), "{}", set.html);
    assert_eq!(browser.post(&link, &[("new", "another kettle 8 stairs")]).await.status, 404, "it works once");
    browser.sign_in("newcomer").await;
    // One's own, for the one that holds; then one signs in anew.
    let page = browser.get("/account").await;
    let csrf = page.hidden("/account/password", "csrf");
    let wrong = [("csrf", csrf.as_str()), ("current", "not this one"), ("new", "another kettle 8 stairs")];
    assert_eq!(browser.post("/account/password", &wrong).await.status, 422);
    let right = [("csrf", csrf.as_str()), ("current", PASSWORD), ("new", "another kettle 8 stairs")];
    let changed = browser.post("/account/password", &right).await;
    assert_eq!((changed.status, changed.location.as_str()), (303, "/sign-in"), "{}", changed.html);
    assert_eq!(browser.get("/account").await.status, 303, "the session has ended");
    // The day after, a link opens nothing.
    let late = sent(&world, path).await;
    world.app.tick(chrono::TimeDelta::hours(25)).await.unwrap();
    assert_eq!(browser.get(&late).await.status, 404);
}

// P: 11.4.2
#[tokio::test]
async fn a_hash_of_weaker_settings_is_made_anew_when_its_owner_signs_in() {
    let world = World::start().await;
    let raw = Database::connect(world.app.config.database()).await.expect("a connection");
    let weak = argon2::Argon2::new(
        argon2::Algorithm::Argon2id,
        argon2::Version::V0x13,
        argon2::Params::new(8 * 1024, 1, 1, None).unwrap(),
    );
    let old = argon2::PasswordHasher::hash_password(&weak, PASSWORD.as_bytes()).unwrap().to_string();
    let put = format!("UPDATE \"user\" SET password = '{old}' WHERE name = 'admin'");
    raw.execute_unprepared(&put).await.expect("a hash");
    for _ in 0..2 {
        assert_eq!(attempt(&world, "", "admin", PASSWORD).await.status, 200);
        let sql = "SELECT password FROM \"user\" WHERE name = 'admin'";
        let row = raw.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.expect("a row");
        let now: String = row.expect("a user").try_get_by_index(0).expect("a hash");
        assert!(now.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{now}");
    }
}

// P: 6.2.4, 6.2.11
#[tokio::test]
async fn a_new_password_is_not_one_that_everybody_tries_nor_a_brand_of_ours() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let mut product = admin.get("/api/products/F200").await.json();
    product["brand"] = json!("Frostwarden");
    assert_eq!(admin.put("/api/products/F200", &product).await.status, 200);
    for weak in
        ["password1234567", "qwertyuiop12345", "Frostwarden 2026", "admin of the test", "aftercare-2026"]
    {
        let body = json!({"current": PASSWORD, "new": weak});
        let refused = admin.put("/api/session/password", &body).await;
        assert_eq!(
            (refused.status, refused.at("/errors/0/field")),
            (422, json!("new")),
            "{weak}: {}",
            refused.text
        );
    }
    let body = json!({"current": PASSWORD, "new": "copper lantern 9 rivers"});
    assert_eq!(admin.put("/api/session/password", &body).await.status, 204);
}

/// Asks for a link; the address in the message that goes out, and nowhere in the answer.
async fn sent(world: &World, path: &str) -> String {
    let admin = world.as_user("admin").await;
    let asked = admin.post(path, &json!({})).await;
    assert_eq!((asked.status, asked.text.as_str()), (204, ""));
    let raw = Database::connect(world.app.config.database()).await.expect("a connection");
    let sql = "SELECT body FROM outbox WHERE recipient = 'new@example.com' ORDER BY id DESC LIMIT 1";
    let row = raw.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.expect("a row");
    let body: String = row.expect("a message").try_get_by_index(0).expect("a text");
    let from = body.find("/welcome/").expect("a link");
    body[from..].split([' ', '<']).next().unwrap().to_owned()
}
