//! The pages as a browser without scripts finds them: signed in by a form, driven by forms.

use aftercare_engine::company::date::to_jalali;
use aftercare_engine::language::{self, Language};
use aftercare_tests::plain_browser::{Browser, Page};
use aftercare_tests::world::{PASSWORD, Person, World};
use serde_json::Value;

/// The same when the customer has agreed to pay, so that somebody can be sent.
async fn agreed() -> (World, String) {
    let (world, code) = World::furnished().await;
    let body = serde_json::json!({"revision": 1});
    let path = format!("/api/tickets/{code}/steps/pay_for_repair");
    let taken = world.as_user("reception").await.post(&path, &body).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    (world, code)
}

// BS-17
#[tokio::test]
async fn who_has_not_signed_in_does_so_and_comes_back_to_where_they_wanted_to() {
    let (world, code) = World::furnished().await;
    let mut browser = Browser::of(&world);
    let sent = browser.get(&format!("/tickets/{code}")).await;
    assert_eq!(sent.status, 303);
    assert_eq!(sent.location, format!("/sign-in?back=%2Ftickets%2F{code}"));
    let gate = browser.get(&sent.location).await;
    assert!(gate.policy.contains("script-src 'self';") && !gate.policy.contains("unsafe"), "{}", gate.policy);
    let back = gate.hidden("/sign-in\"", "back");
    let wrong = browser
        .post("/sign-in", &[("user", "reception"), ("password", "not this one"), ("back", &back)])
        .await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.html.contains("value=\"reception\""), "the name that was typed is gone");
    let fields = [("user", "reception"), ("password", PASSWORD), ("back", back.as_str())];
    let right = browser.post("/sign-in", &fields).await;
    assert_eq!((right.status, right.location), (303, format!("/tickets/{code}")));
    let ticket = browser.get(&format!("/tickets/{code}")).await;
    assert_eq!(ticket.status, 200, "{}", ticket.html);
    assert!(ticket.html.contains(&code) && ticket.html.contains("it does not cool"), "{}", ticket.html);
}

#[tokio::test]
async fn everybody_begins_where_their_role_says() {
    let (world, _) = World::furnished().await;
    let homes = [
        ("accountant", "/vouchers"),
        ("dispatcher", "/dispatch"),
        ("designer", "/definitions"),
        ("technician", "/my-day"),
        ("reception", "/tickets"),
    ];
    for (name, home) in homes {
        let mut browser = Browser::of(&world);
        browser.sign_in(name).await;
        assert_eq!(browser.get("/").await.location, home, "{name}");
        assert_eq!(browser.get(home).await.status, 200, "{name}");
    }
}

// BW-11
#[tokio::test]
async fn a_customer_with_a_password_goes_on_at_the_customers_own_door() {
    let (world, code) = World::furnished().await;
    world.employ(vec![Person { customer: Some("C1".into()), ..Person::with("owner", &["customer"]) }]).await;
    let mut browser = Browser::of(&world);
    let fields = [("user", "owner"), ("password", PASSWORD), ("back", "/tickets")];
    assert_eq!(browser.post("/sign-in", &fields).await.location, "/track");
    let own = browser.get("/track").await;
    assert!(own.status == 200 && own.html.contains(&code), "{}", own.html);
    assert_eq!(browser.get("/tickets").await.location, "/sign-in?back=%2Ftickets");
}

#[tokio::test]
async fn signing_in_anew_ends_the_session_that_the_browser_had() {
    let (world, _) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("reception").await;
    let old = browser.cookies["aftercare"].clone();
    let token = browser.get("/tickets").await.hidden("<body", "csrf");
    let fields = [("user", "manager"), ("password", PASSWORD), ("back", "/"), ("csrf", &token)];
    assert_eq!(browser.post("/sign-in", &fields).await.status, 303);
    assert_ne!(browser.cookies["aftercare"], old);
    browser.cookies.insert("aftercare".into(), old);
    assert_eq!(browser.get("/tickets").await.status, 303);
}

