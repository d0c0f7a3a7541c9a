//! Runs over the books, vouchers that people enter, closed periods: what an accountant does at the end of a month.

use aftercare_tests::client::{Client, Reply};
use aftercare_tests::world::{World, definitions};
use chrono::{Days, NaiveDate, TimeDelta};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

fn today(world: &World) -> NaiveDate {
    world.app.catalog.current().day(world.app.clock.now())
}

/// A fridge in its first year, whose card ends in ten days.
async fn shop(world: &World) {
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let name = |text: &str| json!({"en": text, "fa": text, "zh": text, "pl": text});
    let put = async |path: &str, body: Value| {
        let reply = admin.post(path, &body).await;
        assert_eq!(reply.status, 201, "{path}: {}", reply.text);
    };
    let terms = json!({
        "start_basis": "sale", "kind": "internal", "extension_percent": 12,
        "guarantee": {"months": 12, "parts": 100, "labour": 100, "travel": 100},
    });
    put("/api/policies", json!({"code": "P", "name": name("P"), "terms": terms})).await;
    let fridge = json!({
        "code": "RF", "category": "COOL", "name": name("Frost"), "price": "50000000", "policy": "P"
    });
    put("/api/products", fridge).await;
    for serial in ["RF-1", "RF-2"] {
        let device = json!({"serial": serial, "product": "RF", "status": "sold", "owner": "C1"});
        put("/api/devices", device).await;
        let day = today(world);
        let card = json!({
            "number": format!("C-{serial}"), "device": serial, "status": "active", "stamped": true, "kind": "internal",
            "holder": "C1", "issued_on": day - Days::new(300), "guarantee_from": day - Days::new(300),
            "guarantee_to": day + Days::new(10),
        });
        put("/api/cards", card).await;
    }
}

