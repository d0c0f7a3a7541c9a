//! Guessing is slow for whoever guesses, and for nobody else.

use aftercare_tests::client::Reply;
use aftercare_tests::world::{PASSWORD, World};
use reqwest::Method;
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
