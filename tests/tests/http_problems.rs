//! Every wrong request has its own clear answer, in the reader's language, and changes nothing.

use aftercare_tests::world::{PASSWORD, World};
use reqwest::Method;
use serde_json::json;

const PROBLEM: &str = "application/problem+json";

#[tokio::test]
async fn wrong_requests_get_problem_documents() {
    let world = World::start().await;
    let anyone = &world.anyone;
    let session = "/api/session";
    let cases = [
        ("no such address", anyone.get("/api/nothing/here").await, 404, "not-found"),
        ("another method", anyone.delete("/api/tickets").await, 405, "method"),
        ("nobody", anyone.get("/api/tickets").await, 401, "unauthorized"),
        ("an old token", anyone.with_token("old").get("/api/tickets").await, 401, "unauthorized"),
        ("no JSON", anyone.post_raw(session, b"{nonsense".to_vec()).await, 400, "invalid"),
        ("a missing field", anyone.post(session, &json!({"user": "x"})).await, 400, "invalid"),
        ("a wrong type", anyone.post(session, &json!({"user": 1, "password": "y"})).await, 400, "invalid"),
        (
            "an unknown field",
            anyone.post(session, &json!({"user": "x", "password": "y", "colour": 1})).await,
            400,
            "invalid",
        ),
        ("deep JSON", anyone.post_raw(session, "[".repeat(100_000).into_bytes()).await, 400, "invalid"),
        ("a huge body", anyone.post_raw(session, vec![b' '; 3_000_000]).await, 413, "too-large"),
        ("a parameter twice", anyone.get("/api/tickets?limit=1&limit=2").await, 400, "invalid"),
        ("an unknown parameter", anyone.get("/api/tickets?limt=5").await, 400, "invalid"),
        (
            "a wrong password",
            anyone.post(session, &json!({"user": "x", "password": "y"})).await,
            401,
            "unauthorized",
        ),
    ];
    for (what, reply, status, kind) in cases {
        assert_eq!((reply.status, reply.kind.as_str()), (status, PROBLEM), "{what}: {}", reply.text);
        assert_eq!(reply.at("/type"), format!("urn:aftercare:problem:{kind}"), "{what}");
        assert_eq!(reply.at("/status"), status, "{what}");
        assert!(
            reply.at("/detail").as_str().is_some_and(|detail| !detail.is_empty()),
            "{what}: {}",
            reply.text
        );
    }
    let page = anyone.get("/nothing").await;
    assert_eq!(
        (page.status, page.kind.starts_with("text/html")),
        (404, true),
        "people get a page: {}",
        page.text
    );
    let plain = anyone.request(Method::POST, session).body("user=x").header("content-type", "text/plain");
    assert_eq!(anyone.send(plain).await.status, 415);
    let admin = world.as_user("admin").await;
    let wrong = admin.get("/api/tickets?limit=many").await;
    assert_eq!((wrong.status, wrong.at("/errors/0/field")), (400, json!("limit")), "{}", wrong.text);
    assert_eq!(world.anyone.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn problems_speak_the_readers_language() {
    let world = World::start().await;
    let mut titles = Vec::new();
    for language in ["en", "fa", "zh", "pl"] {
        let request = world.anyone.request(Method::GET, "/api/tickets").header("accept-language", language);
        let reply = world.anyone.send(request).await;
        assert_eq!(reply.headers.get("content-language").unwrap(), language);
        titles.push(reply.at("/title").to_string());
    }
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 4, "{titles:?}");
}

#[tokio::test]
async fn signing_in_gives_a_token_and_a_cookie_that_signing_out_ends() {
    let world = World::start().await;
    let credentials = json!({"user": "admin", "password": PASSWORD});
    let begun = world.anyone.post("/api/session", &credentials).await;
    assert_eq!(begun.status, 200, "{}", begun.text);
    let cookie = begun.headers.get("set-cookie").unwrap().to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let me = world.anyone.with_token(begun.at("/token").as_str().unwrap());
    assert_eq!(me.get("/api/session").await.at("/name"), "admin");

    let pair = cookie.split(';').next().unwrap();
    let by_cookie = |method, path| world.anyone.request(method, path).header("cookie", pair);
    assert_eq!(me.send(by_cookie(Method::GET, "/api/session")).await.status, 200);
    let forged = by_cookie(Method::DELETE, "/api/session").header("sec-fetch-site", "cross-site");
    assert_eq!(me.send(forged).await.status, 403);
    let bare = by_cookie(Method::DELETE, "/api/session");
    assert_eq!(me.send(bare).await.status, 403);

    assert_eq!(me.delete("/api/session").await.status, 204);
    assert_eq!(me.get("/api/session").await.status, 401);
}

#[tokio::test]
async fn the_api_is_described_and_browsable() {
    let world = World::start().await;
    let description = world.anyone.get("/api/openapi.json").await;
    assert!(description.at("/openapi").as_str().unwrap().starts_with("3."), "{}", description.text);
    for path in ["/api/session", "/api/tickets", "/api/tickets/{code}/steps/{event}", "/api/devices/lookup"] {
        assert!(description.json()["paths"].get(path).is_some(), "{path} is missing");
    }
    // Each verb has a file of its own; a reader of JSON must find all of one path.
    for verb in ["get", "post", "delete"] {
        assert!(description.json()["paths"]["/api/session"].get(verb).is_some(), "{verb} is missing");
    }
    let page = world.anyone.get("/api").await;
    assert!(page.kind.starts_with("text/html"), "{}", page.kind);
    let measured = world.anyone.get("/metrics").await;
    assert!(measured.text.contains("aftercare_http_requests_total"), "{}", measured.text);
    // What somebody's proxy passes on is asked from anywhere.
    let passed_on = world.anyone.request(Method::GET, "/metrics").header("x-forwarded-for", "127.0.0.1");
    let passed_on = world.anyone.send(passed_on).await;
    assert_eq!(passed_on.status, 404, "{}", passed_on.text);
    let other = World::start_with(|config| config.metrics_from = vec!["10.1.2.3".parse().unwrap()]).await;
    assert_eq!(other.anyone.get("/metrics").await.status, 404);
}

#[tokio::test]
async fn the_reason_of_a_problem_is_in_its_readers_language_too() {
    let world = World::start().await;
    let admin = world.as_user("admin").await;
    let bodies: [(&str, &[u8]); 3] = [
        ("no JSON", b"{nonsense"),
        ("a wrong type", b"{\"user\": 1}"),
        ("a missing field", b"{\"user\": \"x\"}"),
    ];
    for (what, body) in bodies {
        let mut told = Vec::new();
        for language in ["en", "fa", "zh", "pl"] {
            let request =
                world.anyone.request(Method::POST, "/api/session").header("accept-language", language);
            let request = request.header("content-type", "application/json").body(body.to_vec());
            told.push(world.anyone.send(request).await.at("/detail").to_string());
        }
        assert!(
            told[1..].iter().all(|text| !text.contains("expected") && !text.contains("line")),
            "{what}: {told:?}"
        );
        told.sort();
        told.dedup();
        assert_eq!(told.len(), 4, "{what}: {told:?}");
    }
    for path in ["/api/tickets?limit=900", "/api/tickets?limit=many", "/api/tickets?after=nowhere"] {
        let asked = admin.request(Method::GET, path).header("accept-language", "fa");
        let reply = admin.send(asked).await;
        let message = reply.at("/errors/0/message");
        let message = message.as_str().expect("a message");
        assert!(message.contains("باید") || message.contains("نیست"), "{path}: {message}");
        assert!(!message.contains("must") && !message.contains("invalid"), "{path}: {message}");
    }
}

/// `?dry_run=true` left unread would be the real thing.
#[tokio::test]
async fn a_parameter_that_a_route_does_not_know_is_refused_by_name_and_nothing_is_done() {
    let world = World::start().await;
    let admin = world.as_user("admin").await;
    let file = "code,name.en\nCOOL,Cooling\n";
    let path = "/api/imports/product-categories";
    let wrong = admin.send_file(&format!("{path}?dry_run=true"), "text/csv", file).await;
    assert_eq!((wrong.status, wrong.at("/errors/0/field")), (400, json!("dry_run")), "{}", wrong.text);
    assert!(wrong.at("/detail").as_str().is_some_and(|detail| detail.contains("preview")), "{}", wrong.text);
    assert_eq!(admin.get("/api/product-categories/COOL").await.status, 404);
    assert_eq!(admin.get("/api/product-categories/COOL?full=1").await.status, 400);
    let came = admin.send_file(&format!("{path}?preview=false"), "text/csv", file).await;
    assert_eq!((came.status, came.at("/added")), (200, json!(1)), "{}", came.text);
}
