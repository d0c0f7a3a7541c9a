//! Every route of the API by every role, with a ticket that is somebody else's.

use std::collections::BTreeSet;

use aftercare_tests::client::{Client, Reply};
use aftercare_tests::world::{Person, World, customer};
use serde_json::json;

/// What each route asks of its caller: `anyone`; `signed in` (one's own things alone); `ticket` (one that the caller
/// sees); `staff` (people of the house who read tickets); or a right. The routes of the registers follow from their descriptions.
const ROUTES: &[(&str, &str, &str)] = &[
    ("delete", "/session", "signed in"),
    ("get", "/agencies/{code}/account", "vouchers.read"),
    ("get", "/books/journal", "vouchers.read"),
    ("get", "/books/ledger/{account}", "vouchers.read"),
    ("get", "/books/roll-forward/{of}", "vouchers.read"),
    ("get", "/books/stock", "vouchers.read"),
    ("get", "/books/trial-balance", "vouchers.read"),
    ("get", "/books/unbilled", "vouchers.read"),
    ("get", "/books/uncosted", "vouchers.read"),
    ("get", "/books/vat", "vouchers.read"),
    ("get", "/bundles/current", "signed in"),
    ("get", "/customers/{code}/account", "vouchers.read"),
    ("get", "/devices/{key}/life", "devices.read"),
    ("get", "/dispatch/queue", "signed in"),
    ("get", "/devices/{key}/tree", "devices.read"),
    ("get", "/exports/{register}", "devices.read"),
    ("get", "/imports", "registries.read"),
    ("get", "/files", "staff"),
    ("get", "/incidents", "incidents.redrive"),
    ("get", "/letters", "staff"),
    ("get", "/outbox", "incidents.redrive"),
    ("get", "/payment-providers", "signed in"),
    ("get", "/payments/{id}", "anyone"),
    ("get", "/payments/{id}/back", "anyone"),
    ("get", "/payments/{id}/go", "anyone"),
    ("get", "/periods", "vouchers.read"),
    ("get", "/registers/{register}/{key}/files", "devices.read"),
    ("get", "/registers/{register}/{key}/files/{id}", "devices.read"),
    ("get", "/reports", "reports.read"),
    ("get", "/reports/{name}", "reports.read"),
    ("get", "/reports/{name}/file", "reports.read"),
    ("get", "/runs", "vouchers.read"),
    ("get", "/session", "signed in"),
    ("get", "/statements", "vouchers.read"),
    ("get", "/statements/{number}", "vouchers.read"),
    ("get", "/statements/{number}/csv", "vouchers.read"),
    ("get", "/stock", "registries.read"),
    ("get", "/stock/file", "registries.read"),
    ("get", "/tasks", "signed in"),
    ("get", "/tickets", "signed in"),
    ("get", "/tickets/{code}", "ticket"),
    ("get", "/tickets/{code}/activities", "ticket"),
    ("get", "/tickets/{code}/charges", "ticket"),
    ("get", "/tickets/{code}/charges/{line}/explanation", "ticket"),
    ("get", "/tickets/{code}/explanations", "ticket"),
    ("get", "/tickets/{code}/files", "ticket"),
    ("get", "/tickets/{code}/files/{id}", "ticket"),
    ("get", "/tickets/{code}/history", "ticket"),
    ("get", "/tickets/{code}/letters", "ticket"),
    ("get", "/tickets/{code}/letters/{id}", "ticket"),
    ("get", "/tickets/{code}/messages", "ticket"),
    ("get", "/tickets/{code}/steps", "ticket"),
    ("get", "/tickets/{code}/vouchers", "ticket"),
    ("get", "/vouchers", "vouchers.read"),
    ("get", "/vouchers/export", "vouchers.read"),
    ("get", "/vouchers/{reference}", "vouchers.read"),
    ("get", "/vouchers/{reference}/attachments/{id}", "vouchers.read"),
    ("get", "/vouchers/{reference}/lines/{line}/explanation", "vouchers.read"),
    ("post", "/bundles", "bundle.deploy"),
    ("post", "/customers/{key}/merge", "registries.write"),
    ("post", "/devices/lookup", "devices.read"),
    ("post", "/imports/{register}", "registries.write"),
    ("post", "/incidents/{id}/redrive", "incidents.redrive"),
    ("post", "/incidents/{id}/resolve", "incidents.redrive"),
    ("post", "/outbox/redrive", "incidents.redrive"),
    ("post", "/payments/{id}/back", "anyone"),
    ("post", "/periods/close", "periods.close"),
    ("post", "/periods/open", "periods.close"),
    ("post", "/products/{key}/serials", "registries.write"),
    ("post", "/registers/{register}/{key}/files", "registries.write"),
    ("post", "/runs/{name}", "runs.start"),
    ("post", "/session", "anyone"),
    ("post", "/session/second-factor", "signed in"),
    ("post", "/session/second-factor/end", "signed in"),
    ("post", "/steps", "signed in"),
    ("post", "/tasks/{id}/done", "signed in"),
    ("post", "/tasks/{id}/hand_over", "signed in"),
    ("post", "/tickets", "signed in"),
    ("post", "/tickets/{code}/activities", "ticket"),
    ("post", "/tickets/{code}/dispatch/assign", "ticket"),
    ("post", "/tickets/{code}/dispatch/suggest", "ticket"),
    ("post", "/tickets/{code}/files", "ticket"),
    ("post", "/tickets/{code}/letters", "ticket"),
    ("post", "/tickets/{code}/letters/{id}/give", "ticket"),
    ("post", "/tickets/{code}/messages", "ticket"),
    ("post", "/tickets/{code}/payments", "ticket"),
    ("post", "/tickets/{code}/steps/{event}", "ticket"),
    ("post", "/tickets/{code}/tasks", "ticket"),
    ("post", "/vouchers", "vouchers.write"),
    ("post", "/users/{key}/password-link", "users.write"),
    ("post", "/vouchers/finalise", "vouchers.finalise"),
    ("post", "/vouchers/{reference}/approve", "vouchers.approve"),
    ("post", "/vouchers/{reference}/attachments", "vouchers.write"),
    ("post", "/vouchers/{reference}/reverse", "vouchers.reverse"),
    ("post", "/vouchers/{reference}/review", "vouchers.review"),
    ("put", "/session/password", "signed in"),
    ("put", "/session/proof", "signed in"),
    ("put", "/session/second-factor", "signed in"),
    ("put", "/tickets/{code}/letters/{id}", "ticket"),
    ("put", "/vouchers/{reference}", "vouchers.write"),
];

