//! The log of a whole story: what went wrong is in it, and nothing that is anybody's secret (4.8, P30).

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use aftercare_tests::client::Client;
use aftercare_tests::world::{PASSWORD, Person, World};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::json;

use crate::binary;

const NATIONAL_ID: &str = "0499370899";
const EMAIL: &str = "maryam.private@example.com";
/// Somebody types the password where the name belongs.
const SLIP: &str = "copper lantern 9 rivers";

/// Codes that were sent to telephones.
async fn codes(world: &World) -> Vec<String> {
    let raw = Database::connect(world.app.config.database()).await.expect("a connection");
    let sql = "SELECT body FROM outbox WHERE channel = 'sms'";
    let rows = raw.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.expect("rows");
    let bodies = rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("a text"));
    let digits = |body: String| -> Vec<String> {
        let latin = aftercare_engine::text::latin_digits(&body);
        let words = latin.split(|letter: char| !letter.is_ascii_digit());
        words.filter(|word| word.len() == 6).map(str::to_owned).collect()
    };
    bodies.flat_map(digits).collect()
}

async fn story(client: &Client, world: &World) -> Vec<String> {
    let mut secrets =
        vec![PASSWORD.to_owned(), SLIP.into(), NATIONAL_ID.into(), EMAIL.into(), "9121234567".into()];
    for (user, password) in
        [("admin", "a wrong guess 4711"), (SLIP, ""), ("eve\nFAKE LINE", "x"), ("admin", PASSWORD)]
    {
        let begun = client.post("/api/session", &json!({"user": user, "password": password})).await;
        secrets.extend(begun.at("/token").as_str().map(str::to_owned));
    }
    secrets.push("a wrong guess 4711".into());
    let admin = client.with_token(secrets.iter().find(|one| one.len() > 40).expect("a token"));
    let customer = json!({"code": "C9", "kind": "person", "name": "Maryam", "phones": ["09351112233"],
        "language": "en", "email": EMAIL, "national_id": NATIONAL_ID});
    let added = admin.post("/api/customers", &customer).await;
    assert_eq!(added.status, 201, "{}", added.text);
    secrets.push("9351112233".into());
    // Refused, in several ways.
    let again = admin.post("/api/customers", &customer).await;
    assert!(again.status >= 400, "{}", again.text);
    let technician = world.as_user("technician").await;
    secrets.push(technician.token().expect("a token").to_owned());
    let technician = client.with_token(technician.token().expect("a token"));
    assert_eq!(technician.post("/api/customers", &customer).await.status, 403);
    assert_eq!(technician.get("/api/users").await.status, 403);
    let phone = format!("/api/customers?search={}", "09121234567");
    technician.get(&phone).await;
    client
        .post_raw("/api/session", format!("{{\"user\": \"{EMAIL}\", \"password\": 09121234567").into())
        .await;
    // A customer asks for a code.
    let opened = world.open().await;
    let code = opened.at("/code").as_str().expect("a code").to_owned();
    let _ = code;
    let form = "what=09121234567";
    let asked = client.request("POST".parse().unwrap(), "/track").header("sec-fetch-site", "same-origin");
    let asked = asked.header("content-type", "application/x-www-form-urlencoded").body(form).send().await;
    assert!(asked.expect("an answer").status().as_u16() < 500);
    secrets
}

#[tokio::test]
async fn the_log_of_a_whole_story_tells_what_was_refused_and_nobodys_secret() {
    let world = World::start().await;
    world.furnish().await;
    world.employ(vec![Person::with("clerk", &["reception"])]).await;
    let mut server = binary()
        .args(["serve", "--no-demo", "--listen", "127.0.0.1:0", "--log", "debug", "--data"])
        .arg(world.folder())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut lines = BufReader::new(server.stdout.take().expect("its output")).lines().map_while(Result::ok);
    let address =
        lines.find_map(|line| line.trim().strip_prefix("Address").map(|rest| rest.trim().to_owned()));
    let mut log = server.stderr.take().expect("its log");
    let reading = std::thread::spawn(move || {
        let mut text = String::new();
        log.read_to_string(&mut text).map(|_| text)
    });
    let mut secrets = story(&Client::new(&address.expect("an address")), &world).await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let sent = codes(&world).await;
    assert!(!sent.is_empty(), "no code was sent");
    secrets.extend(sent);
    server.kill().expect("it ends");
    server.wait().expect("it ends");
    let log = reading.join().expect("the reader").expect("text");
    for told in ["A sign-in as `admin` failed", "was refused", "technician"] {
        assert!(log.contains(told), "`{told}` is not in\n{log}");
    }
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        let at = log.lines().find(|line| line.contains(secret.as_str()));
        assert!(at.is_none(), "`{secret}` is in the log: {at:?}");
    }
    assert!(!log.lines().any(|line| line.trim_start().starts_with("FAKE LINE")), "{log}");
}