/// An extension of two years, 12,000,000 and VAT, paid in cash. Its ticket.
async fn extension(world: &World, serial: &str) -> String {
    let clerk = world.as_user("reception").await;
    let data = json!({"extension_kind": "sold", "extension_months": 24});
    let body = json!({"process": "warranty_extension", "device": serial, "customer": "C1", "data": data});
    let opened = clerk.post("/api/tickets", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let ticket = format!("/api/tickets/{}", opened.at("/code").as_str().unwrap());
    take(&clerk, &ticket, "accept", json!({})).await;
    take(&clerk, &ticket, "pay", json!({"amount": 13_200_000, "method": "cash"})).await;
    ticket
}

async fn take(user: &Client, ticket: &str, event: &str, data: Value) {
    let revision = user.get(ticket).await.at("/ticket/revision");
    let done =
        user.post(&format!("{ticket}/steps/{event}"), &json!({"revision": revision, "data": data})).await;
    assert_eq!(done.status, 200, "{event}: {}", done.text);
}

async fn start(user: &Client, run: &str, until: NaiveDate, preview: bool) -> Reply {
    user.post(&format!("/api/runs/{run}"), &json!({"until": until, "preview": preview})).await
}

/// Sum of a value over the periods of a report.
fn sum(report: &Reply, key: &str) -> i64 {
    let periods = report.at("/periods");
    periods.as_array().into_iter().flatten().filter_map(|period| period[key].as_i64()).sum()
}

/// What stands on an account: credits less debits.
async fn stands_on(world: &World, account: &str) -> i64 {
    let sum = format!(
        "SELECT CAST(coalesce(sum(credit - debit), 0) AS BIGINT) AS left_of_it FROM voucher_line WHERE account = '{account}'"
    );
    let store = &world.app.store;
    let row = store.reader().query_one_raw(Statement::from_string(store.backend(), sum)).await.unwrap();
    row.unwrap().try_get("", "left_of_it").unwrap()
}

async fn vouchers(user: &Client) -> usize {
    user.get("/api/vouchers?limit=200").await.at("/items").as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn what_extensions_earn_is_posted_month_by_month_and_adds_up_to_their_price() {
    let world = World::start().await;
    shop(&world).await;
    for serial in ["RF-1", "RF-2"] {
        extension(&world, serial).await;
    }
    let accountant = world.as_user("accountant").await;
    assert_eq!(stands_on(&world, "314001").await + stands_on(&world, "410001").await, 24_000_000);
    let early = start(&accountant, "deferral_recognition", today(&world) + Days::new(40), false).await;
    assert_eq!(early.status, 422, "a day that is not over: {}", early.text);
    assert_eq!(start(&accountant, "nothing", today(&world), false).await.status, 404);
    let refused = start(&world.as_user("reception").await, "deferral_recognition", today(&world), true).await;
    assert_eq!(refused.status, 403, "{}", refused.text);

    world.app.tick(TimeDelta::days(100)).await.unwrap();
    // Signed in anew: sessions end by the same clock.
    let accountant = world.as_user("accountant").await;
    let before = vouchers(&accountant).await;
    let shown = start(&accountant, "deferral_recognition", today(&world), true).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    assert!(sum(&shown, "items") > 0 && sum(&shown, "posted") == 0, "{}", shown.text);
    assert_eq!(vouchers(&accountant).await, before, "a preview posts nothing");

    // Several people at once: everything is posted once.
    let day = today(&world);
    let all = join_all((0..4).map(|_| start(&accountant, "deferral_recognition", day, false))).await;
    assert!(all.iter().all(|reply| reply.status == 200), "{}", all.first().unwrap().text);
    let posted: i64 = all.iter().map(|reply| sum(reply, "posted")).sum();
    let shown_vouchers: usize = shown
        .at("/periods")
        .as_array()
        .unwrap()
        .iter()
        .map(|period| period["vouchers"].as_array().unwrap().len())
        .sum();
    assert_eq!(usize::try_from(posted).unwrap(), shown_vouchers, "as the preview said");
    let again = start(&accountant, "deferral_recognition", day, false).await;
    assert_eq!((again.status, sum(&again, "posted")), (200, 0), "{}", again.text);

    // One is given back, and all days go by.
    world.app.tick(TimeDelta::days(200)).await.unwrap();
    let manager = world.as_user("manager").await;
    let ticket = manager.get("/api/tickets?limit=10").await.at("/items/0/code");
    let ticket = format!("/api/tickets/{}", ticket.as_str().unwrap());
    take(&manager, &ticket, "give_back", json!({"give_back_reason": "sold"})).await;
    world.app.tick(TimeDelta::days(700)).await.unwrap();
    let accountant = world.as_user("accountant").await;
    let last = start(&accountant, "deferral_recognition", today(&world), false).await;
    assert_eq!(last.status, 200, "{}", last.text);
    assert_eq!([stands_on(&world, "314001").await, stands_on(&world, "410001").await], [0, 0]);
    let refunded = stands_on(&world, "310003").await;
    let earned = stands_on(&world, "610004").await;
    let vat_refunded = 2_400_000 - stands_on(&world, "312001").await;
    assert!(refunded > 0 && vat_refunded > 0);
    assert_eq!(earned + refunded - vat_refunded, 24_000_000, "earned {earned}, refunded {refunded}");
    let report = aftercare::verify::verify(&world.app).await.unwrap();
    assert!(report.findings.iter().all(|finding| finding.kind != "balance"), "{report:?}");
}

#[tokio::test]
async fn a_run_that_a_closed_period_stops_goes_on_where_it_was() {
    let world = World::start().await;
    shop(&world).await;
    extension(&world, "RF-1").await;
    world.app.tick(TimeDelta::days(130)).await.unwrap();
    let (accountant, approver) = (world.as_user("accountant").await, world.as_user("finance_approver").await);
    let shown = start(&accountant, "deferral_recognition", today(&world), true).await;
    let periods = shown.at("/periods").as_array().cloned().unwrap();
    assert!(periods.len() >= 3, "{}", shown.text);
    let second: NaiveDate = periods[1]["to"].as_str().unwrap().parse().unwrap();
    close_all(&accountant, &approver, second).await;
    let stopped = start(&accountant, "deferral_recognition", today(&world), false).await;
    assert_eq!((stopped.status, stopped.at("/closed_up_to")), (422, json!(second)), "{}", stopped.text);
    let open = json!({"up_to": "2026-01-01", "reason": "the run was forgotten"});
    assert_eq!(approver.post("/api/periods/open", &open).await.status, 201);
    let done = start(&accountant, "deferral_recognition", today(&world), false).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let shown: usize = periods.iter().map(|period| period["vouchers"].as_array().unwrap().len()).sum();
    assert_eq!(usize::try_from(sum(&done, "posted")).unwrap(), shown);
}

/// Reviews and finalises everything up to a day and closes it.
async fn close_all(accountant: &Client, approver: &Client, up_to: NaiveDate) {
    for item in accountant.get("/api/vouchers?limit=200").await.at("/items").as_array().unwrap() {
        if item["status"] == "draft" && item["date"].as_str().unwrap() <= up_to.to_string().as_str() {
            let path = format!("/api/vouchers/{}/review", item["reference"]);
            let reviewed = accountant.post(&path, &json!({})).await;
            assert_eq!(reviewed.status, 200, "{}", reviewed.text);
        }
    }
    let left = approver.post("/api/periods/close", &json!({"up_to": up_to})).await;
    assert_eq!(left.status, 422, "reviewed is not final: {}", left.text);
    assert_eq!(approver.post("/api/vouchers/finalise", &json!({"up_to": up_to})).await.status, 200);
    let closed = approver.post("/api/periods/close", &json!({"up_to": up_to})).await;
    assert_eq!(closed.status, 201, "{}", closed.text);
    assert_eq!(approver.post("/api/periods/close", &json!({"up_to": up_to})).await.status, 409);
}

fn entry(date: NaiveDate, amount: &str, technician: &str, note: bool) -> Value {
    json!({"date": date, "text": "Work of the month", "note": note, "lines": [
        {"account": "710002", "debit": amount},
        {"account": "310001", "details": {"technician": technician}, "credit": amount},
    ]})
}

#[tokio::test]
async fn a_voucher_by_hand_is_a_note_a_draft_reviewed_approved_and_final() {
    let world = World::start().await;
    world.furnish().await;
    let (accountant, approver) = (world.as_user("accountant").await, world.as_user("finance_approver").await);
    let day = today(&world);
    let half =
        json!({"date": day, "text": "Half", "note": true, "lines": [{"account": "710002", "debit": "5"}]});
    let note = accountant.post("/api/vouchers", &half).await;
    assert_eq!((note.status, note.at("/status")), (201, json!("note")), "{}", note.text);
    assert_eq!(note.at("/note/lines/0/debit"), "5", "what was entered is kept: {}", note.text);
    assert_eq!(stands_on(&world, "710002").await, 0, "a note is in no balance");
    let review = |user: Client, reference: i64| async move {
        user.post(&format!("/api/vouchers/{reference}/review"), &json!({})).await
    };
    assert_eq!(review(approver.clone(), 1).await.status, 409, "a note is not reviewed");

    let mut wrong = half.clone();
    wrong["note"] = json!(false);
    let unbalanced = accountant.put("/api/vouchers/1", &wrong).await;
    assert_eq!(unbalanced.status, 422, "{}", unbalanced.text);
    let bare = json!({"date": day, "text": "No detail", "lines": [
        {"account": "710002", "debit": "5"}, {"account": "310001", "credit": "5"}]});
    let bare = accountant.post("/api/vouchers", &bare).await;
    assert_eq!(bare.status, 422, "{}", bare.text);
    assert!(bare.at("/detail").as_str().unwrap().contains("needs exactly one"), "{}", bare.text);

    let draft = accountant.put("/api/vouchers/1", &entry(day, "1000", "reza", false)).await;
    assert_eq!((draft.status, draft.at("/status")), (200, json!("draft")), "{}", draft.text);
    assert_eq!(draft.at("/reference"), 1, "the reference stays");
    assert_eq!(accountant.put("/api/vouchers/1", &half).await.status, 409, "a draft is not entered anew");
    assert_eq!(stands_on(&world, "310001").await, 1000);

    assert_eq!(review(accountant.clone(), 1).await.status, 403, "not by who prepared it");
    assert_eq!(review(approver.clone(), 1).await.status, 200);
    let approve = |user: Client| async move { user.post("/api/vouchers/1/approve", &json!({})).await };
    assert_eq!(approve(approver.clone()).await.status, 403, "not by who reviewed it");
    world.employ(vec![aftercare_tests::world::Person::with("chief", &["finance_approver"])]).await;
    let chief = world.as_user("chief").await;
    let approved = approve(chief.clone()).await;
    assert_eq!((approved.status, approved.at("/approved_by")), (200, json!("chief")), "{}", approved.text);

    let papers = "/api/vouchers/1/attachments";
    let paper = format!("{papers}?name=bill.pdf");
    let attached = accountant.post_raw(&paper, b"%PDF-1.7".to_vec()).await;
    assert_eq!((attached.status, attached.at("/size")), (201, json!(8)), "{}", attached.text);
    // What it is its bytes say, and nothing else than papers and pictures is kept.
    let page = accountant.post_raw(&paper, b"<html><script>".to_vec()).await;
    assert_eq!((page.status, page.at("/errors/0/field")), (422, json!("body")), "{}", page.text);
    let picture = accountant.post_raw(&format!("{papers}?name=bill.png"), b"%PDF-1.7".to_vec()).await;
    assert_eq!((picture.status, picture.at("/errors/0/field")), (422, json!("name")), "{}", picture.text);
    let bytes = accountant.get(&format!("{papers}/{}", attached.at("/id"))).await;
    assert_eq!((bytes.status, bytes.text.as_str()), (200, "%PDF-1.7"));
    assert_eq!(bytes.kind, "application/pdf");
    assert!(bytes.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));

    assert_eq!(chief.post("/api/vouchers/finalise", &json!({"up_to": day})).await.status, 200);
    let done = accountant.get("/api/vouchers/1").await;
    let signed =
        ["prepared_by", "reviewed_by", "approved_by", "finalised_by"].map(|who| done.at(&format!("/{who}")));
    assert_eq!(signed, ["accountant", "finance_approver", "chief", "chief"].map(|name| json!(name)));
    assert_eq!((done.at("/number"), done.at("/attachments/0/name")), (json!(1), json!("bill.pdf")));
    assert_eq!(accountant.post_raw(&paper, b"%PDF-1.7".to_vec()).await.status, 201, "papers come late");
}

#[tokio::test]
async fn drafts_are_numbered_by_day_until_they_are_final() {
    let world = World::start().await;
    world.furnish().await;
    let (accountant, approver) = (world.as_user("accountant").await, world.as_user("finance_approver").await);
    world.app.tick(TimeDelta::days(5)).await.unwrap();
    let day = today(&world);
    for back in [0, 2, 1] {
        let made = accountant.post("/api/vouchers", &entry(day - Days::new(back), "10", "reza", false)).await;
        assert_eq!(made.status, 201, "{}", made.text);
    }
    let numbers = async |key: &str| -> Vec<Value> {
        let items = accountant.get("/api/vouchers").await.at("/items");
        items.as_array().unwrap().iter().map(|item| item.get(key).cloned().unwrap_or_default()).collect()
    };
    assert_eq!(numbers("provisional_number").await, [3, 1, 2].map(|number| json!(number)).to_vec());
    assert_eq!(approver.post("/api/vouchers/2/review", &json!({})).await.status, 200);
    let first = day - Days::new(2);
    assert_eq!(approver.post("/api/vouchers/finalise", &json!({"up_to": first})).await.status, 200);
    assert_eq!(numbers("number").await, vec![Value::Null, json!(1), Value::Null]);
    assert_eq!(numbers("provisional_number").await, vec![json!(3), Value::Null, json!(2)]);
}

#[tokio::test]
async fn nothing_is_posted_on_a_closed_day_by_anybody() {
    for world in World::each(&definitions()).await {
        nothing_is_posted_on_a_closed_day(&world).await;
    }
}

async fn nothing_is_posted_on_a_closed_day(world: &World) {
    shop(world).await;
    let (accountant, approver) = (world.as_user("accountant").await, world.as_user("finance_approver").await);
    let day = today(world);
    let ahead = approver.post("/api/periods/close", &json!({"up_to": day + Days::new(1)})).await;
    assert_eq!(ahead.status, 422, "{}", ahead.text);
    assert_eq!(accountant.post("/api/periods/close", &json!({"up_to": day})).await.status, 403);
    assert_eq!(approver.post("/api/periods/close", &json!({"up_to": day})).await.status, 201);

    let entered = accountant.post("/api/vouchers", &entry(day, "10", "reza", false)).await;
    assert_eq!((entered.status, entered.at("/closed_up_to")), (422, json!(day)), "{}", entered.text);
    let clerk = world.as_user("reception").await;
    let data = json!({"extension_kind": "sold", "extension_months": 24});
    let body = json!({"process": "warranty_extension", "device": "RF-1", "customer": "C1", "data": data});
    let opened = clerk.post("/api/tickets", &body).await;
    let ticket = format!("/api/tickets/{}", opened.at("/code").as_str().unwrap());
    take(&clerk, &ticket, "accept", json!({})).await;
    let revision = clerk.get(&ticket).await.at("/ticket/revision");
    let pay = json!({"revision": revision, "data": {"amount": 1000, "method": "cash"}});
    let refused = clerk.post(&format!("{ticket}/steps/pay"), &pay).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("period_closed"), "{}", refused.text);
    assert!(refused.text.contains("The books are closed up to"), "{}", refused.text);
    assert_eq!(clerk.get(&ticket).await.at("/ticket/revision"), revision, "nothing happened");

    let silent = json!({"up_to": "2026-01-01"});
    assert_eq!(approver.post("/api/periods/open", &silent).await.status, 422, "it needs a reason");
    let open = json!({"up_to": "2026-01-01", "reason": "a payment came late"});
    assert_eq!(approver.post("/api/periods/open", &open).await.status, 201);
    assert_eq!(approver.post("/api/periods/open", &open).await.status, 409);
    let paid = clerk.post(&format!("{ticket}/steps/pay"), &pay).await;
    assert_eq!(paid.status, 200, "{}", paid.text);
    let told = accountant.get("/api/periods").await;
    assert_eq!(
        (told.at("/0/reason"), told.at("/1/by")),
        (json!("a payment came late"), json!("finance_approver"))
    );
}

