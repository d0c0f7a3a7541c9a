//! A technician takes parts out of his own van: what is in it is offered first, what is used leaves it, and the books say
//! from where.

use std::collections::BTreeMap;

use aftercare_tests::client::Client;
use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::World;
use serde_json::{Value, json};

/// A demo request in the hands of the demo's technician, at the planning of its work.
async fn planned(world: &World) -> (String, Client) {
    let reception = world.as_user("reception").await;
    let devices = reception.get("/api/devices?limit=200").await.json();
    let (dispatcher, technician) = (world.as_user("dispatcher").await, world.as_user("technician").await);
    let visit = (world.app.clock.now() + chrono::TimeDelta::days(2)).format("%FT08:00:00Z").to_string();
    for device in
        devices["items"].as_array().into_iter().flatten().filter(|device| device["owner"].is_string())
    {
        let body = json!({"process": "onsite_repair", "branch": "THR1", "device": device["serial"],
            "data": {"fault": "does not drain", "warranty_kind": "internal"}});
        let opened = reception.post("/api/tickets", &body).await;
        let Some(code) = opened.at("/code").as_str().map(str::to_owned) else { continue };
        // One that is covered goes to dispatch by itself.
        let visit = json!({"technician": "technician", "visit_at": visit});
        let given = step(&dispatcher, &code, "assign_technician", visit).await;
        if given != 200 {
            continue;
        }
        let safe = json!({"safety": {"power_off": true, "supply_shut": true, "area_clear": true, "protection": true}});
        let deeds = [
            ("set_out", json!({})),
            ("arrive", json!({})),
            ("safe", safe),
            ("diagnosed", json!({"findings": "worn", "fault_code": "electronics"})),
        ];
        for (event, data) in deeds {
            assert_eq!(step(&technician, &code, event, data).await, 200, "{event}");
        }
        return (code, technician);
    }
    panic!("no device of the demo is covered");
}

async fn step(client: &Client, code: &str, event: &str, data: Value) -> u16 {
    let revision = client.get(&format!("/api/tickets/{code}")).await.at("/ticket/revision");
    let body = json!({"revision": revision, "data": data});
    client.post(&format!("/api/tickets/{code}/steps/{event}"), &body).await.status
}

/// How much of a part a warehouse holds.
async fn held(world: &World, warehouse: &str, part: &str) -> String {
    let manager = world.as_user("manager").await;
    let level = manager.get(&format!("/api/stock?warehouse={warehouse}&part={part}")).await;
    level.at("/0/quantity").as_str().unwrap_or("0").to_owned()
}