#[tokio::test]
async fn a_form_without_our_token_or_from_another_site_changes_nothing() {
    let (world, code) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("dispatcher").await;
    let page = browser.get(&format!("/tickets/{code}")).await;
    let token = page.hidden("<main", "csrf");
    let path = format!("/tickets/{code}/steps/cancel");
    let before = world.as_user("admin").await.get(&format!("/api/tickets/{code}")).await.text;
    let revision = page.hidden("<main", "revision");
    assert_eq!(browser.post(&path, &[("revision", &revision)]).await.status, 403);
    assert_eq!(browser.post(&path, &[("revision", &revision), ("csrf", "x")]).await.status, 403);
    let foreign = [("revision", revision.as_str()), ("csrf", token.as_str())];
    assert_eq!(browser.post_from("cross-site", &path, &foreign).await.status, 403);
    let mut other = Browser::of(&world);
    other.sign_in("dispatcher").await;
    assert_eq!(other.post(&path, &foreign).await.status, 403, "a token of another session");
    // Signing in is guarded as well: nobody is signed in by another site.
    let mut stranger = Browser::of(&world);
    let fields = [("user", "manager"), ("password", PASSWORD)];
    assert_eq!(stranger.post_from("cross-site", "/sign-in", &fields).await.status, 403);
    assert_eq!(world.as_user("admin").await.get(&format!("/api/tickets/{code}")).await.text, before);
}

/// What the form of an assignment sends beside what is typed.
struct Sent {
    token: String,
    revision: String,
    once: String,
}

impl Sent {
    fn of(page: &Page, form: &str) -> Self {
        let hidden = |name: &str| page.hidden(form, name);
        Self { token: hidden("csrf"), revision: hidden("revision"), once: hidden("once") }
    }

    fn revision(&self) -> i64 {
        self.revision.parse().expect("a number")
    }

    /// The whole form for a visit on a day.
    fn fields<'f>(&'f self, day: &'f str) -> Vec<(&'f str, &'f str)> {
        vec![
            ("csrf", &self.token),
            ("revision", &self.revision),
            ("once", &self.once),
            ("f:technician", "technician"),
            ("f:visit_at:date", day),
            ("f:visit_at:time", "09:30"),
        ]
    }
}

/// A day so many days from now, as it is typed in Persian, and the moment that it is at half past nine in Tehran.
fn jalali(world: &World, days: i64) -> (String, String) {
    let day = (world.app.clock.now() + chrono::TimeDelta::days(days)).date_naive();
    let (y, m, d) = to_jalali(day);
    (format!("{y}/{m:02}/{d:02}"), format!("{day}T06:00:00Z"))
}

#[tokio::test]
async fn a_refused_step_keeps_what_was_typed_and_a_good_one_is_taken_once() {
    let (world, code) = agreed().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("dispatcher").await;
    let page = browser.get(&format!("/tickets/{code}")).await;
    let form = format!("/tickets/{code}/steps/assign_technician");
    let sent = Sent::of(&page, &form);
    let (past, (future, moment)) = (jalali(&world, -3).0, jalali(&world, 12));
    let mut fields = sent.fields(&past);
    let refused = browser.post(&form, &fields).await;
    assert_eq!(refused.status, 422, "{}", refused.html);
    for typed in [past.as_str(), "09:30", "role=\"alert\""] {
        assert!(refused.html.contains(typed), "`{typed}` is gone: {}", refused.html);
    }
    let again = refused.hidden(&form, "once");
    fields[2].1 = &again;
    let future = language::digits(&future, Language::Fa);
    fields[4].1 = &future;
    assert_eq!(browser.post(&form, &fields).await.status, 303);
    // Pressed twice: the second is the same request.
    assert_eq!(browser.post(&form, &fields).await.status, 303);
    let now = world.as_user("admin").await.get(&format!("/api/tickets/{code}")).await;
    assert_eq!(now.at("/ticket/revision"), sent.revision() + 1, "{}", now.text);
    assert_eq!(now.at("/fields/visit_at"), moment, "{}", now.text);
}

