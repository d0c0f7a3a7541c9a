//! Pictures and papers of a ticket: who may see them, and that nothing but what they show is kept.

use aftercare_tests::client::{Client, Reply, pixel};
use aftercare_tests::world::{Person, World};
use reqwest::Method;
use serde_json::{Value, json};

async fn opened(world: &World) -> String {
    world.furnish().await;
    world.open().await.at("/code").as_str().unwrap().to_owned()
}

async fn send(client: &Client, code: &str, query: &str, body: Vec<u8>) -> Reply {
    let path = format!("/api/tickets/{code}/files?{query}");
    client.send(client.request(Method::POST, &path).body(body)).await
}

fn header<'a>(reply: &'a Reply, name: &str) -> &'a str {
    reply.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn names(client: &Client, code: &str) -> Vec<Value> {
    let files = client.get(&format!("/api/tickets/{code}/files")).await;
    assert_eq!(files.status, 200, "{}", files.text);
    files.json().as_array().into_iter().flatten().map(|file| file["name"].clone()).collect()
}

/// BS-13, BS-20
#[tokio::test]
async fn a_customer_sees_the_pictures_that_are_meant_for_customers() {
    let world = World::start().await;
    let code = opened(&world).await;
    let (clerk, technician) = (world.as_user("reception").await, world.as_user("technician").await);
    let first = send(&clerk, &code, "name=before.png&kind=photo_initial&seen_by=customer", pixel()).await;
    assert_eq!((first.status, first.at("/media_type")), (201, json!("image/png")), "{}", first.text);
    assert_eq!(send(&technician, &code, "name=board.png&kind=photo", pixel()).await.status, 201);
    world.employ(vec![Person { customer: Some("C1".into()), ..Person::with("owner", &["customer"]) }]).await;
    let owner = world.as_user("owner").await;
    assert_eq!(names(&clerk, &code).await, [json!("before.png"), json!("board.png")]);
    assert_eq!(names(&owner, &code).await, [json!("before.png")]);
    let path = |id: i64| format!("/api/tickets/{code}/files/{id}");
    let id = first.at("/id").as_i64().unwrap();
    let shown = owner.get(&path(id)).await;
    assert_eq!((shown.status, header(&shown, "content-type")), (200, "image/png"));
    assert!(header(&shown, "content-disposition").starts_with("attachment"), "it is never run in a page");
    let small = owner.get(&format!("{}?small=true", path(id))).await;
    assert_eq!((small.status, header(&small, "content-type")), (200, "image/jpeg"));
    assert_eq!(owner.get(&path(id + 1)).await.status, 404, "a picture for staff");
    let own = send(&owner, &code, "name=mine.png&seen_by=staff", pixel()).await;
    assert_eq!((own.status, own.at("/seen_by")), (201, json!("customer")), "{}", own.text);
}

#[tokio::test]
async fn what_is_no_picture_and_no_paper_is_refused_in_words_and_nothing_is_kept() {
    let world = World::start().await;
    let code = opened(&world).await;
    let clerk = world.as_user("reception").await;
    for (query, body, wrong) in [
        ("name=a.svg", b"<svg onload=alert(1)>".to_vec(), "file_kind"),
        ("name=a.pdf", pixel(), "file_ending"),
        ("name=a.png", pixel()[..50].to_vec(), "file_damaged"),
        ("name=..%2Fa.png", pixel(), "file_name"),
    ] {
        let refused = send(&clerk, &code, query, body).await;
        assert_eq!((refused.status, refused.at("/errors/0/code")), (422, json!(wrong)), "{}", refused.text);
    }
    assert_eq!(send(&clerk, &code, "name=a.pdf", vec![0; 10 * 1024 * 1024 + 1]).await.status, 413);
    assert_eq!(send(&clerk, &code, "name=a.png&kind=song", pixel()).await.status, 400);
    assert_eq!(names(&clerk, &code).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_ticket_has_twenty_files_and_no_more() {
    let world = World::start().await;
    let code = opened(&world).await;
    let clerk = world.as_user("reception").await;
    for _ in 0..20 {
        assert_eq!(send(&clerk, &code, "name=a.pdf", b"%PDF-1.7".to_vec()).await.status, 201);
    }
    let refused = send(&clerk, &code, "name=a.pdf", b"%PDF-1.7".to_vec()).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert_eq!(names(&clerk, &code).await.len(), 20);
}

// SOS-26: a scan of several pages is larger than what other requests may bring, wherever it goes.
#[tokio::test]
async fn a_scan_of_some_megabytes_is_kept_with_an_entry_of_a_register_as_with_a_ticket() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let scan = [b"%PDF-1.7 ".to_vec(), vec![b'x'; 3 << 20]].concat();
    let path = "/api/registers/devices/SN1/files?name=scan.pdf";
    let kept = admin.send_file(path, "application/pdf", scan.clone()).await;
    assert_eq!(kept.status, 201, "{}", kept.text);
    let place = kept.headers["location"].to_str().unwrap();
    assert_eq!(admin.bytes(place).await, scan);
}
