//! The customer's portal, as a browser without scripts finds it: its door, what a visit opens, what it never opens.

mod devices;

use std::net::TcpListener;

use aftercare::config::Secret;
use aftercare::config::gateway::{Payment, PaymentKind};
use aftercare::entity::outbox;
use aftercare::sandbox;
use aftercare_tests::plain_browser::{Browser, Page};
use aftercare_tests::world::{Person, World, customer};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

const SECRET: &str = "a key that only the two know";

/// A company whose customers can pay at our sandbox.
async fn with_sandbox() -> World {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", socket.local_addr().unwrap());
    tokio::spawn(async move { sandbox::serve(socket, SECRET, std::future::pending()).await });
    World::start_with(|config| {
        let secret = Secret::new(SECRET);
        let kind = PaymentKind::Sandbox;
        let payment = Payment { kind, url, secret, method: "online".into(), private: true };
        config.gateways.payments.insert("sandbox".into(), payment);
    })
    .await
}

async fn messages(world: &World) -> Vec<outbox::Model> {
    let all = outbox::Entity::find().order_by_asc(outbox::Column::Id);
    all.all(world.app.store.reader()).await.expect("messages")
}

/// The link that the ticket's customer got last, as a path.
async fn link(world: &World, code: &str) -> String {
    let mark = format!("/track/{code}/");
    let all = messages(world).await;
    let text =
        all.iter().rev().find(|row| row.body.contains(&mark)).expect("a message with a link").body.clone();
    let rest = &text[text.find(&mark).unwrap()..];
    rest.split(|c: char| c.is_whitespace() || c == '<' || c == '"').next().unwrap().to_owned()
}

