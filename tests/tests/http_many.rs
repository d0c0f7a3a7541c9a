//! Steps of many tickets in one request: each its own transaction and its own answer.

use aftercare_tests::client::{Client, pixel};
use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::{Person, TODAY, World};
use serde_json::{Value, json};

/// Agencies with people, devices of theirs to repair, and somebody who decides about claims.
async fn stage() -> World {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let put = async |path: &str, body: Value| {
        let reply = admin.post(path, &body).await;
        assert_eq!(reply.status, 201, "{path}: {}", reply.text);
    };
    put("/api/services", json!({"code": "LAB", "name": {"en": "Labour"}, "kind": "labour", "price": "1000"}))
        .await;
    for code in ["A1", "A2"] {
        let body = json!({"code": code, "name": {"en": format!("Agency {code}")}, "kind": "service",
            "status": "active", "vetted_to": "2099-01-01", "language": "en"});
        put("/api/agencies", body).await;
    }
    for serial in ["SN2", "SN3"] {
        put("/api/devices", json!({"serial": serial, "product": "F200", "status": "sold", "owner": "C1"}))
            .await;
    }
    let of = |name: &str, agency: &str| Person {
        agency: Some(agency.into()),
        branch: Some("B1".into()),
        ..Person::with(name, &["agency"])
    };
    world.employ(vec![of("a1", "A1"), of("a2", "A2"), Person::with("quality", &["quality"])]).await;
    world
}

