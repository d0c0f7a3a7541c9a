//! Every route by every role on somebody else's things. The routes are those of the sources, so that a new one is asked
//! as well: nobody outside, and nobody of another branch, finds anything of a ticket that is not theirs.

use std::collections::BTreeSet;
use std::path::Path;

use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::{Person, World, customer};
use serde_json::json;

/// What stands in the foreign ticket and nowhere else.
const SECRETS: [&str; 3] = ["it does not cool", "علی کاظمی", "9121234567"];

/// Every address that some page has, as the sources register it.
fn routes() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src/http");
    let mut found = BTreeSet::new();
    let mut open = vec![folder];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for part in text.split(".at(").skip(1) {
            let address = part.trim_start().trim_start_matches('"').split('"').next().unwrap_or_default();
            if address.starts_with('/') {
                found.insert(address.to_owned());
            }
        }
    }
    found
}

/// The address about these things.
fn filled(route: &str, ticket: &str) -> String {
    let pairs = [
        (":code", ticket),
        (":serial", "SN1"),
        (":name", "customers"),
        (":event", "pay_for_repair"),
        (":process", "onsite_repair"),
        (":reference", "1"),
        (":paper", "paper_work_order"),
        (":number", "ST-0001"),
        (":key", "request_registered"),
        (":secret", "AAAAAAAAAAAAAAAAAAAAAA"),
        (":step", "1"),
        (":index", "0"),
        (":deed", "review"),
        (":version", "x"),
        (":id", "1"),
        (":group", "open"),
        (":account", "111001"),
        (":of", "deferral"),
    ];
    pairs.iter().fold(route.to_owned(), |path, (name, value)| path.replace(name, value))
}

#[tokio::test]
async fn no_page_tells_anybody_of_a_ticket_that_is_not_theirs() {
    let (world, code) = World::furnished().await;
    let admin = world.as_user("admin").await;
    assert_eq!(admin.post("/api/customers", &customer("C2", "Sara", &["09350000000"])).await.status, 201);
    let agency = json!({"code": "AG1", "name": {"en": "A", "fa": "A", "zh": "A", "pl": "A"}, "kind": "service",
        "status": "active", "vetted_to": "2099-01-01", "language": "en"});
    let added = admin.post("/api/agencies", &agency).await;
    assert_eq!(added.status, 201, "{}", added.text);
    world
        .employ(vec![
            Person { branch: Some("B2".into()), ..Person::with("far", &["reception"]) },
            Person { branch: Some("B2".into()), ..Person::with("far_away", &["technician"]) },
            Person { customer: Some("C2".into()), ..Person::with("other_customer", &["customer"]) },
            Person { agency: Some("AG1".into()), ..Person::with("other_agency", &["agency"]) },
            Person { agency: Some("AG1".into()), ..Person::with("other_partner", &["partner"]) },
            Person::with("nobody", &[]),
        ])
        .await;
    let routes = routes();
    assert!(routes.len() > 45, "{routes:?}");
    let mut asked = 0;
    for name in ["", "far", "far_away", "other_customer", "other_agency", "other_partner", "nobody"] {
        let mut browser = Browser::of(&world);
        if !name.is_empty() {
            browser.become_user(&world, name).await;
        }
        for route in &routes {
            // What hangs in the air as long as one listens tells no more than its beginning.
            if route.ends_with("/live") && !route.contains(":code") {
                continue;
            }
            // Staff of any branch look customers up: that is their work. Everything else is about this ticket.
            let is_register = route.starts_with("/registers") || route == "/intake";
            let is_entry = route.starts_with("/devices/") || route.starts_with("/customers/");
            if (is_register && name.starts_with("far")) || (is_entry && name == "far") {
                continue;
            }
            let path = filled(route, &code);
            assert!(!path.contains("/:"), "a part of `{route}` that the test does not know");
            let page = browser.get(&path).await;
            asked += 1;
            assert!(page.status < 500, "{name} {path}: {} {}", page.status, page.html);
            for secret in SECRETS {
                assert!(!page.html.contains(secret), "`{name}` finds `{secret}` at {path}");
            }
            if path.contains(&format!("/tickets/{code}")) {
                assert!(
                    [303, 403, 404, 405].contains(&page.status),
                    "`{name}` gets {} at {path}",
                    page.status
                );
            }
        }
    }
    assert!(asked > 250, "{asked}");
    nothing_is_done_by_them(&world, &routes, &code).await;
}

/// What changes something is refused to everybody from elsewhere, and changes nothing.
async fn nothing_is_done_by_them(world: &World, routes: &BTreeSet<String>, code: &str) {
    let admin = world.as_user("admin").await;
    let before = admin.get(&format!("/api/tickets/{code}")).await.text;
    for name in ["far", "other_customer", "other_agency", "other_partner", "nobody"] {
        let mut browser = Browser::of(world);
        browser.become_user(world, name).await;
        let csrf = {
            let page = browser.get("/account").await;
            page.hidden("/sign-out", "csrf")
        };
        for route in routes.iter().filter(|route| route.contains(":code") && route.contains("steps")) {
            let fields = [("csrf", csrf.as_str()), ("revision", "1")];
            let answer = browser.post(&filled(route, code), &fields).await;
            assert!([403, 404].contains(&answer.status), "{name} {route}: {}", answer.status);
        }
    }
    assert_eq!(admin.get(&format!("/api/tickets/{code}")).await.text, before);
}

// P: 3.4.3, 3.4.6: whatever an address answers, and to whom, no script or style of its own text runs, and nobody frames it.
#[tokio::test]
async fn every_address_has_a_strict_policy() {
    let (world, code) = World::furnished().await;
    let described = world.anyone.get("/api/openapi.json").await.json();
    let mut addresses: BTreeSet<String> = routes().iter().map(|route| filled(route, &code)).collect();
    for (path, verbs) in described["paths"].as_object().expect("paths") {
        if verbs.get("get").is_some() {
            let parts = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
            addresses.insert(parts.collect::<Vec<_>>().join("/"));
        }
    }
    let own = ["/api", "/api/browse.js", "/api/browser.js", "/api/browse.css", "/healthz", "/nowhere"];
    addresses.extend(own.map(str::to_owned));
    assert!(addresses.len() > 150, "{}", addresses.len());
    let mut staff = Browser::of(&world);
    staff.sign_in("admin").await;
    for browser in [&mut staff, &mut Browser::of(&world)] {
        // What is sent as it happens does not end.
        for address in addresses.iter().filter(|address| !address.ends_with("/live")) {
            let policy = browser.get(address).await.policy;
            assert!(policy.starts_with("default-src 'none';"), "{address}: `{policy}`");
            assert!(policy.contains("frame-ancestors 'none'"), "{address}: `{policy}`");
            assert!(!policy.contains("unsafe") && !policy.contains('*'), "{address}: `{policy}`");
        }
    }
}