/// Bad input: a rate that is missing for the date.
#[tokio::test]
async fn a_price_without_a_vat_rate_for_the_day_is_refused_and_leaves_nothing() {
    let mut files = definitions();
    let (_, company) = files.iter_mut().find(|(path, _)| path == "workflows/company.yaml").unwrap();
    *company = company.replace("2015-03-21", "2098-03-21").replace("2024-03-20", "2099-03-21");
    for world in World::each(&files).await {
        shop(&world).await;
        let clerk = world.as_user("reception").await;
        let data = json!({"extension_kind": "sold", "extension_months": 24});
        let body = json!({"process": "warranty_extension", "device": "RF-1", "customer": "C1", "data": data});
        let refused = clerk.post("/api/tickets", &body).await;
        assert_eq!(
            (refused.status, refused.at("/reasons/0/code")),
            (422, json!("vat_rate_missing")),
            "{}",
            refused.text
        );
        assert!(refused.text.contains(&today(&world).to_string()), "{}", refused.text);
        assert_eq!(clerk.get("/api/tickets").await.at("/items"), json!([]), "nothing happened");
    }
}

#[tokio::test]
async fn statements_tell_what_was_earned() {
    let world = World::start().await;
    world.furnish().await;
    let accountant = world.as_user("accountant").await;
    let day = today(&world);
    for amount in ["3630001", "1000000"] {
        assert_eq!(accountant.post("/api/vouchers", &entry(day, amount, "reza", false)).await.status, 201);
    }
    world.app.tick(TimeDelta::days(5)).await.unwrap();
    let done = start(&accountant, "technician_statements", today(&world), false).await;
    assert_eq!(
        (done.status, sum(&done, "posted"), sum(&done, "written") > 0),
        (200, 0, true),
        "{}",
        done.text
    );
    let again = start(&accountant, "technician_statements", today(&world), false).await;
    assert_eq!((sum(&again, "posted"), sum(&again, "written")), (0, 0), "{}", again.text);
    let told = accountant.get("/api/statements?kind=technician&party=reza").await;
    assert_eq!(told.at("/0/opening"), "0");
    assert_eq!((told.at("/0/credit"), told.at("/0/debit")), (json!("4630001"), json!("0")), "{}", told.text);
    assert_eq!(told.at("/0/closing"), "4630001");
    assert_eq!(
        (told.at("/0/lines/0/open"), told.at("/0/lines/1/open")),
        (json!("3630001"), json!("1000000"))
    );
    let number = told.at("/0/number");
    let table = accountant.get(&format!("/api/statements/{}/csv", number.as_str().unwrap())).await;
    assert!(
        table.text.starts_with("date,reference,ticket,text,debit,credit,balance,open\r\n"),
        "{}",
        table.text
    );
    assert_eq!(table.text.lines().count(), 3);
}