/// A claim that lies before whoever decides: there is no card, so that it is not accepted by itself.
async fn claim(agency: &Client, code: &str, serial: &str) -> String {
    let data = json!({"claiming_agency": code, "fault": "Does not cool", "fault_code": "no_cooling", "repaired_on": TODAY});
    let body = json!({"process": "agency_repair", "branch": "B1", "device": serial, "data": data});
    let opened = agency.post("/api/tickets", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let ticket = opened.at("/code").as_str().unwrap().to_owned();
    let path = format!("/api/tickets/{ticket}");
    let step = async |event: &str, data: Value| {
        let revision = agency.get(&path).await.at("/ticket/revision");
        let body = json!({"revision": revision, "data": data});
        let reply = agency.post(&format!("{path}/steps/{event}"), &body).await;
        assert_eq!(reply.status, 200, "{event}: {}", reply.text);
    };
    step("add_services", json!({"services": [{"code": "LAB", "quantity": 1}]})).await;
    let file =
        agency.send_file(&format!("{path}/files?name=sheet.png&kind=job_sheet"), "image/png", pixel()).await;
    assert_eq!(file.status, 201, "{}", file.text);
    step("submit", json!({"work_report": "Gas refilled"})).await;
    ticket
}

async fn stands(who: &Client, ticket: &str) -> (i64, Value) {
    let seen = who.get(&format!("/api/tickets/{ticket}")).await;
    (seen.at("/ticket/revision").as_i64().unwrap(), seen.at("/ticket/states"))
}

// SP-33, SP-53
#[tokio::test]
async fn many_claims_are_decided_in_one_request_and_a_bad_one_does_not_spoil_the_others() {
    let world = stage().await;
    let (a1, a2, quality) =
        (world.as_user("a1").await, world.as_user("a2").await, world.as_user("quality").await);
    let claims =
        [claim(&a1, "A1", "SN1").await, claim(&a1, "A1", "SN2").await, claim(&a2, "A2", "SN3").await];
    let mut steps = Vec::new();
    for ticket in &claims {
        let (revision, states) = stands(&quality, ticket).await;
        assert_eq!(states, json!(["review"]), "{ticket}");
        steps.push(json!({"ticket": ticket, "event": "reject_claim", "revision": revision,
            "data": {"decision_reason": "Out of cover"}}));
    }
    // The second one has no reason, a fourth one is not there, and of the third somebody has an old page.
    steps[1]["data"] = json!({});
    steps[2]["revision"] = json!(1);
    steps.push(json!({"ticket": "nothing", "event": "reject_claim", "revision": 1}));
    let body = json!({"steps": steps});
    let done = quality.post_once("/api/steps", "batch-1", &body).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let told: Vec<i64> = (0..4).map(|n| done.at(&format!("/results/{n}/status")).as_i64().unwrap()).collect();
    assert_eq!(told, [200, 422, 409, 404], "{}", done.text);
    assert_eq!(done.at("/taken"), 1);
    assert_eq!(done.at("/results/1/problem/reasons/0/code"), "field_required", "{}", done.text);
    assert!(done.at("/results/2/problem/present").is_object(), "{}", done.text);
    let now = [stands(&quality, &claims[0]).await, stands(&quality, &claims[1]).await];
    assert_eq!((&now[0].1, &now[1].1), (&json!(["told"]), &json!(["review"])));

    // The same request once more changes nothing and is answered as before.
    let again = quality.post_once("/api/steps", "batch-1", &body).await;
    assert_eq!(again.at("/results/0"), done.at("/results/0"), "{}", again.text);
    assert_eq!(stands(&quality, &claims[0]).await, now[0]);
    // Whoever may not take a step alone may not take it with others; a ticket stands there once.
    let other = a2.post("/api/steps", &json!({"steps": [steps[1]]})).await;
    assert_eq!(other.at("/results/0/status"), 404, "{}", other.text);
    let twice = quality.post("/api/steps", &json!({"steps": [steps[0], steps[0]]})).await;
    assert_eq!((twice.status, twice.at("/errors/0/field")), (422, json!("steps.1.ticket")), "{}", twice.text);
}

// SP-53: a claim twice.
#[tokio::test]
async fn a_second_claim_for_a_device_is_told_to_whoever_decides() {
    let world = stage().await;
    let (a1, a2, quality) =
        (world.as_user("a1").await, world.as_user("a2").await, world.as_user("quality").await);
    let first = claim(&a1, "A1", "SN1").await;
    let second = claim(&a2, "A2", "SN1").await;
    let other = claim(&a1, "A1", "SN2").await;
    let whole = async |ticket: &str| {
        let seen = quality.get(&format!("/api/tickets/{ticket}")).await;
        seen.at("/fields/checks/whole")
    };
    assert_eq!(whole(&first).await, json!(["cover_holds"]));
    assert_eq!(whole(&second).await, json!(["cover_holds", "only_claim"]));
    assert_eq!(whole(&other).await, json!(["cover_holds"]));
}

// SP-52, SP-53
#[tokio::test]
async fn a_form_begins_with_a_row_for_each_line_and_says_which_row_is_wrong() {
    let world = stage().await;
    let (agency, quality) = (world.as_user("a1").await, world.as_user("quality").await);
    let ticket = claim(&agency, "A1", "SN1").await;
    let path = format!("/api/tickets/{ticket}/steps");
    let offered = quality.get(&path).await;
    let steps = offered.at("/steps");
    let step = steps.as_array().unwrap().iter().find(|step| step["event"] == "decide_lines").unwrap();
    let rows = &step["form"][0]["value"];
    assert_eq!(rows.as_array().map(Vec::len), Some(1), "{step}");
    assert_eq!((&rows[0]["line"], &rows[0]["claimed"]), (&json!(1), &json!("1000")), "{step}");
    let body = json!({"revision": offered.at("/revision"), "data": {"decisions": [{"decision": "adjust", "amount": "5000", "reason": "x"}]}});
    let refused = quality.post(&format!("{path}/decide_lines"), &body).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(refused.at("/reasons/0/code"), "more_than_claimed", "{}", refused.text);
    let text = refused.at("/reasons/0/text");
    assert!(text.as_str().unwrap().starts_with("Row 1: "), "{text}");
}

// SP-32: what we pay an agency is no secret from it; what things cost us is.
#[tokio::test]
async fn an_agency_sees_what_it_is_owed_for_its_own_lines() {
    let world = stage().await;
    let (agency, quality) = (world.as_user("a1").await, world.as_user("quality").await);
    let ticket = claim(&agency, "A1", "SN1").await;
    let path = format!("/api/tickets/{ticket}");
    let seen = agency.get(&format!("{path}/charges")).await;
    assert_eq!(
        (seen.at("/owed"), seen.at("/charges/lines/0/owed")),
        (json!("1000"), json!("1000")),
        "{}",
        seen.text
    );
    assert_eq!((seen.at("/charges/cost"), seen.at("/charges/lines/0/cost")), (Value::Null, Value::Null));
    let (revision, _) = stands(&quality, &ticket).await;
    let rows = json!([{"decision": "adjust", "amount": "600", "reason": "As agreed"}]);
    let body = json!({"revision": revision, "data": {"decisions": rows}});
    let done = quality.post(&format!("{path}/steps/decide_lines"), &body).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let seen = agency.get(&format!("{path}/charges")).await;
    assert_eq!(seen.at("/owed"), "600", "{}", seen.text);
    assert_eq!(quality.get(&format!("{path}/charges")).await.at("/owed"), Value::Null);
}

// SP-43, SY-19
#[tokio::test]
async fn an_agency_that_is_asked_does_not_learn_whom_else_we_ask() {
    let world = stage().await;
    let dispatcher = world.as_user("dispatcher").await;
    let opened = world.open().await;
    let path = format!("/api/tickets/{}", opened.at("/code").as_str().unwrap());
    let customer = world.as_user("reception").await;
    let revision = opened.at("/revision");
    let paid = customer
        .post(&format!("{path}/steps/pay_for_repair"), &json!({"revision": revision, "data": {}}))
        .await;
    assert_eq!(paid.status, 200, "{}", paid.text);
    let visit = (world.app.clock.now() + chrono::TimeDelta::days(2)).to_rfc3339();
    let data = json!({"offers": [{"agency": "A1"}, {"agency": "A2"}], "visit_at": visit});
    let body = json!({"revision": paid.at("/revision"), "data": data});
    let asked = dispatcher.post(&format!("{path}/steps/ask_agencies"), &body).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    let states = dispatcher.get(&path).await.at("/ticket/states").to_string();
    assert!(states.contains("A1") && states.contains("A2"), "{states}");
    let agency = world.as_user("a1").await;
    let list = agency.get("/api/tickets").await;
    assert_eq!(list.at("/items/0/code"), opened.at("/code"), "{}", list.text);
    for part in ["", "/steps", "/history", "/messages", "/charges", "/activities", "/explanations", "/files"]
    {
        let told = agency.get(&format!("{path}{part}")).await;
        assert!(told.status == 200 || told.status == 403, "{part}: {}", told.text);
        assert!(!told.text.contains("A2"), "{part}: {}", told.text);
    }
    assert!(!list.text.contains("A2"), "{}", list.text);
    // Nor when a step is refused or comes too late.
    let stale = json!({"revision": 1, "data": {}});
    for event in ["take_job@A1", "take_job@A2", "nothing"] {
        let told = agency.post(&format!("{path}/steps/{event}"), &stale).await;
        assert!(told.status >= 400, "{event}: {}", told.text);
        let text =
            told.text.replace(&format!("/steps/{event}"), "").replace(&format!("\"event\":\"{event}\""), "");
        assert!(event == "take_job@A2" || !text.contains("A2"), "{event}: {}", told.text);
    }
}

// SP-33, SP-53: the pages that somebody with eighty claims a day works on.
#[tokio::test]
async fn claims_wait_in_an_inbox_by_agency_and_are_decided_there_together_or_row_by_row() {
    let world = stage().await;
    let (a1, a2) = (world.as_user("a1").await, world.as_user("a2").await);
    let claims =
        [claim(&a1, "A1", "SN1").await, claim(&a1, "A1", "SN2").await, claim(&a2, "A2", "SN3").await];
    let mut browser = Browser::of(&world);
    browser.sign_in("quality").await;
    let inbox = browser.get("/inbox").await;
    assert_eq!(inbox.status, 200, "{}", inbox.html);
    let at = |text: &str| inbox.html.find(text).unwrap_or_else(|| panic!("{text}: {}", inbox.html));
    assert!(at("Agency A1") < at(&claims[1]) && at(&claims[1]) < at("Agency A2"), "{}", inbox.html);

    // Two of one agency, with one form.
    let csrf = inbox.hidden("action=\"/bulk\"", "csrf");
    let both = [("csrf", csrf.as_str()), ("deed", "step"), ("code", &claims[0]), ("code", &claims[1])];
    let page = browser.post("/bulk", &both).await;
    assert!(page.html.contains("action=\"/bulk/reject_claim\""), "{}", page.html);
    // A form with a row for each line of one claim is for that claim alone.
    assert!(!page.html.contains("action=\"/bulk/decide_lines\""), "{}", page.html);
    let once = page.hidden("action=\"/bulk/reject_claim\"", "once");
    let mut sent = vec![("csrf", csrf.as_str()), ("once", &once), ("f:decision_reason", "Out of cover")];
    sent.extend([("code", claims[0].as_str()), ("code", &claims[1])]);
    let done = browser.post("/bulk/reject_claim", &sent).await;
    assert_eq!(done.html.matches("class=\"yes\"").count(), 2, "{}", done.html);

    // The third one line by line: what is fixed is shown, and what is wrong is said with its row.
    let path = format!("/tickets/{}", claims[2]);
    let page = browser.get(&path).await;
    assert!(page.html.contains("name=\"f:decisions:0:decision\""), "{}", page.html);
    assert!(!page.html.contains("name=\"f:decisions:0:claimed\""), "{}", page.html);
    let revision = page.hidden("steps/decide_lines", "revision");
    let fields = |decision: &'static str| {
        vec![
            ("csrf", csrf.clone()),
            ("revision", revision.clone()),
            ("f:decisions:0:decision", decision.to_owned()),
        ]
    };
    let refused = fields("reject");
    let refused: Vec<(&str, &str)> = refused.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = browser.post(&format!("{path}/steps/decide_lines"), &refused).await;
    assert!(told.html.contains("Row 1: "), "{}", told.html);
    let mut right = fields("reject");
    right.push(("f:decisions:0:reason", "Out of cover".to_owned()));
    let right: Vec<(&str, &str)> = right.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let taken = browser.post(&format!("{path}/steps/decide_lines"), &right).await;
    assert_eq!(taken.status, 303, "{}", taken.html);
}

