//! The board and a request's page, by their requirements: found at once, named by what people know, acted on, told of.

mod messages;
mod tasks;

use std::collections::BTreeSet;

use aftercare_tests::client::{Client, pixel};
use aftercare_tests::plain_browser::{Browser, Page};
use aftercare_tests::world::{Person, World, customer};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

async fn furnished() -> (World, String) {
    let world = World::start().await;
    world.furnish().await;
    let code = opened(&world).await;
    (world, code)
}

async fn opened(world: &World) -> String {
    let opened = world.open().await;
    opened.at("/code").as_str().unwrap_or_else(|| panic!("{}", opened.text)).to_owned()
}

/// A page's reader, in English.
async fn reading(world: &World, name: &str) -> Browser {
    let mut browser = Browser::of(world);
    browser.sign_in(name).await;
    browser.cookies.insert("aftercare-reader".into(), "en...".into());
    browser
}

async fn step(client: &Client, code: &str, event: &str, data: &Value) {
    let revision = client.get(&format!("/api/tickets/{code}")).await.at("/ticket/revision");
    let body = json!({"revision": revision, "data": data});
    let taken = client.post(&format!("/api/tickets/{code}/steps/{event}"), &body).await;
    assert_eq!(taken.status, 200, "{event}: {}", taken.text);
}

/// The customer pays, and somebody goes there in a fortnight.
async fn assigned(world: &World, code: &str, technician: &str) {
    step(&world.as_user("reception").await, code, "pay_for_repair", &json!({})).await;
    let visit = (world.app.clock.now() + TimeDelta::days(14)).to_rfc3339();
    let whom = json!({"technician": technician, "visit_at": visit});
    step(&world.as_user("dispatcher").await, code, "assign_technician", &whom).await;
}

/// The piece of the board that is about one request.
fn card<'p>(page: &'p Page, code: &str) -> &'p str {
    let from = page.html.find(&format!("data-code=\"{code}\"")).expect("a card");
    page.html[from..].split("</article>").next().unwrap_or_default()
}

// BS-01, BS-02
#[tokio::test]
async fn a_new_request_stands_on_the_one_board_at_once_and_a_customer_finds_only_their_own() {
    let (world, code) = furnished().await;
    let admin = world.as_user("admin").await;
    assert_eq!(admin.post("/api/customers", &customer("C2", "Zahra", &["09127654321"])).await.status, 201);
    let device = json!({"serial": "SN2", "product": "F200", "status": "sold", "owner": "C2"});
    assert_eq!(admin.post("/api/devices", &device).await.status, 201);
    let mut board = reading(&world, "manager").await;
    assert!(board.get("/tickets").await.html.contains(&code));
    let body = json!({"process": "onsite_repair", "device": "SN2",
        "data": {"fault": "leaks", "warranty_kind": "internal"}});
    let other = world.as_user("reception").await.post("/api/tickets", &body).await.at("/code");
    let other = other.as_str().expect("a code").to_owned();
    let page = board.get("/tickets").await;
    assert!(page.html.contains(&code) && page.html.contains(&other), "{}", page.html);
    for (owner, own, foreign) in [("C1", &code, &other), ("C2", &other, &code)] {
        let name = format!("owner_{owner}");
        world
            .employ(vec![Person { customer: Some(owner.into()), ..Person::with(&name, &["customer"]) }])
            .await;
        let client = world.as_user(&name).await;
        let items = client.get("/api/tickets").await.at("/items");
        let codes: Vec<&Value> = items.as_array().into_iter().flatten().map(|one| &one["code"]).collect();
        assert_eq!(codes, [&json!(own)], "{owner}");
        assert_eq!(client.get(&format!("/api/tickets/{own}")).await.status, 200);
        assert_eq!(client.get(&format!("/api/tickets/{foreign}")).await.status, 404);
    }
}

