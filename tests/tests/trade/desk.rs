//! What the desk has before it when somebody complains or hands a device in.

use aftercare_tests::client::pixel;
use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::{Person, World};
use serde_json::json;

use super::{take, today};

/// The device and its owner with all that is known of them.
async fn described(world: &World) {
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let mut owner = admin.get("/api/customers/C1").await.json();
    owner["address"] = json!("12 Valiasr Street");
    assert_eq!(admin.put("/api/customers/C1", &owner).await.status, 200);
    let mut device = admin.get("/api/devices/SN1").await.json();
    for (name, value) in [("batch", "B7-2025"), ("sold_on", "2025-03-01"), ("installed_on", "2025-03-09")] {
        device[name] = json!(value);
    }
    assert_eq!(admin.put("/api/devices/SN1", &device).await.status, 200);
}

#[tokio::test]
async fn sos_03_sos_04_a_complaint_shows_whose_it_is_and_about_which_unit() {
    let world = World::start().await;
    described(&world).await;
    let clerk = world.as_user("reception").await;
    let data = json!({"about": "device", "about_ref": "SN1", "description": "broken on arrival", "demand": "refund"});
    let body = json!({"process": "complaint", "customer": "C1", "device": "SN1", "data": data});
    let opened = clerk.post("/api/tickets", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let known = clerk.post("/api/devices/lookup", &json!({"serial": "SN1"})).await;
    for (at, value) in [
        ("/device/batch", "B7-2025"),
        ("/device/sold_on", "2025-03-01"),
        ("/device/installed_on", "2025-03-09"),
        ("/customer/address", "12 Valiasr Street"),
    ] {
        assert_eq!(known.at(at), value, "{at}: {}", known.text);
    }
    let mut browser = Browser::of(&world);
    browser.sign_in("manager").await;
    let page = browser.get(&format!("/tickets/{}", opened.at("/code").as_str().unwrap())).await;
    let shown = [
        "12 Valiasr Street",
        "09121234567",
        "Fridge 200",
        "SN1",
        "B7-2025",
        "1 Mar 2025",
        "9 Mar 2025",
        "broken on arrival",
        "Refund",
    ];
    for told in shown {
        assert!(page.html.contains(told), "{told}: {}", page.html);
    }
}

#[tokio::test]
async fn sp_50_bs_19_the_receipt_of_a_device_names_what_came_with_it_and_how_it_looked() {
    let world = World::start().await;
    described(&world).await;
    let clerk = world.as_user("reception").await;
    let data = json!({"fault": "does not cool", "warranty_kind": "internal", "accessories": ["Two shelves", "Manual"],
        "condition": "Scratch on the left side", "declared_value": "20000000"});
    let body = json!({"process": "shop_repair", "customer": "C1", "device": "SN1", "data": data});
    let opened = clerk.post("/api/tickets", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let code = opened.at("/code").as_str().unwrap().to_owned();
    let mut browser = Browser::of(&world);
    browser.sign_in("manager").await;
    let page = browser.get(&format!("/tickets/{code}")).await;
    let mark = format!("/tickets/{code}/documents/");
    let start = page.html.find(&mark).unwrap_or_else(|| panic!("no document: {}", page.html));
    let address = page.html[start..].split('"').next().unwrap().to_owned();
    let receipt = browser.get(&address).await;
    assert_eq!(receipt.status, 200, "{}", receipt.html);
    for told in ["RC-", "SN1", "Two shelves", "Manual", "Scratch on the left side", "does not cool"] {
        assert!(receipt.html.contains(told), "{told}: {}", receipt.html);
    }
}

/// An agency's claim that was accepted, so that its customer is asked; answered with so many stars about something.
async fn answered(world: &World, serial: &str, stars: u8, about: &str) {
    let (agency, quality) = (world.as_user("a1").await, world.as_user("quality").await);
    let data = json!({"claiming_agency": "A1", "fault": "noise", "fault_code": "noise", "repaired_on": today(world)});
    let body = json!({"process": "agency_repair", "branch": "B1", "device": serial, "data": data});
    let opened = agency.post("/api/tickets", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let ticket = format!("/api/tickets/{}", opened.at("/code").as_str().unwrap());
    let services = json!({"services": [{"code": "LAB", "quantity": 1}]});
    take(&agency, &ticket, "add_services", services).await;
    let sheet = format!("{ticket}/files?name=sheet.png&kind=job_sheet");
    assert_eq!(agency.send_file(&sheet, "image/png", pixel()).await.status, 201);
    take(&agency, &ticket, "submit", json!({"work_report": "gas refilled"})).await;
    take(&quality, &ticket, "accept_claim", json!({"decision_reason": "we had promised it"})).await;
    let answer =
        json!({"satisfaction": stars, "problem_persists": false, "feedback_about": about, "feedback": "so"});
    take(&world.as_user("reception").await, &ticket, "answer", answer).await;
}

/// What customers say after the work is collected by what it is about.
#[tokio::test]
async fn sy_38_feedback_is_reported_by_category() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    for (path, body) in [
        (
            "agencies",
            json!({"code": "A1", "name": {"en": "A1"}, "kind": "service", "status": "active",
            "vetted_to": "2099-01-01", "language": "en"}),
        ),
        ("services", json!({"code": "LAB", "name": {"en": "Labour"}, "kind": "labour", "price": "1000"})),
    ] {
        assert_eq!(admin.post(&format!("/api/{path}"), &body).await.status, 201, "{path}");
    }
    let agency =
        Person { agency: Some("A1".into()), branch: Some("B1".into()), ..Person::with("a1", &["agency"]) };
    world.employ(vec![agency, Person::with("quality", &["quality"])]).await;
    for (serial, stars, about) in [("SN1", 5, "people"), ("SN1", 1, "time"), ("SN1", 4, "time")] {
        answered(&world, serial, stars, about).await;
    }
    let manager = world.as_user("manager").await;
    let report = manager.get("/api/reports/feedback").await;
    assert_eq!(report.status, 200, "{}", report.text);
    let rows = report.at("/rows");
    let row = |about: &str| {
        let row = rows.as_array().unwrap().iter().find(|row| row["keys"] == json!([about]));
        row.map_or_else(|| panic!("no row `{about}`: {rows}"), |row| row["values"].clone())
    };
    // Answers, content, unhappy, persisting, with remarks, points.
    assert_eq!(row("time"), json!(["2", "1", "1", "0", "2", "5"]), "{}", report.text);
    assert_eq!(row("people"), json!(["1", "1", "0", "0", "1", "5"]), "{}", report.text);
    assert_eq!(report.at("/total"), json!(["3", "2", "1", "0", "3", "10"]), "{}", report.text);
    // The list behind it: each answer stands with its request.
    let all = manager.get("/api/tickets?process=agency_repair").await.at("/items");
    assert_eq!(all.as_array().map(Vec::len), Some(3), "{all}");
}