#[tokio::test]
async fn whoever_was_slower_sees_how_things_stand_and_loses_nothing() {
    let (world, code) = agreed().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("dispatcher").await;
    let page = browser.get(&format!("/tickets/{code}")).await;
    let form = format!("/tickets/{code}/steps/assign_technician");
    let sent = Sent::of(&page, &form);
    let ((_, moment), (later, _)) = (jalali(&world, 12), jalali(&world, 40));
    let first = serde_json::json!({"revision": sent.revision(),
        "data": {"technician": "technician", "visit_at": moment}});
    let other = world.as_user("dispatcher").await;
    let path = format!("/api/tickets/{code}/steps/assign_technician");
    assert_eq!(other.post(&path, &first).await.status, 200);
    let fields = sent.fields(&later);
    let late = browser.post(&form, &fields).await;
    assert!([409, 422].contains(&late.status), "{}", late.html);
    assert!(late.html.contains(&later), "what was typed is gone: {}", late.html);
}

#[tokio::test]
async fn pages_of_another_branch_are_not_there_and_offer_nothing_that_is_not_allowed() {
    let (world, code) = World::furnished().await;
    let far = Person { branch: Some("B2".into()), ..Person::with("far", &["reception"]) };
    world.employ(vec![far]).await;
    let mut browser = Browser::of(&world);
    browser.sign_in("far").await;
    assert_eq!(browser.get(&format!("/tickets/{code}")).await.status, 404);
    assert_eq!(browser.get(&format!("/tickets/{code}/live")).await.status, 404);
    assert!(!browser.get("/tickets").await.html.contains(&code));
    let mut books = Browser::of(&world);
    books.sign_in("accountant").await;
    let page = books.get(&format!("/tickets/{code}")).await;
    assert!(!page.html.contains("/steps/assign_technician\""), "a step of another role is offered");
}

#[tokio::test]
async fn every_page_can_be_made_in_every_language() {
    let (world, code) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("reception").await;
    for language in ["fa", "en", "zh", "pl"] {
        browser.cookies.insert("aftercare-reader".into(), format!("{language}..."));
        for path in [
            "/tickets".to_owned(),
            "/tickets?view=table".to_owned(),
            "/tickets?q=0912123".to_owned(),
            format!("/tickets/{code}"),
            "/intake".to_owned(),
            "/intake?q=SN1".to_owned(),
            "/intake?q=SN1&process=onsite_repair".to_owned(),
            "/intake?q=09121234567".to_owned(),
            "/my-day".to_owned(),
            "/inbox".to_owned(),
        ] {
            let page = browser.get(&path).await;
            assert_eq!(page.status, 200, "{language} {path}: {}", page.html);
            assert!(page.html.contains(&format!("<html lang=\"{language}\"")), "{language} {path}");
            assert!(!page.html.contains("{{") && page.html.trim_end().ends_with("</html>"), "{path}");
        }
    }
}

#[tokio::test]
async fn the_books_can_be_read_in_every_language() {
    let (world, _) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("accountant").await;
    for language in ["fa", "en", "zh", "pl"] {
        browser.cookies.insert("aftercare-reader".into(), format!("{language}..."));
        for path in [
            "/vouchers",
            "/vouchers/journal",
            "/vouchers/balance",
            "/vouchers/balance?level=detail&final=yes",
            "/vouchers/vat",
            "/vouchers/vat?from=1405/01/01&final=yes",
            "/vouchers/roll-forward",
            "/vouchers/roll-forward/deferral",
            "/vouchers/check",
            "/vouchers/ledger/116001",
            "/vouchers/ledger/116001?detail_kind=customer&detail=C1",
            "/reports/complaints",
            "/reports/feedback",
        ] {
            let page = browser.get(path).await;
            assert_eq!(page.status, 200, "{language} {path}: {}", page.html);
        }
    }
    assert_eq!(browser.get("/vouchers/ledger/999999").await.status, 404);
    assert_eq!(browser.get("/vouchers/roll-forward/nothing").await.status, 404);
    assert_eq!(browser.get("/vouchers/ledger/116001?detail=C1").await.status, 400);
}