/// Every route with its rule.
fn rules() -> BTreeSet<(String, String, String)> {
    let named = ROUTES.iter().map(|(verb, path, rule)| ((*verb).into(), (*path).into(), (*rule).into()));
    let mut all: BTreeSet<(String, String, String)> = named.collect();
    for register in aftercare::register::ALL {
        let written = aftercare::auth::policy::written;
        let (read, write) = (written(register.read), written(register.write));
        let (whole, one) = (format!("/{}", register.name), format!("/{}/{{key}}", register.name));
        for (verb, path, rule) in [
            ("get", &whole, &read),
            ("post", &whole, &write),
            ("get", &one, &read),
            ("put", &one, &write),
            ("delete", &one, &write),
        ] {
            all.insert((verb.into(), path.clone(), rule.clone()));
        }
    }
    all
}

/// A request to a route about this ticket, with a body that could be read.
async fn ask(client: &Client, verb: &str, path: &str, code: &str) -> Reply {
    let mut address =
        path.replace("{code}", code).replace("{register}", "devices").replace("{of}", "provision");
    for (name, value) in [("{event}", "cancel"), ("{key}", "X"), ("{number}", "X"), ("{name}", "x")] {
        address = address.replace(name, value);
    }
    for name in ["{id}", "{line}", "{reference}", "{account}"] {
        address = address.replace(name, "1");
    }
    let body = match path.rsplit('/').next().unwrap_or_default() {
        "tasks" => json!({"title": "t"}),
        "activities" => json!({"kind": "note", "text": "t"}),
        "letters" => json!({"type": "x"}),
        "messages" => json!({"channel": "sms", "text": "t"}),
        "give" => json!({"version": 0}),
        "{id}" => json!({"version": 0, "recipient": "", "subject": "x", "body": "x"}),
        "payments" => json!({"event": "pay", "provider": "counter", "amount": "1"}),
        "{event}" | "assign" => json!({"revision": 1}),
        _ => json!({}),
    };
    let method: reqwest::Method = verb.to_uppercase().parse().expect("a verb");
    let query = match path {
        "/tickets/{code}/files"
        | "/registers/{register}/{key}/files"
        | "/vouchers/{reference}/attachments"
            if verb == "post" =>
        {
            "?name=a.pdf"
        }
        "/vouchers/export" | "/stock/file" | "/reports/{name}/file" => "?format=csv",
        _ => "",
    };
    let request = client.request(method.clone(), &format!("/api{address}{query}"));
    client.send(if method == reqwest::Method::GET { request } else { request.json(&body) }).await
}