#[tokio::test]
async fn parts_are_taken_from_the_own_van_on_the_page_and_leave_it() {
    let world = World::demo().await;
    let (code, technician) = planned(&world).await;
    let stock = technician.get("/api/stock?warehouse=VAN-technician").await.json();
    let part = stock[0]["part"].as_str().expect("a part in the van").to_owned();
    let main = held(&world, "W-THR1", &part).await;
    assert_eq!(held(&world, "VAN-technician", &part).await, "3");

    // The page that the telephone keeps has what is in the van, each with its number there.
    let mut browser = Browser::of(&world);
    browser.cookies.insert("aftercare-reader".into(), "en...".into());
    let signed = [("user", "technician"), ("password", "aftercare-demo"), ("back", "/")];
    assert_eq!(browser.post("/sign-in", &signed).await.status, 303);
    let page = browser.get(&format!("/tickets/{code}")).await;
    assert!(page.html.contains("In your van") && page.html.contains("3 there"), "{}", page.html);
    let form = format!("/tickets/{code}/steps/add_parts");
    let field = page.html.split(&format!("value=\"{part}\"")).next().unwrap();
    let name = field.rsplit("name=\"").next().unwrap().split('"').next().unwrap().to_owned();
    let source = name.replace(":code", ":source");
    assert!(page.html.contains(&format!("name=\"{source}\" value=\"van\"")), "{name}");
    let (csrf, once, revision) =
        (page.hidden(&form, "csrf"), page.hidden(&form, "once"), page.hidden(&form, "revision"));
    let (quantity, serial) = (name.replace(":code", ":quantity"), name.replace(":code", ":new_serial"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", once.as_str()),
        ("revision", revision.as_str()),
        (name.as_str(), part.as_str()),
        (source.as_str(), "van"),
        (quantity.as_str(), "2"),
        (serial.as_str(), "N-1"),
    ];
    let taken = browser.post(&form, &fields).await;
    assert_eq!(taken.status, 303, "{}", taken.html);
    // Sent again under its key, as a telephone on a bad line does, it is the same step.
    assert_eq!(browser.post(&form, &fields).await.status, 303);
    let admin = world.as_user("manager").await;
    let charges = admin.get(&format!("/api/tickets/{code}/charges")).await.json();
    let lines = charges["charges"]["lines"].as_array().expect("lines").clone();
    assert_eq!(lines.len(), 1, "{charges:#}");
    assert_eq!(
        (&lines[0]["source"], &lines[0]["warehouse"]),
        (&json!("van"), &json!("VAN-technician")),
        "{charges:#}"
    );

    assert_eq!(step(&technician, &code, "plan_done", json!({})).await, 200);
    let report = json!({"work_report": "replaced", "completed_by": "the customer"});
    assert_eq!(step(&technician, &code, "report", report).await, 200);
    assert_eq!(held(&world, "VAN-technician", &part).await, "1", "two have left the van");
    assert_eq!(held(&world, "W-THR1", &part).await, main, "and none the warehouse");
    assert_eq!(
        step(&world.as_user("quality").await, &code, "quality_passed", json!({"quality": 5})).await,
        200
    );
    // What the stock says and what the books say is the same, van by van.
    let vouchers = world.as_user("accountant").await.get(&format!("/api/tickets/{code}/vouchers")).await;
    assert!(vouchers.text.contains("VAN-technician"), "{}", vouchers.text);
    let stock = world.as_user("accountant").await.get("/api/books/stock").await;
    assert_eq!(stock.status, 200, "{}", stock.text);
}

#[tokio::test]
async fn what_is_not_in_the_van_does_not_leave_it_and_nobody_has_the_van_of_another() {
    let world = World::demo().await;
    let (code, technician) = planned(&world).await;
    let stock = technician.get("/api/stock?warehouse=VAN-technician").await.json();
    let part = stock[0]["part"].as_str().expect("a part in the van").to_owned();
    // It is told when it is picked, and what is planned already is spoken for.
    let pick = async |quantity: u32| {
        let revision = technician.get(&format!("/api/tickets/{code}")).await.at("/ticket/revision");
        let data = json!({"parts": [{"code": part, "quantity": quantity, "source": "van"}]});
        let body = json!({"revision": revision, "data": data});
        technician.post(&format!("/api/tickets/{code}/steps/add_parts"), &body).await
    };
    let refused = pick(9).await;
    assert_eq!(
        (refused.status, refused.at("/reasons/0/code")),
        (422, json!("too_few_in_van")),
        "{}",
        refused.text
    );
    assert_eq!(pick(2).await.status, 200);
    assert_eq!(pick(2).await.status, 422, "three are there, and two are planned");
    assert_eq!(pick(1).await.status, 200);
    assert_eq!(held(&world, "VAN-technician", &part).await, "3");
}

#[tokio::test]
async fn parts_are_asked_for_on_my_day_handed_over_and_theirs_when_both_have_said_so() {
    let world = World::demo().await;
    let (technician, keeper) = (world.as_user("technician").await, world.as_user("warehouse").await);
    let before = differences(&world).await;
    let stock = technician.get("/api/stock?warehouse=VAN-technician").await.json();
    let part = stock[0]["part"].as_str().expect("a part in the van").to_owned();
    let main = held(&world, "W-THR1", &part).await.parse::<f64>().unwrap();
    let mut browser = Browser::of(&world);
    browser.cookies.insert("aftercare-reader".into(), "en...".into());
    browser.become_user(&world, "technician").await;
    let day = browser.get("/my-day").await;
    assert!(day.html.contains("href=\"/intake?process=van_parts\""), "{}", day.html);
    let form = browser.get("/intake?process=van_parts").await;
    assert!(form.html.contains("From the warehouse to the van"), "{}", form.html);
    assert!(form.html.contains("f:parts:0:quantity"), "{}", form.html);
    assert!(!form.html.contains("_serial"), "parts that only move have none: {}", form.html);

    let wanted = json!({"van_direction": "out", "parts": [{"code": part, "quantity": 2}]});
    let opened = technician.post("/api/tickets", &json!({"process": "van_parts", "data": wanted})).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let code = opened.at("/code").as_str().unwrap().to_owned();
    let given = json!({"parts": [{"code": part, "quantity": 2}]});
    assert_eq!(step(&keeper, &code, "hand_over", given).await, 200);
    assert_eq!(
        held(&world, "VAN-technician", &part).await,
        "3",
        "nothing has moved before both have said so"
    );
    assert!(browser.get("/my-day").await.html.contains(&format!("/tickets/{code}/steps/confirm")));
    // SP-38: the warehouse hears of it when one part less makes it too few.
    minimum(&world, &part, main).await;
    assert_eq!(step(&technician, &code, "confirm", json!({})).await, 200);
    let told = world.as_user("manager").await.get(&format!("/api/tickets/{code}/messages")).await.json();
    let alerts: Vec<&Value> = told
        .as_array()
        .expect("messages")
        .iter()
        .filter(|one| one["message"] == "part_below_minimum" && one["recipient"] == "warehouse")
        .collect();
    assert_eq!(alerts.len(), 1, "{told:#}");
    let text = alerts[0]["text"].as_str().unwrap_or_default();
    assert!(text.contains(&part) && text.contains("W-THR1"), "{text}");
    assert_eq!(held(&world, "VAN-technician", &part).await, "5");
    assert_eq!(held(&world, "W-THR1", &part).await.parse::<f64>().unwrap(), main - 2.0);

    let back = json!({"van_direction": "back", "parts": [{"code": part, "quantity": 4}]});
    let opened = technician.post("/api/tickets", &json!({"process": "van_parts", "data": back})).await;
    let code = opened.at("/code").as_str().unwrap().to_owned();
    let taken = json!({"parts": [{"code": part, "quantity": 4}]});
    assert_eq!(step(&keeper, &code, "take_in", taken).await, 200);
    assert_eq!(held(&world, "VAN-technician", &part).await, "1");
    // The books know each store, and say the same of it as the stock does: what lies between them elsewhere is of
    // repairs that are under way.
    assert_eq!(differences(&world).await, before);
    assert_eq!(before.get("VAN-technician").map(String::as_str), Some("0"), "{before:?}");
}

/// Says of a part how many of it a warehouse should have.
async fn minimum(world: &World, part: &str, least: f64) {
    let admin = world.as_user("admin").await;
    let mut entry = admin.get(&format!("/api/parts/{part}")).await.json();
    entry["min_level"] = json!(least.to_string());
    let changed = admin.put(&format!("/api/parts/{part}"), &entry).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
}

/// What lies between the stock and the books, by store.
async fn differences(world: &World) -> BTreeMap<String, String> {
    let books = world.as_user("accountant").await.get("/api/books/stock").await.json();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    books
        .as_array()
        .expect("stores")
        .iter()
        .map(|row| (text(row, "warehouse"), text(row, "difference")))
        .collect()
}
