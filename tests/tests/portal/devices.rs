//! Asking for service by the device: by the sign on it, and for several at once.

use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::World;
use serde_json::json;

use super::sent_code;

// SY-01
#[tokio::test]
async fn a_sign_on_a_device_asks_for_service_without_an_account_and_tells_nothing_of_its_owner() {
    let (world, _) = World::furnished().await;
    let mut browser = Browser::of(&world);
    let page = browser.get("/device/SN1").await;
    assert_eq!(page.status, 200, "{}", page.html);
    assert!(page.html.contains("Fridge 200"), "{}", page.html);
    let form = browser.get("/device/SN1?process=onsite_repair").await;
    for secret in ["کاظمی", "0912", "۰۹۱۲", "C1"] {
        assert!(!page.html.contains(secret) && !form.html.contains(secret), "{secret}");
    }
    // Whoever cannot scan the sign types what stands on it, and tries again after a slip.
    let door = browser.get("/track").await;
    assert!(door.html.contains("href=\"/device\""), "{}", door.html);
    assert!(browser.get("/device").await.html.contains("name=\"serial\""));
    assert_eq!(
        browser.get("/device?serial=+SN1&process=onsite_repair").await.location,
        "/device/SN1?process=onsite_repair"
    );
    assert_eq!(browser.get("/device?serial=%2F..%2Fx%3Fy").await.location, "/device/%2F..%2Fx%3Fy");
    let unknown = browser.get("/device/NOBODY").await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.html.contains("name=\"serial\" value=\"NOBODY\""), "{}", unknown.html);
    let fields = [
        ("process", "onsite_repair"),
        ("f:fault", "leaks at the door"),
        ("f:warranty_kind", "internal"),
        ("name", "Neighbour"),
        ("phone", "0935 111 2222"),
        ("branch", "B1"),
    ];
    let missing = browser.post("/device/SN1", &fields[..4]).await;
    assert_eq!(missing.status, 422);
    assert!(missing.html.contains("leaks at the door"), "what was typed is gone: {}", missing.html);
    assert_eq!(browser.post_from("cross-site", "/device/SN1", &fields).await.status, 403);
    let asked = browser.post("/device/SN1", &fields).await;
    assert_eq!((asked.status, asked.location.as_str()), (303, "/track/sign-in"), "{}", asked.html);
    let before =
        world.as_user("admin").await.get("/api/tickets").await.at("/items").as_array().unwrap().len();
    let (code, to) = sent_code(&world, 1).await;
    assert!(to.contains("9351112222"), "{to}");
    let opened = browser.post("/track/sign-in", &[("code", &code)]).await;
    assert_eq!(opened.status, 303, "{}", opened.html);
    let ticket = browser.get(&opened.location).await;
    assert!(ticket.html.contains("leaks at the door"), "{}", ticket.html);
    assert!(!ticket.html.contains("کاظمی"));
    let all = world.as_user("admin").await.get("/api/tickets").await;
    assert_eq!(all.at("/items").as_array().unwrap().len(), before + 1);
    assert_eq!(all.at("/items/0/channel"), "qr", "{}", all.text);
    assert_eq!(all.at("/items/0/customer/name"), "Neighbour", "{}", all.text);
}

// SP-07, SY-03
#[tokio::test]
async fn a_customer_asks_for_several_devices_in_one_form_and_each_gets_what_it_needs() {
    let (world, code) = World::furnished().await;
    let admin = world.as_user("admin").await;
    for serial in ["SN2", "SN3"] {
        let device = json!({"serial": serial, "product": "F200", "status": "sold", "owner": "C1"});
        assert_eq!(admin.post("/api/devices", &device).await.status, 201);
    }
    let mut browser = Browser::of(&world);
    browser.post("/track", &[("what", &code)]).await;
    let (sent, _) = sent_code(&world, 1).await;
    assert_eq!(browser.post("/track/sign-in", &[("code", &sent)]).await.status, 303);
    let path = "/track/new/household_request";
    let page = browser.get(path).await;
    for device in ["Fridge 200 · SN2", "Fridge 200 · SN3"] {
        assert!(page.html.contains(device), "{device}: {}", page.html);
    }
    let (csrf, once) = (page.hidden(path, "csrf"), page.hidden(path, "once"));
    let mut fields = vec![
        ("csrf", csrf.as_str()),
        ("once", once.as_str()),
        ("branch", "B1"),
        ("f:devices:0:serial", "SN2"),
        ("f:devices:0:wish", "repair"),
        ("f:devices:1:serial", "SN3"),
        ("f:devices:1:wish", "installation"),
    ];
    let refused = browser.post(path, &fields).await;
    assert_eq!(refused.status, 422, "what is wrong with the first? {}", refused.html);
    assert!(refused.html.contains("SN3"), "what was typed is gone: {}", refused.html);
    let again = refused.hidden(path, "once");
    fields[1].1 = &again;
    fields.push(("f:devices:0:fault", "warm"));
    let asked = browser.post(path, &fields).await;
    assert_eq!(asked.status, 303, "{}", asked.html);
    let whole = browser.get(&asked.location).await;
    assert_eq!(whole.status, 200);
    for (serial, process) in [("SN2", "onsite_repair"), ("SN3", "installation")] {
        let opened = admin.get(&format!("/api/tickets?device={serial}")).await;
        assert_eq!(opened.at("/items/0/process"), process, "{}", opened.text);
        let child = opened.at("/items/0/code");
        let link = format!("href=\"/track/{}\"", child.as_str().unwrap_or_default());
        assert!(whole.html.contains(&link), "{link}: {}", whole.html);
    }
}