#[tokio::test]
async fn the_books_are_closed_up_to_a_day_and_opened_again_at_the_desk() {
    let (world, _) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("finance_approver").await;
    let mut period = async |deed: &str, day: &str| {
        let (page, path) = (browser.get("/vouchers").await, format!("/vouchers/periods/{deed}"));
        let (csrf, once) = (page.hidden(&path, "csrf"), page.hidden(&path, "once"));
        let reason = "an invoice came late";
        browser.post(&path, &[("csrf", &csrf), ("once", &once), ("up_to", day), ("reason", reason)]).await
    };
    assert_eq!(period("close", "soon").await.status, 400);
    assert_eq!(period("close", "2026-02-28").await.status, 303);
    let later = period("close", "2026-02-27").await;
    assert!(later.status == 409 && later.html.contains("closed up to 2026-02-28 already"), "{}", later.html);
    assert!(later.html.contains("Books closed up to 28 Feb 2026"), "{}", later.html);
    assert_eq!(period("open", "2026-01-31").await.status, 303);
    let periods = world.as_user("accountant").await.get("/api/periods").await;
    assert_eq!(periods.at("/0/up_to"), "2026-01-31", "{}", periods.text);
    assert_eq!(periods.at("/0/reason"), "an invoice came late");
}

// BS-17
#[tokio::test]
async fn the_way_on_comes_first_and_corrections_stand_apart_and_last() {
    let (world, code) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("reception").await;
    let page = browser.get(&format!("/tickets/{code}")).await.html;
    let place = |what: &str| page.find(what).unwrap_or_else(|| panic!("no `{what}` in {page}"));
    // The device has no card: the customer decides, and says so to reception.
    assert!(page.contains("Not covered: there is no warranty card for this device"), "{page}");
    let rare = place("class=\"steps is-rare\"");
    assert!(place("/steps/pay_for_repair\"") < rare && rare < place("/steps/cancel\""), "{page}");
    // What every request begins with is not told of this one.
    assert!(!page.contains("<dt>Result</dt>"), "{page}");

    let step = serde_json::json!({"revision": 1});
    let path = format!("/api/tickets/{code}/steps/pay_for_repair");
    assert_eq!(world.as_user("reception").await.post(&path, &step).await.status, 200);
    let page = browser.get(&format!("/tickets/{code}")).await.html;
    // Now it is not reception's turn, and nothing looks as if it were.
    assert!(page.contains("Waiting for: Dispatcher"), "{page}");
    assert!(!page.contains("step is-main"), "{page}");
    let mut browser = Browser::of(&world);
    browser.sign_in("dispatcher").await;
    let page = browser.get(&format!("/tickets/{code}")).await.html;
    let main = page.find("class=\"step is-main\"").expect("a way on");
    assert!(
        page[main..].starts_with("class=\"step is-main\" name=\"step\" id=\"step-assign_technician\""),
        "{page}"
    );
}

#[tokio::test]
async fn what_is_asked_only_where_it_applies_can_be_left_out_elsewhere() {
    let (world, _) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("reception").await;
    let page = browser.get("/intake?q=SN1&process=warranty_card").await.html;
    // Who holds the new card is asked when it replaces another.
    let field = &page[page.find("name=\"f:holder\"").unwrap_or_else(|| panic!("no holder in {page}"))..];
    assert!(!field[..field.find('>').expect("an end")].contains("required"), "{page}");
    assert!(page.contains("(if it applies)"), "{page}");
    let page = browser.get("/intake?q=SN1&process=onsite_repair").await.html;
    let field = &page[page.find("name=\"f:fault\"").expect("the field")..];
    assert!(field[..field.find('>').expect("an end")].contains("required"), "{page}");
}

#[tokio::test]
async fn a_form_at_the_counter_begins_with_what_the_house_knows() {
    let (world, _) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("reception").await;
    let page = browser.get("/intake?q=SN1&process=onsite_repair").await.html;
    assert!(page.contains("name=\"f:warranty_kind\" value=\"internal\" checked"), "{page}");
    assert!(!page.contains("value=\"outsourced\" checked"), "{page}");
}

#[tokio::test]
async fn who_calls_for_the_first_time_is_found_by_the_phone_and_the_name_with_what_they_own() {
    let world = World::start().await;
    world.furnish().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("reception").await;
    for asked in ["09121234567", "%2B989121234567", "%DA%A9%D8%A7%D8%B8%D9%85%DB%8C"] {
        let page = browser.get(&format!("/intake?q={asked}")).await.html;
        assert!(page.contains("href=\"/intake?q=SN1\""), "{asked}: {page}");
    }
    // Nobody is left standing there: what needs no device can be opened for whoever is new.
    let unknown = browser.get("/intake?q=nobody-at-all").await.html;
    assert!(unknown.contains("/intake?process=complaint#form"), "{unknown}");
}