/// What was told once stays told: a voucher that comes late into a month with a statement is a line of the next one.
#[tokio::test]
async fn a_voucher_of_a_month_with_a_statement_is_a_line_of_the_next_one() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let user = async || world.as_user("accountant").await;
        let first = today(&world);
        let made = user().await.post("/api/vouchers", &entry(first, "1000", "reza", false)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        world.app.tick(TimeDelta::days(32)).await.unwrap();
        let run = async || start(&user().await, "technician_statements", today(&world), false).await;
        assert_eq!(run().await.status, 200);
        let newest = async || user().await.get("/api/statements?kind=technician&party=reza").await;
        assert_eq!(newest().await.at("/0/closing"), "1000");

        let late = user().await.post("/api/vouchers", &entry(first, "70", "reza", false)).await;
        assert_eq!(late.status, 201, "{}", late.text);
        world.app.tick(TimeDelta::days(32)).await.unwrap();
        assert_eq!(run().await.status, 200);
        let told = newest().await;
        assert_eq!(
            (told.at("/0/opening"), told.at("/0/closing")),
            (json!("1000"), json!("1070")),
            "{}",
            told.text
        );
        assert_eq!(
            (told.at("/0/lines/0/credit"), told.at("/0/lines/0/reference")),
            (json!("70"), late.at("/reference")),
            "{}",
            told.text
        );
        world.app.tick(TimeDelta::days(32)).await.unwrap();
        assert_eq!(run().await.status, 200);
        assert_eq!(
            (newest().await.at("/0/opening"), newest().await.at("/0/lines")),
            (json!("1070"), json!([]))
        );
    }
}

#[tokio::test]
async fn a_run_that_several_start_at_once_is_done_once_and_fails_for_nobody() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let day = today(&world);
        for n in 0..40 {
            let made = world.as_user("accountant").await;
            let made = made.post("/api/vouchers", &entry(day, "1000", &format!("reza{n}"), false)).await;
            assert_eq!(made.status, 201, "{}", made.text);
        }
        world.app.tick(TimeDelta::days(70)).await.unwrap();
        let (accountant, until) = (world.as_user("accountant").await, today(&world));
        let all = join_all((0..6).map(|_| start(&accountant, "technician_statements", until, false))).await;
        for reply in &all {
            assert_eq!(reply.status, 200, "{}", reply.text);
        }
        let written: i64 = all.iter().map(|reply| sum(reply, "written")).sum();
        let kept = accountant.get("/api/statements?limit=200").await;
        assert_eq!(kept.json().as_array().map(|all| all.len() as i64), Some(written), "{}", kept.text);
    }
}
