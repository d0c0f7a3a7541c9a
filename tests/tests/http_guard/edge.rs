//! What the edge refuses whoever asks, and what it lets pass.

use std::time::Duration;

use aftercare_tests::world::{Person, World};
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn no_number_and_no_character_breaks_the_server() {
    let world = World::start().await;
    let admin = world.as_user("admin").await;
    for path in [
        "/api/tasks?after=9223372036854775808",
        "/api/tasks?after=18446744073709551615",
        "/api/tickets/%00",
        "/api/tickets?code=%00",
        "/api/customers?search=a%00b",
        "/sign-in?back=%00",
    ] {
        let reply = admin.get(path).await;
        assert!((400..500).contains(&reply.status), "{path}: {} {}", reply.status, reply.text);
    }
    for body in [r#"{"user": "\u0000", "password": "x"}"#, r#"{"user": "a\\\u0000", "password": "x"}"#] {
        let reply = world.anyone.post_raw("/api/session", body.into()).await;
        assert_eq!(reply.status, 400, "{body}: {}", reply.text);
    }
    let spelled = world.anyone.post_raw("/api/session", br#"{"user": "\\u0000", "password": "x"}"#.to_vec());
    assert_eq!(spelled.await.status, 401, "six letters are no NUL");
}

#[tokio::test]
async fn a_payer_comes_back_to_us_and_nowhere_else() {
    let world = World::start().await;
    world.furnish().await;
    let opened = world.open().await;
    let path = format!("/api/tickets/{}/payments", opened.at("/code").as_str().unwrap_or_default());
    let clerk = world.as_user("reception").await;
    for back in ["/\t/evil.example", "//evil.example", "/\\evil.example", "https://evil.example"] {
        let body = json!({"event": "pay", "provider": "counter", "amount": "1", "return_to": back});
        let reply = clerk.post(&path, &body).await;
        assert_eq!(reply.at("/errors/0/field"), "return_to", "{back:?}: {}", reply.text);
    }
}

// P8: the parameters of a request belong to it.
#[tokio::test]
async fn a_key_holds_for_the_same_parameters_alone() {
    let world = World::start().await;
    world.furnish().await;
    let opened = world.open().await;
    let path = format!("/api/tickets/{}/files", opened.at("/code").as_str().unwrap_or_default());
    let clerk = world.as_user("reception").await;
    let send = async |name: &str| {
        let request = clerk.request(Method::POST, &format!("{path}?name={name}"));
        clerk.send(request.header("Idempotency-Key", "k1").body("%PDF-1.4 paper")).await
    };
    let first = send("one.pdf").await;
    assert_eq!(first.status, 201, "{}", first.text);
    assert_eq!(send("one.pdf").await.text, first.text);
    assert_eq!(send("two.pdf").await.status, 422, "another name is another request");
}

/// What a browser with our cookie sends.
async fn by_browser(world: &World, path: &str, kind: &str, site: &str) -> u16 {
    let body = json!({"user": "reception", "password": aftercare_tests::world::PASSWORD});
    let begun = world.anyone.post("/api/session", &body).await;
    let cookie = begun.headers.get("set-cookie").and_then(|cookie| cookie.to_str().ok()).unwrap_or_default();
    let cookie = cookie.split(';').next().unwrap_or_default();
    let request = world.anyone.request(Method::POST, path).header("Cookie", cookie);
    let request = request.header("Sec-Fetch-Site", site).header("Content-Type", kind);
    world.anyone.send(request.body("%PDF-1.4 paper")).await.status
}

#[tokio::test]
async fn our_own_page_may_send_a_file_and_another_site_may_not() {
    let world = World::start().await;
    world.furnish().await;
    let opened = world.open().await;
    let path = format!("/api/tickets/{}/files?name=a.pdf", opened.at("/code").as_str().unwrap_or_default());
    for kind in ["application/pdf", "application/octet-stream"] {
        assert_eq!(by_browser(&world, &path, kind, "same-origin").await, 201, "{kind}");
        assert_eq!(by_browser(&world, &path, kind, "cross-site").await, 403, "{kind}");
        assert_eq!(by_browser(&world, &path, kind, "same-site").await, 403, "{kind}");
    }
    for kind in ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"] {
        assert_eq!(by_browser(&world, &path, kind, "same-origin").await, 403, "{kind}: a form can send it");
    }
}

// The head of a request must come soon; the body of a file may take its time, also after "100 Continue".
#[tokio::test]
async fn a_slow_line_may_send_a_file() {
    let world = World::start_with(|config| {
        config.limits.read = Duration::from_secs(1);
        config.limits.answer = Duration::from_secs(1);
    })
    .await;
    world.furnish().await;
    let opened = world.open().await;
    let code = opened.at("/code").as_str().unwrap_or_default().to_owned();
    let clerk = json!({"user": "reception", "password": aftercare_tests::world::PASSWORD});
    let token = world.anyone.post("/api/session", &clerk).await.at("/token");
    let host = world.anyone.base().trim_start_matches("http://").to_owned();
    let mut line = TcpStream::connect(&host).await.expect("a line");
    let head = format!(
        "POST /api/tickets/{code}/files?name=a.pdf HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/pdf\r\nContent-Length: 14\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        token.as_str().unwrap_or_default()
    );
    line.write_all(head.as_bytes()).await.expect("the head goes out");
    let mut go_on = [0; 25];
    line.read_exact(&mut go_on).await.expect("a sign to go on");
    assert!(go_on.starts_with(b"HTTP/1.1 100"), "{}", String::from_utf8_lossy(&go_on));
    tokio::time::sleep(Duration::from_secs(4)).await;
    line.write_all(b"%PDF-1.").await.expect("the line still holds");
    tokio::time::sleep(Duration::from_secs(5)).await;
    line.write_all(b"4 paper").await.expect("the line still holds");
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}

#[tokio::test]
async fn an_incident_that_nothing_can_do_again_says_so_and_is_resolved_by_a_person() {
    let world = World::start().await;
    world.employ(vec![Person::with("chief", &["admin"])]).await;
    let now = world.app.clock.now();
    for kind in ["message", "payment"] {
        let (subject, why) = (format!("{kind}/1"), "it failed".to_owned());
        world.app.store.open_incident(kind, None, subject, why, now).await.expect("it is written");
    }
    let chief = world.as_user("chief").await;
    let open = chief.get("/api/incidents?status=open").await;
    let ids: Vec<i64> =
        open.at("/items").as_array().into_iter().flatten().filter_map(|one| one["id"].as_i64()).collect();
    assert_eq!(ids.len(), 2, "{}", open.text);
    for id in ids {
        let again = chief.post(&format!("/api/incidents/{id}/redrive"), &json!({})).await;
        assert_eq!(again.status, 422, "{}", again.text);
        let resolve = format!("/api/incidents/{id}/resolve");
        assert_eq!(chief.post(&resolve, &json!({"reason": " "})).await.status, 422);
        let done = chief.post(&resolve, &json!({"reason": "booked by hand"})).await;
        assert_eq!(done.status, 200, "{}", done.text);
        assert_eq!(done.at("/resolution"), "booked by hand");
        assert_eq!(chief.post(&resolve, &json!({"reason": "again"})).await.status, 409);
    }
    assert_eq!(chief.get("/api/incidents?status=open").await.at("/items"), json!([]));
}