// BS-04
#[tokio::test]
async fn tracking_codes_count_by_branch_and_month_and_never_twice_the_same() {
    let (world, first) = furnished().await;
    let far = Person { branch: Some("B2".into()), ..Person::with("far", &["reception"]) };
    world.employ(vec![far]).await;
    let day = world.app.catalog.current().day(world.app.clock.now());
    let (year, month, _) = aftercare_engine::company::date::to_jalali(day);
    assert_eq!(first, format!("01-01-{year}-{month:02}-0001"));
    let body = json!({"process": "onsite_repair", "device": "SN1",
        "data": {"fault": "leaks", "warranty_kind": "internal"}});
    let (near, far) = (world.as_user("reception").await, world.as_user("far").await);
    let all = join_all((0..12).map(|n| {
        let (client, body) = (if n % 2 == 0 { &near } else { &far }, &body);
        async move { client.post("/api/tickets", body).await.at("/code").as_str().map(str::to_owned) }
    }));
    let codes: BTreeSet<String> = all.await.into_iter().flatten().collect();
    let here = (2..=7).map(|n| format!("01-01-{year}-{month:02}-{n:04}"));
    let there = (1..=6).map(|n| format!("01-02-{year}-{month:02}-{n:04}"));
    assert_eq!(codes, here.chain(there).collect());
    world.app.clock.put_ahead(TimeDelta::days(32));
    assert!(opened(&world).await.ends_with("-0001"), "a new month begins with one");
}

// BS-09, BS-12, BS-14, BS-17
#[tokio::test]
async fn a_card_says_what_it_is_about_leads_to_its_page_and_is_found_by_its_technician() {
    let (world, code) = furnished().await;
    let other = opened(&world).await;
    let second = Person { branch: Some("B1".into()), ..Person::with("second", &["technician"]) };
    world.employ(vec![second]).await;
    assigned(&world, &code, "technician").await;
    assigned(&world, &other, "second").await;
    let mut browser = reading(&world, "dispatcher").await;
    let board = browser.get("/tickets").await;
    let card = card(&board, &code);
    for told in ["Cooling", "Fridge 200", "it does not cool", &format!("href=\"/tickets/{code}\"")] {
        assert!(card.contains(told), "`{told}`: {card}");
    }
    let table = browser.get("/tickets?view=table").await;
    assert!(table.html.contains("it does not cool"), "{}", table.html);
    let own = browser.get("/tickets?technician=technician").await;
    assert!(own.html.contains(&code) && !own.html.contains(&other), "{}", own.html);

    // Its button leads to the steps, and those are exactly what the definition and the role allow.
    assert!(card.contains(&format!("href=\"/tickets/{code}#next-title\"")), "{card}");
    for name in ["dispatcher", "reception", "technician", "accountant"] {
        let offered = world.as_user(name).await.get(&format!("/api/tickets/{code}/steps")).await.at("/steps");
        let possible = offered.as_array().into_iter().flatten().filter(|step| step["possible"] == true);
        let possible: BTreeSet<String> =
            possible.filter_map(|step| step["event"].as_str().map(str::to_owned)).collect();
        let page = reading(&world, name).await.get(&format!("/tickets/{code}")).await;
        assert_eq!(page.status, 200, "{name}: {}", page.html);
        let mark = format!("action=\"/tickets/{code}/steps/");
        let forms = page.html.split(&mark).skip(1);
        let shown: BTreeSet<String> =
            forms.filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect();
        assert_eq!(shown, possible, "{name}");
    }
}

// BS-18, BW-10, BW-21
#[tokio::test]
async fn the_page_tells_whose_it_is_and_each_step_with_who_when_and_what_has_changed() {
    let (world, code) = furnished().await;
    assigned(&world, &code, "technician").await;
    let dispatcher = world.as_user("dispatcher").await;
    for address in ["Zand Street 5", "Azadi Square 1", "Ferdowsi Street 42"] {
        step(&dispatcher, &code, "correct_address", &json!({"visit_address": address})).await;
    }
    let note = json!({"kind": "note", "text": "prefers mornings"});
    assert_eq!(dispatcher.post(&format!("/api/tickets/{code}/activities"), &note).await.status, 201);

    let history = dispatcher.get(&format!("/api/tickets/{code}/history")).await.json();
    let edits = history.as_array().into_iter().flatten().filter(|one| one["event"] == "correct_address");
    let edits: Vec<Value> =
        edits.map(|one| json!([one["by"], one["changes"][0]["old"], one["changes"][0]["new"]])).collect();
    assert_eq!(
        edits,
        [
            json!(["dispatcher", null, "Zand Street 5"]),
            json!(["dispatcher", "Zand Street 5", "Azadi Square 1"]),
            json!(["dispatcher", "Azadi Square 1", "Ferdowsi Street 42"]),
        ],
        "{history}"
    );

    let page = reading(&world, "manager").await.get(&format!("/tickets/{code}")).await;
    let customer =
        page.html.split("data-part=\"customer\"").nth(1).and_then(|rest| rest.split("</section>").next());
    let customer = customer.expect("the customer");
    assert!(customer.contains("علی کاظمی") && customer.contains("09121234567"), "{customer}");
    let day = world.app.catalog.current().day(world.app.clock.now()).format("%-d %b %Y").to_string();
    let head = page.html.split("data-part=\"head\"").nth(1).and_then(|rest| rest.split("</header>").next());
    assert!(head.is_some_and(|head| head.contains(&day)), "the day of its opening: {}", page.html);
    let story = page.html.split("data-part=\"story\"").nth(1).expect("a story");
    for told in [
        "Correct the address",
        "Assign a technician",
        "reception of the test",
        "dispatcher of the test",
        "prefers mornings",
        "<del><bdi>Azadi Square 1</bdi>",
        "<ins><bdi>Ferdowsi Street 42</bdi>",
        &day,
    ] {
        assert!(story.contains(told), "`{told}`: {story}");
    }
    // And the database itself keeps it.
    let raw = sea_orm::Database::connect(world.app.config.database()).await.expect("a connection");
    for deed in ["DELETE FROM ticket_event", "UPDATE ticket_event SET actor = 'nobody'"] {
        assert!(sea_orm::ConnectionTrait::execute_unprepared(&raw, deed).await.is_err(), "{deed}");
    }
}

