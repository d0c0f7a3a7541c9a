//! Claims of agencies on the pages.

use aftercare_tests::client::pixel;
use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::{PASSWORD, Person, World};
use serde_json::json;

use super::{take, today};

/// A company with an agency, the person of which is `a1`.
async fn with_agency() -> World {
    let world = World::start().await;
    world.furnish().await;
    let body = json!({"code": "A1", "name": {"en": "A1", "fa": "A1", "zh": "A1", "pl": "A1"}, "kind": "service",
        "status": "active", "vetted_to": "2099-01-01", "language": "en"});
    assert_eq!(world.as_user("admin").await.post("/api/agencies", &body).await.status, 201);
    let agency =
        Person { agency: Some("A1".into()), branch: Some("B1".into()), ..Person::with("a1", &["agency"]) };
    world.employ(vec![agency]).await;
    world
}

/// SP-09: an agency opens a claim for a device that it may not look up. It is told nothing about it, and loses nothing
/// that it has typed.
#[tokio::test]
async fn sp_09_an_agency_files_a_claim_by_a_serial_that_it_may_not_look_up() {
    let world = with_agency().await;
    let admin = world.as_user("admin").await;
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

/// A page says whom a claim waits for: first the agency that has it, then those who look through it.
#[tokio::test]
async fn sp_33_a_claim_waits_for_the_agency_until_it_is_handed_in_and_then_for_whoever_decides() {
    let world = with_agency().await;
    let agency = world.as_user("a1").await;
    let data = json!({"claiming_agency": "A1", "fault": "noise", "fault_code": "noise", "repaired_on": today(&world)});
    let body =
        json!({"process": "agency_repair", "branch": "B1", "device": "SN1", "customer": "C1", "data": data});
    let dispatcher = world.as_user("dispatcher").await;
    let opened = dispatcher.post("/api/tickets", &body).await;
    let code = opened.at("/code").as_str().unwrap_or_else(|| panic!("{}", opened.text)).to_owned();
    let mut browser = Browser::of(&world);
    browser.become_user(&world, "accountant").await;
    let page = browser.get(&format!("/tickets/{code}")).await.html;
    assert!(page.contains("Waiting for: A1<"), "{page}");

    let ticket = format!("/api/tickets/{code}");
    let sheet = format!("{ticket}/files?name=sheet.png&kind=job_sheet");
    assert_eq!(agency.send_file(&sheet, "image/png", pixel()).await.status, 201);
    let service = json!({"code": "LAB", "name": {"en": "Labour"}, "kind": "labour", "price": "1000"});
    assert_eq!(world.as_user("admin").await.post("/api/services", &service).await.status, 201);
    take(&agency, &ticket, "add_services", json!({"services": [{"code": "LAB", "quantity": 1}]})).await;
    take(&agency, &ticket, "submit", json!({"work_report": "gas refilled"})).await;
    let page = browser.get(&format!("/tickets/{code}")).await.html;
    assert!(page.contains("Waiting for: Quality"), "{page}");
}

/// A form that asks for a line offers the lines, and the step is about the one that was chosen.
#[tokio::test]
async fn sp_09_an_agency_takes_a_line_out_of_its_claim_on_the_page() {
    let world = with_agency().await;
    let admin = world.as_user("admin").await;
    for code in ["LAB", "WAY"] {
        let service = json!({"code": code, "name": {"en": code}, "kind": "labour", "price": "1000"});
        assert_eq!(admin.post("/api/services", &service).await.status, 201);
    }
    let data = json!({"claiming_agency": "A1", "fault": "noise", "fault_code": "noise", "repaired_on": today(&world)});
    let body = json!({"process": "agency_repair", "branch": "B1", "device": "SN1", "data": data});
    let opened = world.as_user("dispatcher").await.post("/api/tickets", &body).await;
    let code = opened.at("/code").as_str().unwrap_or_else(|| panic!("{}", opened.text)).to_owned();
    let services = json!({"services": [{"code": "LAB", "quantity": 1}, {"code": "WAY", "quantity": 1}]});
    take(&world.as_user("a1").await, &format!("/api/tickets/{code}"), "add_services", services).await;

    let mut browser = Browser::of(&world);
    browser.become_user(&world, "a1").await;
    let page = browser.get(&format!("/tickets/{code}")).await;
    let form = format!("/tickets/{code}/steps/remove_line");
    let [csrf, once, revision] = ["csrf", "once", "revision"].map(|name| page.hidden(&form, name));
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", once.as_str()),
        ("revision", revision.as_str()),
        ("f:line_no", "2"),
    ];
    let done = browser.post(&form, &fields).await;
    assert!(done.location.starts_with(&format!("/tickets/{code}")), "{} {}", done.status, done.html);
    let left = admin.get(&format!("/api/tickets/{code}/charges")).await;
    assert_eq!((left.at("/charges/lines/0/code"), left.at("/charges/lines/1")), (json!("LAB"), json!(null)));
}

