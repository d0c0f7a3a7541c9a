//! Claims of agencies on the pages.

use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::{Person, World};
use serde_json::json;

use super::today;

/// SP-09: an agency opens a claim for a device that it may not look up. It is told nothing about it, and loses nothing
/// that it has typed.
#[tokio::test]
async fn sp_09_an_agency_files_a_claim_by_a_serial_that_it_may_not_look_up() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let body = json!({"code": "A1", "name": {"en": "A1", "fa": "A1", "zh": "A1", "pl": "A1"}, "kind": "service",
        "status": "active", "vetted_to": "2099-01-01", "language": "en"});
    assert_eq!(admin.post("/api/agencies", &body).await.status, 201);
    let agency =
        Person { agency: Some("A1".into()), branch: Some("B1".into()), ..Person::with("a1", &["agency"]) };
    world.employ(vec![agency]).await;
    let owner = admin.get("/api/customers/C1").await.at("/name");
    let mut browser = Browser::of(&world);
    browser.become_user(&world, "a1").await;

    let found = browser.get("/intake?q=SN1").await;
    assert_eq!(found.status, 200, "{}", found.html);
    assert!(found.html.contains("process=agency_repair&amp;q=SN1"), "{}", found.html);
    assert!(!found.html.contains(owner.as_str().unwrap()), "{}", found.html);

    let form = browser.get("/intake?q=SN1&process=agency_repair").await;
    let [once, csrf] = ["once", "csrf"].map(|name| form.hidden("id=\"form\"", name));
    assert_eq!(form.hidden("id=\"form\"", "device"), "SN1");
    let day = today(&world).to_string();
    let fields = [
        ("process", "agency_repair"),
        ("once", once.as_str()),
        ("csrf", csrf.as_str()),
        ("device", "SN1"),
        ("channel", "agent"),
        ("f:claiming_agency", "A1"),
        ("f:fault", "noise"),
        ("f:fault_code", "noise"),
    ];
    let refused = browser.post("/intake", &fields).await;
    assert_eq!(refused.status, 422, "the day is missing: {}", refused.html);
    assert!(refused.html.contains("value=\"SN1\"") && refused.html.contains("noise"), "{}", refused.html);
    let whole = [&fields[..], &[("f:repaired_on:date", day.as_str())]].concat();
    let opened = browser.post("/intake", &whole).await;
    assert!(opened.location.starts_with("/tickets/"), "{} {}", opened.status, opened.html);
    assert_eq!(browser.get(&opened.location).await.status, 200);
}