// SOS-09
#[tokio::test]
async fn an_open_request_about_which_nothing_is_heard_for_a_week_is_on_the_list_of_stalled_ones() {
    let (world, code) = furnished().await;
    let clerk = world.as_user("reception").await;
    let stale = async || clerk.get("/api/tickets?stale=true").await.at("/items");
    world.app.clock.put_ahead(TimeDelta::days(6));
    assert_eq!(stale().await, json!([]));
    world.app.clock.put_ahead(TimeDelta::days(8));
    let late = opened(&world).await;
    let listed = stale().await;
    assert_eq!(
        (&listed[0]["code"], &listed[0]["stale"], &listed[1]),
        (&json!(code), &json!(true), &Value::Null)
    );
    let mut browser = reading(&world, "reception").await;
    let page = browser.get("/tickets?stale=yes").await;
    assert!(card(&page, &code).contains(">stalled<") && !page.html.contains(&late), "{}", page.html);
    let whole = browser.get("/tickets").await;
    assert!(!card(&whole, &late).contains(">stalled<"), "{}", whole.html);
    // Somebody asks: it is in motion again, and a week later no more.
    let call = json!({"kind": "call_out", "text": "still wanted"});
    assert_eq!(clerk.post(&format!("/api/tickets/{code}/activities"), &call).await.status, 201);
    assert_eq!(stale().await, json!([]));
    world.app.clock.put_ahead(TimeDelta::days(16));
    assert_eq!(stale().await.as_array().map(Vec::len), Some(2));
}