/// A request that agencies are asked to take.
async fn asked(world: &World) -> String {
    let code = world.open().await.at("/code").as_str().unwrap().to_owned();
    let path = format!("/api/tickets/{code}/steps");
    let paid = world.as_user("reception").await;
    let paid = paid.post(&format!("{path}/pay_for_repair"), &json!({"revision": 1, "data": {}})).await;
    let visit = (world.app.clock.now() + chrono::TimeDelta::days(2)).to_rfc3339();
    let data = json!({"offers": [{"agency": "A1"}, {"agency": "A2"}], "visit_at": visit});
    let body = json!({"revision": paid.at("/revision"), "data": data});
    let asked = world.as_user("dispatcher").await.post(&format!("{path}/ask_agencies"), &body).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    code
}

// SP-43: the same by its pages.
#[tokio::test]
async fn an_agency_that_is_asked_takes_the_job_or_declines_it_on_its_own_pages() {
    let world = stage().await;
    let (wanted, unwanted) = (asked(&world).await, asked(&world).await);
    let mut browser = Browser::of(&world);
    browser.sign_in("a1").await;
    let own = browser.get("/own").await;
    assert!(own.html.contains(&wanted) && own.html.contains(&unwanted), "{}", own.html);
    for (code, event) in [(&wanted, "take_job@A1"), (&unwanted, "decline_job@A1")] {
        let page = browser.get(&format!("/tickets/{code}")).await;
        assert!(page.status == 200 && !page.html.contains("A2"), "{}", page.html);
        let form = format!("/tickets/{code}/steps/{event}");
        let hidden = |name: &str| page.hidden(&form, name);
        let (csrf, revision, once) = (hidden("csrf"), hidden("revision"), hidden("once"));
        let mut fields = vec![("csrf", csrf.as_str()), ("revision", &revision), ("once", &once)];
        if event == "decline_job@A1" {
            let refused = browser.post(&form, &fields).await;
            assert_eq!(refused.status, 422, "a reason is asked for: {}", refused.html);
            assert!(page.html.contains("name=\"f:why\""), "{}", page.html);
            fields.push(("f:why", "No van this week"));
            fields[2].1 = "another";
        }
        let taken = browser.post(&form, &fields).await;
        assert_eq!(taken.status, 303, "{event}: {}", taken.html);
    }
    let admin = world.as_user("admin").await;
    assert_eq!(admin.get(&format!("/api/tickets/{wanted}")).await.at("/ticket/agency"), "A1");
    let left = admin.get(&format!("/api/tickets/{unwanted}")).await;
    assert_eq!(left.at("/ticket/agency"), Value::Null, "{}", left.text);
    assert!(left.text.contains("No van this week"), "{}", left.text);
    let own = browser.get("/own").await;
    // What it took waits for its next step.
    assert!(own.html.contains(&format!("action=\"/tickets/{wanted}/steps/set_out\"")), "{}", own.html);
}