/// What an agency claims from the company is between these two. The owner of the device sees that it was repaired.
#[tokio::test]
async fn sp_33_the_papers_of_a_claim_and_what_was_declined_in_it_are_not_shown_to_the_owner_of_the_device() {
    let world = with_agency().await;
    let service = json!({"code": "LAB", "name": {"en": "Labour"}, "kind": "labour", "price": "1000"});
    assert_eq!(world.as_user("admin").await.post("/api/services", &service).await.status, 201);
    let owner = Person { customer: Some("C1".into()), ..Person::with("owner", &["customer"]) };
    world.employ(vec![owner, Person::with("quality", &["quality"])]).await;
    let (agency, quality) = (world.as_user("a1").await, world.as_user("quality").await);
    let data = json!({"claiming_agency": "A1", "fault": "noise", "fault_code": "noise", "repaired_on": today(&world)});
    let body =
        json!({"process": "agency_repair", "branch": "B1", "device": "SN1", "customer": "C1", "data": data});
    let opened = world.as_user("dispatcher").await.post("/api/tickets", &body).await;
    let code = opened.at("/code").as_str().unwrap_or_else(|| panic!("{}", opened.text)).to_owned();
    let ticket = format!("/api/tickets/{code}");
    take(&agency, &ticket, "add_services", json!({"services": [{"code": "LAB", "quantity": 1}]})).await;
    let sheet = format!("{ticket}/files?name=sheet.png&kind=job_sheet");
    assert_eq!(agency.send_file(&sheet, "image/png", pixel()).await.status, 201);
    take(&agency, &ticket, "submit", json!({"work_report": "gas refilled"})).await;
    take(&quality, &ticket, "reject_claim", json!({"decision_reason": "out of cover"})).await;

    let mut paper = String::new();
    for who in ["quality", "a1"] {
        let mut browser = Browser::of(&world);
        browser.become_user(&world, who).await;
        let page = browser.get(&format!("/tickets/{code}")).await;
        let start = page.html.find(&format!("/tickets/{code}/documents/"));
        let start = start.unwrap_or_else(|| panic!("{who} finds no claim: {}", page.html));
        paper = page.html[start..].split('"').next().unwrap().to_owned();
        assert_eq!(browser.get(&paper).await.status, 200, "{who}");
    }
    let mut browser = Browser::of(&world);
    let fields = [("user", "owner"), ("password", PASSWORD), ("back", "/track")];
    assert_eq!(browser.post("/sign-in", &fields).await.location, "/track");
    let page = browser.get(&format!("/track/{code}")).await;
    assert!(page.status == 200 && page.html.contains("Labour"), "{} {}", page.status, page.html);
    assert!(!page.html.contains("/documents/") && !page.html.contains("is-declined"), "{}", page.html);
    assert_eq!(browser.get(&paper.replace("/tickets/", "/track/")).await.status, 404);
}