// SOS-26
#[tokio::test]
async fn papers_are_attached_to_requests_customers_devices_models_and_partners() {
    let (world, code) = furnished().await;
    let admin = world.as_user("admin").await;
    let name = json!({"en": "N", "fa": "N", "zh": "N", "pl": "N"});
    let agency = json!({"code": "A1", "name": name, "kind": "both", "status": "active", "language": "en"});
    assert_eq!(admin.post("/api/agencies", &agency).await.status, 201);
    let paper = || b"%PDF-1.7 a contract".to_vec();
    let ticket =
        admin.send_file(&format!("/api/tickets/{code}/files?name=a.pdf"), "application/pdf", paper()).await;
    assert_eq!(ticket.status, 201, "{}", ticket.text);
    for (register, key) in [("customers", "C1"), ("devices", "SN1"), ("products", "F200"), ("agencies", "A1")]
    {
        let path = format!("/api/registers/{register}/{key}/files");
        let kept = admin.send_file(&format!("{path}?name=contract.pdf"), "application/pdf", paper()).await;
        assert_eq!(kept.status, 201, "{register}: {}", kept.text);
        assert_eq!(admin.get(&path).await.at("/0/name"), "contract.pdf", "{register}");
        let one = format!("{path}/{}", kept.at("/id"));
        assert_eq!(admin.bytes(&one).await, paper(), "{register}");
        assert_eq!(admin.get(&format!("{path}/9999")).await.status, 404);
        let foreign = format!("/api/registers/stores/01/files/{}", kept.at("/id"));
        assert_eq!(admin.get(&foreign).await.status, 404, "of another entry");
        let clerk = world.as_user("technician").await;
        let refused = clerk.send_file(&format!("{path}?name=b.pdf"), "application/pdf", paper()).await;
        assert_eq!(refused.status, 403, "{register}: {}", refused.text);
        let page =
            reading(&world, "admin").await.get(&format!("/registers/{register}/entry?key={key}")).await;
        assert!(page.html.contains("contract.pdf"), "{register}: {}", page.html);
    }
    let nowhere = "/api/registers/customers/NOBODY/files?name=a.pdf";
    assert_eq!(admin.send_file(nowhere, "application/pdf", paper()).await.status, 404);
    let none =
        admin.send_file("/api/registers/customers/C1/files?name=a.svg", "image/svg+xml", b"<svg>".to_vec());
    assert_eq!(none.await.status, 422);
    // The owner of a device is outside the house.
    world.employ(vec![Person { customer: Some("C1".into()), ..Person::with("owner", &["customer"]) }]).await;
    let owner = world.as_user("owner").await;
    for path in ["customers/C1", "devices/SN1"] {
        assert_eq!(owner.get(&format!("/api/registers/{path}/files")).await.status, 403, "{path}");
    }
    // By the form, without scripts; and when two customers become one, so do their papers.
    let mut browser = reading(&world, "admin").await;
    let page = browser.get("/registers/customers/entry?key=C1").await;
    let hidden = |name: &str| page.hidden("/registers/customers/files\"", name);
    let fields = [
        ("csrf", hidden("csrf")),
        ("once", hidden("once")),
        ("key", hidden("key")),
        ("back", hidden("back")),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let sent = browser
        .post_file("/registers/customers/files", &fields, ("file", "front.png", "image/png", pixel()))
        .await;
    assert_eq!(sent.status, 303, "{}", sent.html);
    assert!(browser.get("/customers/C1").await.html.contains("front.png"));
    assert_eq!(admin.post("/api/customers", &customer("C2", "Zahra", &["09127654321"])).await.status, 201);
    let version = admin.get("/api/customers/C1").await.at("/version");
    let merged = admin.post("/api/customers/C1/merge", &json!({"into": "C2", "version": version})).await;
    assert_eq!(merged.status, 200, "{}", merged.text);
    let files = admin.get("/api/registers/customers/C2/files").await.json();
    assert_eq!(files.as_array().map(Vec::len), Some(2), "{files}");
}

/// The technician has worked, and everything is paid: only the report is missing.
async fn worked(world: &World, code: &str) {
    assigned(world, code, "technician").await;
    let name = json!({"en": "Labour", "fa": "کار", "zh": "工时", "pl": "Robocizna"});
    let service = json!({"code": "LAB", "name": name, "kind": "labour", "price": "3000"});
    assert_eq!(world.as_user("admin").await.post("/api/services", &service).await.status, 201);
    let safety =
        json!({"safety": {"power_off": true, "supply_shut": true, "area_clear": true, "protection": true}});
    let technician = world.as_user("technician").await;
    for (event, data) in [
        ("set_out", json!({})),
        ("arrive", json!({})),
        ("safe", safety),
        ("diagnosed", json!({"findings": "worn", "fault_code": "electronics"})),
        ("add_services", json!({"services": [{"code": "LAB", "quantity": 1}]})),
        ("plan_done", json!({})),
    ] {
        step(&technician, code, event, &data).await;
    }
    step(&world.as_user("reception").await, code, "accept", &json!({})).await;
    let accountant = world.as_user("accountant").await;
    let gross = accountant.get(&format!("/api/tickets/{code}/charges")).await.at("/gross");
    step(&accountant, code, "pay", &json!({"amount": gross, "method": "card"})).await;
}

// BS-20: a photo reaches us from a browser without scripts as well.
#[tokio::test]
async fn a_photo_comes_with_its_step_over_a_plain_form() {
    let (world, code) = furnished().await;
    worked(&world, &code).await;
    let mut browser = reading(&world, "technician").await;
    let page = browser.get(&format!("/tickets/{code}")).await;
    let form = format!("/tickets/{code}/steps/report");
    let head = page.html.split(&form).nth(1).and_then(|rest| rest.split('>').next()).expect("a form");
    assert!(head.contains("enctype=\"multipart/form-data\""), "{head}");
    let hidden = |name: &str| page.hidden(&form, name);
    let (csrf, revision) = (hidden("csrf"), hidden("revision"));
    let fields = |once: &'static str| {
        [
            ("csrf", csrf.clone()),
            ("revision", revision.clone()),
            ("once", once.to_owned()),
            ("f:work_report", "motor replaced".into()),
            ("f:completed_by", "Ali".into()),
        ]
    };
    let send = async |browser: &mut Browser, once, file: (&str, &str, &str, Vec<u8>)| {
        let fields = fields(once);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post_file(&form, &fields, file).await
    };
    let damaged = pixel()[..40].to_vec();
    let refused = send(&mut browser, "one", ("f:work_photo", "x.png", "image/png", damaged)).await;
    assert_eq!(refused.status, 422, "{}", refused.html);
    assert!(refused.html.contains("motor replaced"), "what was typed is gone: {}", refused.html);
    for _ in 0..2 {
        let taken = send(&mut browser, "two", ("f:work_photo", "x.png", "image/png", pixel())).await;
        assert_eq!(taken.status, 303, "{}", taken.html);
    }
    let now = world.as_user("admin").await.get(&format!("/api/tickets/{code}")).await;
    let files = world.as_user("admin").await.get(&format!("/api/tickets/{code}/files")).await;
    assert_eq!(files.json().as_array().map(Vec::len), Some(1), "{}", files.text);
    assert_eq!(
        (now.at("/fields/work_photo"), files.at("/0/kind")),
        (files.at("/0/id"), json!("photo")),
        "{}",
        now.text
    );
}