#[tokio::test]
async fn the_branch_of_a_request_is_chosen_and_stays_chosen_when_the_form_is_refused() {
    let (world, _) = World::furnished().await;
    world.employ(vec![Person::with("call_centre", &["call_centre"])]).await;
    let mut browser = Browser::of(&world);
    browser.sign_in("call_centre").await;
    let page = browser.get("/intake?q=SN1&process=onsite_repair").await;
    let branch = &page.html[page.html.find("name=\"branch\"").expect("the field")..];
    assert!(
        branch.contains("required><option value=\"\"></option>"),
        "a branch is chosen for them: {branch}"
    );
    let hidden = ["csrf", "process", "once", "device"]
        .map(|name| (name, page.hidden("action=\"/intake\" data-draft", name)));
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend([("branch", "B2"), ("channel", "call_center"), ("f:fault", "")]);
    let refused = browser.post("/intake", &fields).await;
    assert_eq!(refused.status, 422, "{}", refused.html);
    for kept in ["value=\"B2\" selected", "value=\"call_center\" selected"] {
        assert!(refused.html.contains(kept), "{kept}: {}", refused.html);
    }
}

#[tokio::test]
async fn a_request_is_opened_at_the_counter() {
    let (world, _) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("reception").await;
    let page = browser.get("/intake?q=SN1&process=onsite_repair").await;
    let fields = [
        ("csrf", page.hidden("action=\"/intake\" data-draft", "csrf")),
        ("process", page.hidden("action=\"/intake\" data-draft", "process")),
        ("once", page.hidden("action=\"/intake\" data-draft", "once")),
        ("device", page.hidden("action=\"/intake\" data-draft", "device")),
        ("channel", "counter".into()),
        ("f:fault", "".into()),
        ("f:warranty_kind", "internal".into()),
    ];
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refused = browser.post("/intake", &fields).await;
    assert_eq!(refused.status, 422, "{}", refused.html);
    assert!(refused.html.contains("is-wrong"), "no field is marked: {}", refused.html);
    fields[5].1 = "hums and stays warm";
    let done = browser.post("/intake", &fields).await;
    assert_eq!(done.status, 303, "{}", done.html);
    let ticket = browser.get(&done.location).await;
    assert!(ticket.html.contains("hums and stays warm"));
}

#[tokio::test]
async fn a_page_escapes_what_people_have_typed() {
    let (world, _) = World::furnished().await;
    let body = serde_json::json!({"process": "onsite_repair", "device": "SN1",
        "data": {"fault": "<script>alert(1)</script>\"'", "warranty_kind": "internal"}});
    let opened = world.as_user("reception").await.post("/api/tickets", &body).await;
    let code = opened.at("/code");
    let mut browser = Browser::of(&world);
    browser.sign_in("reception").await;
    let page = browser.get(&format!("/tickets/{}", code.as_str().unwrap())).await;
    assert!(!page.html.contains("<script>alert"), "{}", page.html);
    assert!(page.html.contains("&lt;script&gt;alert"), "{}", page.html);
    assert_ne!(code, Value::Null);
}

// The demo's entries have never been changed: their version is 0.
#[tokio::test]
async fn an_entry_that_was_never_changed_is_saved_on_its_page() {
    let world = World::start().await;
    world.furnish().await;
    let raw = sea_orm::Database::connect(world.app.config.database()).await.expect("a connection");
    let put = "UPDATE shop SET version = 0";
    sea_orm::ConnectionTrait::execute_unprepared(&raw, put).await.expect("a version");
    let mut browser = Browser::of(&world);
    browser.sign_in("admin").await;
    let page = browser.get("/registers/stores/entry?key=01").await;
    let fields = ["csrf", "once", "key", "version"].map(|name| {
        let value = page.hidden("action=\"/registers/stores/entry\"", name);
        (name, value)
    });
    assert_eq!(fields[3].1, "0", "{}", page.html);
    let sent: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let saved = browser.post("/registers/stores/entry", &sent).await;
    assert_eq!(saved.status, 303, "{}", saved.html);
}