/// Somebody of each role far away: in another branch, of an agency or a customer that the ticket knows nothing of.
async fn strangers(world: &World) {
    let admin = world.as_user("admin").await;
    let version = world.app.catalog.current();
    let roles = &version.library().roles;
    let hands = |role: &str| Person {
        branch: Some("B2".into()),
        agency: (role == "agency" || role == "partner").then(|| "A1".to_owned()),
        customer: (role == "customer").then(|| "C9".to_owned()),
        ..Person::with(&format!("far_{role}"), &[role])
    };
    let name = json!({"en": "N", "fa": "N", "zh": "N", "pl": "N"});
    let agency = json!({"code": "A1", "name": name, "kind": "both", "status": "active", "language": "en"});
    assert_eq!(admin.post("/api/agencies", &agency).await.status, 201);
    let stranger = customer("C9", "Nobody Here", &["09129999999"]);
    assert_eq!(admin.post("/api/customers", &stranger).await.status, 201);
    world.employ(roles.keys().map(hands).collect()).await;
}

// P29, P30, BW-20: a new route has no rule here, and this fails until somebody has decided on one.
#[tokio::test(flavor = "multi_thread")]
async fn every_route_has_a_rule_and_keeps_it_for_every_role() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let described = admin.get("/api/openapi.json").await.json();
    let rules = rules();
    let mut routes = BTreeSet::new();
    for (path, verbs) in described["paths"].as_object().into_iter().flatten() {
        let path = path.strip_prefix("/api").unwrap_or(path);
        let verbs = verbs.as_object().into_iter().flatten();
        routes.extend(verbs.map(|(verb, _)| (verb.clone(), path.to_owned())));
    }
    let known: BTreeSet<_> = rules.iter().map(|(verb, path, _)| (verb.clone(), path.clone())).collect();
    assert_eq!(
        routes.difference(&known).collect::<Vec<_>>(),
        Vec::<&(String, String)>::new(),
        "without a rule"
    );
    assert_eq!(
        known.difference(&routes).collect::<Vec<_>>(),
        Vec::<&(String, String)>::new(),
        "without a route"
    );

    strangers(&world).await;
    let version = world.app.catalog.current();
    let roles = &version.library().roles;
    // A ticket of another branch, another customer and no agency.
    let opened = world.open().await;
    let code = opened.at("/code").as_str().unwrap_or_default().to_owned();

    let (mut refused, mut foreign) = (0, 0);
    for (verb, path, rule) in &rules {
        let nobody = ask(&world.anyone, verb, path, &code).await;
        if rule != "anyone" {
            // A body that cannot be read is told to whoever sent it.
            let is_refused = nobody.status == 401 || (verb != "get" && matches!(nobody.status, 400 | 415));
            assert!(is_refused, "nobody {verb} {path}: {} {}", nobody.status, nobody.text);
        }
        for (role, held) in roles.iter() {
            let asked = if rule == "staff" && held.kind.is_none() { "tickets.read" } else { rule.as_str() };
            let has = held.may.iter().any(|one| aftercare::auth::policy::written(one.value) == asked);
            let client = world.as_user(&format!("far_{}", role.value)).await;
            match rule.as_str() {
                "anyone" | "signed in" => {}
                "ticket" => {
                    let bound = held.branch_bound || held.kind.is_some();
                    let reply = ask(&client, verb, path, &code).await;
                    if bound {
                        let is_refused = matches!(reply.status, 403 | 404);
                        assert!(is_refused, "{} {verb} {path}: {} {}", role.value, reply.status, reply.text);
                        foreign += 1;
                    }
                }
                _ if !has => {
                    let reply = ask(&client, verb, path, &code).await;
                    let body_first = verb != "get" && matches!(reply.status, 400 | 404 | 415 | 422);
                    let is_refused = reply.status == 403 || body_first;
                    assert!(is_refused, "{} {verb} {path}: {} {}", role.value, reply.status, reply.text);
                    refused += 1;
                }
                _ => {}
            }
        }
    }
    assert!(refused > 500 && foreign > 100, "{refused} {foreign}");
}