#[tokio::test]
async fn many_vouchers_are_reviewed_at_once_and_each_says_what_came_of_it() {
    let world = World::start().await;
    world.furnish().await;
    let name = json!({"en": "Board", "fa": "برد", "zh": "电路板", "pl": "Płyta"});
    let part = json!({"code": "BOARD", "name": name, "price": "10000000", "unit": "piece"});
    assert_eq!(world.as_user("admin").await.post("/api/parts", &part).await.status, 201);
    let body = json!({"process": "parts_sale", "customer": "C1", "data": {
        "parts": [{"code": "BOARD", "quantity": 1}], "delivery_address": "Zand Street 5"}});
    let code = world.as_user("reception").await.post("/api/tickets", &body).await.at("/code");
    let code = code.as_str().expect("a code").to_owned();
    for who in ["reception", "reception", "accountant"] {
        step(&world.as_user(who).await, &code, "pay", &json!({"amount": "1000000", "method": "cash"})).await;
    }
    let mut browser = reading(&world, "accountant").await;
    let page = browser.get("/vouchers?status=draft").await;
    let hidden = |name: &str| page.hidden("action=\"/vouchers/review\"", name);
    let (csrf, once, back) = (hidden("csrf"), hidden("once"), hidden("back"));
    assert_eq!(back, "/vouchers?status=draft");
    assert_eq!(page.html.matches("name=\"reference\"").count(), 3, "{}", page.html);
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", &once),
        ("back", &back),
        ("reference", "1"),
        ("reference", "2"),
        ("reference", "3"),
        ("reference", "99"),
    ];
    for _ in 0..2 {
        let done = browser.post("/vouchers/review", &fields).await;
        let told = done.html.split("id=\"done\"").nth(1).and_then(|rest| rest.split("</section>").next());
        let told = told.unwrap_or_else(|| panic!("{}", done.html));
        assert_eq!(
            (told.matches("class=\"yes\"").count(), told.matches("class=\"no\"").count()),
            (2, 2),
            "{told}"
        );
    }
    let vouchers = world.as_user("manager").await.get("/api/vouchers").await;
    let status = |n: usize| vouchers.at(&format!("/items/{n}/status"));
    assert_eq!(
        [status(0), status(1), status(2)],
        ["reviewed", "reviewed", "draft"].map(Value::from),
        "{}",
        vouchers.text
    );
    // Nobody without the right.
    let mut clerk = reading(&world, "technician").await;
    let csrf = clerk.get("/my-day").await.hidden("<body", "csrf");
    let refused = clerk.post("/vouchers/review", &[("csrf", &csrf), ("reference", "3")]).await;
    assert!(refused.status == 403 || refused.html.contains("class=\"no\""), "{}", refused.status);
    assert_eq!(world.as_user("manager").await.get("/api/vouchers").await.at("/items/2/status"), "draft");
}