/// The code that was sent last; it leaves after the answer.
async fn sent_code(world: &World, count: usize) -> (String, String) {
    for _ in 0..100 {
        let codes = outbox::Entity::find()
            .filter(outbox::Column::Effect.starts_with("code/"))
            .order_by_asc(outbox::Column::Id)
            .all(world.app.store.reader())
            .await
            .expect("messages");
        if codes.len() >= count {
            let last = codes.last().unwrap();
            let digits = aftercare_engine::text::latin_digits(&last.body);
            let code = digits.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 6);
            return (code.expect("six digits").to_owned(), last.recipient.clone());
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("no code has left");
}

async fn visiting(world: &World, code: &str) -> Browser {
    let mut browser = Browser::of(world);
    let opened = browser.get(&link(world, code).await).await;
    assert_eq!((opened.status, opened.location.as_str()), (303, format!("/track/{code}").as_str()));
    browser
}

async fn take(browser: &mut Browser, page: &Page, code: &str, event: &str, fields: &[(&str, &str)]) -> Page {
    let form = format!("/track/{code}/steps/{event}");
    let (csrf, once) = (page.hidden(&form, "csrf"), page.hidden(&form, "once"));
    let revision = page.hidden(&form, "revision");
    let mut all = vec![("csrf", csrf.as_str()), ("once", once.as_str()), ("revision", revision.as_str())];
    all.extend(fields);
    browser.post(&form, &all).await
}

// BW-11: the message holds the state and the way to it.
#[tokio::test]
async fn the_link_of_a_message_opens_its_ticket_alone() {
    let (world, code) = World::furnished().await;
    let other = world.open().await.at("/code").as_str().unwrap().to_owned();
    let mut browser = visiting(&world, &code).await;
    let page = browser.get(&format!("/track/{code}")).await;
    assert!(page.html.contains("it does not cool"), "what the customer may see: {}", page.html);
    assert!(!page.policy.contains("unsafe"), "{}", page.policy);
    let foreign = browser.get(&format!("/track/{other}")).await;
    assert!(foreign.html.contains("name=\"what\""), "only the door: {}", foreign.html);
    for path in ["live", "files/1", "payments/x"] {
        assert_eq!(browser.get(&format!("/track/{other}/{path}")).await.status, 404, "{path}");
    }
    // A link of one ticket opens no other, and a changed one opens nothing.
    let secret = link(&world, &code).await.rsplit_once('/').unwrap().1.to_owned();
    for path in [format!("/track/{other}/{secret}"), format!("/track/{code}/{}x", &secret[1..])] {
        let mut stranger = Browser::of(&world);
        stranger.get(&path).await;
        let seen = stranger.get(&format!("/track/{code}")).await;
        assert!(!seen.html.contains("it does not cool"), "{path}");
    }
    // Somebody else has become the customer: the old link is worth nothing any more.
    let admin = world.as_user("admin").await;
    let moved = admin.post("/api/customers", &customer("C2", "Sara", &["09350000000"])).await;
    assert_eq!(moved.status, 201, "{}", moved.text);
    let old = admin.get("/api/customers/C1").await.json();
    let changed = json!({"code": "C1", "kind": "person", "name": "علی کاظمی", "phones": ["09121110000"],
        "language": "fa", "version": old["version"]});
    assert_eq!(admin.put("/api/customers/C1", &changed).await.status, 200);
    let mut late = Browser::of(&world);
    late.get(&link(&world, &code).await).await;
    assert!(late.get(&format!("/track/{code}")).await.html.contains("name=\"what\""));
}

// BW-11
#[tokio::test]
async fn a_code_to_the_phone_opens_all_of_a_customers_tickets_once_and_in_one_browser() {
    let (world, code) = World::furnished().await;
    let other = world.open().await.at("/code").as_str().unwrap().to_owned();
    let mut browser = Browser::of(&world);
    let asked = browser.post("/track", &[("what", &code)]).await;
    assert_eq!((asked.status, asked.location.as_str()), (303, "/track/sign-in"));
    let (sent, to) = sent_code(&world, 1).await;
    assert!(to.contains("9121234567"), "{to}");
    let mut stranger = Browser::of(&world);
    stranger.post("/track", &[("what", "nobody")]).await;
    assert_eq!(stranger.post("/track/sign-in", &[("code", &sent)]).await.status, 422, "another browser");
    let right = browser.post("/track/sign-in", &[("code", &sent)]).await;
    assert_eq!((right.status, right.location.as_str()), (303, format!("/track/{code}").as_str()));
    for own in [&code, &other] {
        assert!(browser.get(&format!("/track/{own}")).await.html.contains("it does not cool"));
    }
    assert!(browser.get("/track").await.html.contains(&other));
    // Used up: the same code lets nobody in again.
    let mut again = Browser::of(&world);
    again.cookies = browser.cookies.clone();
    again.cookies.remove("aftercare-visit");
    assert_eq!(again.post("/track/sign-in", &[("code", &sent)]).await.status, 422);

    // Signing out ends the visit, whoever keeps the cookie.
    let cookies = browser.cookies.clone();
    let csrf = browser.get("/track").await.hidden("/track/sign-out", "csrf");
    assert_eq!(browser.post("/track/sign-out", &[("csrf", &csrf)]).await.status, 303);
    browser.cookies = cookies;
    assert!(browser.get("/track").await.html.contains("name=\"what\""));
}

#[tokio::test]
async fn a_phone_number_asks_for_a_code_and_after_five_wrong_ones_the_right_one_fits_no_more() {
    let (world, _) = World::furnished().await;
    let mut guesser = Browser::of(&world);
    guesser.post("/track", &[("what", "۰۹۱۲۱۲۳۴۵۶۷")]).await;
    let (sent, _) = sent_code(&world, 1).await;
    let wrong = if sent == "000000" { "111111" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(guesser.post("/track/sign-in", &[("code", wrong)]).await.status, 422);
    }
    assert_eq!(guesser.post("/track/sign-in", &[("code", &sent)]).await.status, 422);
    // And whoever goes on guessing waits.
    let mut waits = false;
    for _ in 0..6 {
        waits |= guesser.post("/track/sign-in", &[("code", wrong)]).await.status == 429;
    }
    assert!(waits);
}

// F17
#[tokio::test]
async fn a_clock_that_is_put_back_makes_no_code_and_no_visit_hold_longer() {
    let (world, code) = World::furnished().await;
    let ahead = |days| world.app.clock.put_ahead(chrono::TimeDelta::days(days));
    ahead(1);
    let mut browser = Browser::of(&world);
    browser.post("/track", &[("what", &code)]).await;
    let (sent, _) = sent_code(&world, 1).await;
    ahead(0);
    assert_eq!(browser.post("/track/sign-in", &[("code", &sent)]).await.status, 422);
    ahead(1);
    assert_eq!(browser.post("/track/sign-in", &[("code", &sent)]).await.status, 303);
    let path = format!("/track/{code}");
    assert!(browser.get(&path).await.html.contains("it does not cool"));
    ahead(0);
    assert!(!browser.get(&path).await.html.contains("it does not cool"));
}

#[tokio::test]
async fn nobody_can_tell_whether_a_tracking_code_or_a_number_is_known() {
    let (world, code) = World::furnished().await;
    let unknown = "01-01-1399-01-0001";
    let mut browser = Browser::of(&world);
    let known_page = browser.get(&format!("/track/{code}")).await;
    let unknown_page = browser.get(&format!("/track/{unknown}")).await;
    assert_eq!(known_page.status, unknown_page.status);
    assert_eq!(known_page.html.replace(&code, "X"), unknown_page.html.replace(unknown, "X"));
    let mut answers = Vec::new();
    for what in [code.as_str(), unknown, "09121234567", "09350000001", "' OR 1=1 --"] {
        let mut stranger = Browser::of(&world);
        let asked = stranger.post("/track", &[("what", what)]).await;
        let wrong = stranger.post("/track/sign-in", &[("code", "123456")]).await;
        answers.push((asked.status, asked.location, asked.html, wrong.status, wrong.html));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:#?}");
    // Nobody's phone rings more than three times in ten minutes.
    for _ in 0..4 {
        Browser::of(&world).post("/track", &[("what", &code)]).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    let codes = messages(&world).await.into_iter().filter(|row| row.message == "code").count();
    assert!(codes <= 3, "{codes} codes have left");
}

#[tokio::test]
async fn a_customer_takes_steps_in_the_portal_and_nothing_else_opens() {
    let (world, code) = World::furnished().await;
    let mut browser = visiting(&world, &code).await;
    let page = browser.get(&format!("/track/{code}")).await;
    let form = format!("/track/{code}/steps/pay_for_repair");
    let revision = page.hidden(&form, "revision");
    // What they are asked stands beside what they can answer, without the way to where they are.
    let turn = &page.html[page.html.find("turn-title").unwrap()..page.html.find(&form).unwrap()];
    assert!(turn.contains("تحت گارانتی نیست") && !turn.contains("/track/"), "{turn}");
    assert_eq!(browser.post(&form, &[("revision", &revision)]).await.status, 403, "without our token");
    let done = take(&mut browser, &page, &code, "pay_for_repair", &[]).await;
    assert_eq!(done.status, 303, "{}", done.html);
    let history = world.as_user("admin").await.get(&format!("/api/tickets/{code}/history")).await;
    assert!(history.text.contains("customer/C1"), "{}", history.text);
    // What staff alone may do is neither offered nor taken.
    let page = browser.get(&format!("/track/{code}")).await;
    assert!(!page.html.contains("assign_technician"));
    let csrf = page.hidden("/questions", "csrf");
    let foreign = format!("/track/{code}/steps/assign_technician");
    assert_eq!(browser.post(&foreign, &[("csrf", &csrf), ("revision", "2")]).await.status, 403);
    for path in ["/tickets", "/intake", "/vouchers", "/my-day", &format!("/tickets/{code}")] {
        let seen = browser.get(path).await;
        assert_eq!(seen.status, 303, "{path}");
        assert!(seen.location.starts_with("/sign-in"), "{path}: {}", seen.location);
    }
    assert_eq!(browser.get("/api/tickets").await.status, 401);
    // And a session of staff counts for nothing in the portal.
    let mut staff = Browser::of(&world);
    staff.sign_in("manager").await;
    assert!(staff.get(&format!("/track/{code}")).await.html.contains("name=\"what\""));
}

#[tokio::test]
async fn a_question_is_found_by_staff_and_its_answer_by_the_customer() {
    let (world, code) = World::furnished().await;
    let mut browser = visiting(&world, &code).await;
    let csrf = browser.get(&format!("/track/{code}")).await.hidden("/questions", "csrf");
    let path = format!("/track/{code}/questions");
    let asked = browser.post(&path, &[("csrf", &csrf), ("text", "When <b>exactly</b>?")]).await;
    assert_eq!(asked.status, 303, "{}", asked.html);
    let staff = world.as_user("reception").await;
    let seen = staff.get(&format!("/api/tickets/{code}/activities?kind=question")).await;
    assert_eq!(seen.at("/0/text"), "When <b>exactly</b>?", "{}", seen.text);
    // It is on the list of those who received the request, once however often is asked.
    browser.post(&path, &[("csrf", &csrf), ("text", "And who comes?")]).await;
    let tasks = staff.get("/api/tasks").await;
    let mine = tasks.json();
    let mine = mine["items"].as_array().or(mine.as_array()).cloned().unwrap_or_default();
    let about = mine.iter().filter(|task| task["ticket"] == json!(code) && task["to"] == "reception");
    assert_eq!(about.count(), 1, "{}", tasks.text);
    for (kind, text) in [("answer", "On Monday"), ("talk", "Only among us")] {
        let body = json!({"kind": kind, "text": text});
        let noted = staff.post(&format!("/api/tickets/{code}/activities"), &body).await;
        assert_eq!(noted.status, 201, "{}", noted.text);
    }
    let page = browser.get(&format!("/track/{code}")).await;
    assert!(page.html.contains("On Monday") && page.html.contains("When &lt;b&gt;exactly"), "{}", page.html);
    assert!(!page.html.contains("Only among us"), "{}", page.html);
}

/// A ticket on which an advance can be paid.
async fn with_visit(world: &World, code: &str) {
    let taken = world.as_user("reception").await;
    let step = |event: &str| format!("/api/tickets/{code}/steps/{event}");
    assert_eq!(taken.post(&step("pay_for_repair"), &json!({"revision": 1})).await.status, 200);
    let body =
        json!({"revision": 2, "data": {"technician": "technician", "visit_at": "2041-04-03T06:00:00Z"}});
    let assigned = world.as_user("dispatcher").await.post(&step("assign_technician"), &body).await;
    assert_eq!(assigned.status, 200, "{}", assigned.text);
    let admin = world.as_user("admin").await;
    let charge = json!({"code": "LAB", "name": {"en": "Labour", "fa": "کار", "zh": "工时", "pl": "Robocizna"},
        "kind": "labour", "price": "3000"});
    let added = admin.post("/api/services", &charge).await;
    assert!([201, 409].contains(&added.status), "{}", added.text);
    let worker = world.as_user("technician").await;
    let safety =
        json!({"safety": {"power_off": true, "supply_shut": true, "area_clear": true, "protection": true}});
    let steps = [
        ("set_out", json!({})),
        ("arrive", json!({})),
        ("safe", safety),
        ("diagnosed", json!({"findings": "worn", "fault_code": "electronics"})),
        ("add_services", json!({"services": [{"code": "LAB", "quantity": 1}]})),
    ];
    for (event, data) in steps {
        let revision = worker.get(&format!("/api/tickets/{code}")).await.at("/ticket/revision");
        let taken = worker.post(&step(event), &json!({"revision": revision, "data": data})).await;
        assert_eq!(taken.status, 200, "{event}: {}", taken.text);
    }
}

#[tokio::test]
async fn without_a_provider_nobody_outside_records_a_payment_of_their_own() {
    let (world, code) = World::furnished().await;
    with_visit(&world, &code).await;
    let mut browser = visiting(&world, &code).await;
    let page = browser.get(&format!("/track/{code}")).await;
    assert!(!page.html.contains("name=\"amount\""), "a payment is offered: {}", page.html);
    let csrf = page.hidden("/questions", "csrf");
    let fields = [("csrf", csrf.as_str()), ("f:amount", "1000"), ("f:method", "cash")];
    assert_eq!(browser.post(&format!("/track/{code}/steps/pay"), &fields).await.status, 403);
    let payer = Person { customer: Some("C1".into()), ..Person::with("payer", &["customer"]) };
    world.employ(vec![payer]).await;
    let payer = world.as_user("payer").await;
    let revision = payer.get(&format!("/api/tickets/{code}")).await.at("/ticket/revision");
    let body = json!({"revision": revision, "data": {"amount": "1000", "method": "cash"}});
    let refused = payer.post(&format!("/api/tickets/{code}/steps/pay"), &body).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    let clerk = world.as_user("reception").await.post(&format!("/api/tickets/{code}/steps/pay"), &body).await;
    assert_eq!(clerk.status, 200, "{}", clerk.text);
}

// BS-26
#[tokio::test]
async fn a_customer_pays_at_the_provider_and_comes_back_to_the_ticket() {
    let (world, code) = with_sandbox().await.with_a_request().await;
    with_visit(&world, &code).await;
    let mut browser = visiting(&world, &code).await;
    let page = browser.get(&format!("/track/{code}")).await;
    let form = format!("/track/{code}/payments");
    let (csrf, event) = (page.hidden(&form, "csrf"), page.hidden(&form, "event"));
    let pay = |amount: &'static str| {
        [
            ("csrf", csrf.clone()),
            ("event", event.clone()),
            ("provider", "sandbox".into()),
            ("amount", amount.into()),
        ]
    };
    let send = async |browser: &mut Browser, amount: &'static str| {
        let fields = pay(amount);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post(&form, &fields).await
    };
    assert_eq!(send(&mut browser, "0").await.status, 422);
    let begun = send(&mut browser, "۱۰۰۰").await;
    assert_eq!(begun.status, 303, "{}", begun.html);
    let leaving = browser.get(&begun.location).await;
    let go = leaving.refresh.split("url=").nth(1).expect("where to go").to_owned();
    let there = browser.get(&go).await;
    assert_eq!(there.status, 303);
    let outside =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let button = outside.post(&there.location).header("content-type", "application/x-www-form-urlencoded");
    let back = button.body("status=paid").send().await.unwrap();
    let back = back.headers()["location"].to_str().unwrap().to_owned();
    let path = back.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap();
    let settled = browser.get(&path).await;
    assert!(settled.location.starts_with(&format!("/track/{code}?payment=")), "{}", settled.location);
    let page = browser.get(&settled.location).await;
    assert!(page.html.contains("notice good"), "{}", page.html);
    let accountant = world.as_user("accountant").await;
    let paid = accountant.get(&format!("/api/tickets/{code}/charges")).await;
    assert_eq!(paid.at("/paid"), "1000");
    // A receipt for the customer, and a draft in the books.
    let receipt = page.html.split(&format!("/track/{code}/documents/")).nth(1).expect("a receipt");
    let receipt = receipt.split('"').next().unwrap();
    let paper = browser.get(&format!("/track/{code}/documents/{receipt}")).await;
    assert!(paper.status == 200 && paper.html.contains("۱٬۰۰۰"), "{}", paper.html);
    let vouchers = accountant.get(&format!("/api/tickets/{code}/vouchers")).await;
    assert_eq!(
        (vouchers.at("/0/status"), vouchers.at("/0/total")),
        (json!("draft"), json!("1000")),
        "{}",
        vouchers.text
    );
}

#[tokio::test]
async fn every_page_of_the_portal_can_be_made_in_every_language() {
    let (world, code) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.post("/track", &[("what", &code)]).await;
    let (sent, _) = sent_code(&world, 1).await;
    assert_eq!(browser.post("/track/sign-in", &[("code", &sent)]).await.status, 303);
    for language in ["fa", "en", "zh", "pl"] {
        browser.cookies.insert("aftercare-reader".into(), format!("{language}..."));
        let mut stranger = Browser::of(&world);
        stranger.cookies.insert("aftercare-reader".into(), format!("{language}..."));
        for path in [
            "/track".to_owned(),
            "/track/sign-in".to_owned(),
            format!("/track/{code}"),
            "/track/new/complaint".to_owned(),
            "/track/new/onsite_repair".to_owned(),
            "/device".to_owned(),
            "/device/SN1".to_owned(),
            "/device/SN1?process=onsite_repair".to_owned(),
        ] {
            for page in [browser.get(&path).await, stranger.get(&path).await] {
                assert!(page.status == 200 || page.status == 303, "{language} {path}: {}", page.html);
                if page.status == 200 {
                    assert!(page.html.contains(&format!("<html lang=\"{language}\"")), "{language} {path}");
                    assert!(!page.html.contains("{{") && page.html.trim_end().ends_with("</html>"), "{path}");
                }
            }
        }
    }
}
