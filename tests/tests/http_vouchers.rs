//! What an accountant does with vouchers over the API: look, review, make final in order, take back.

use aftercare::store::StoreError;
use aftercare_tests::client::{Client, Reply};
use aftercare_tests::world::{World, definitions};
use chrono::{NaiveDate, TimeDelta};
use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

/// A shop with a part to sell and a customer who has asked for it; the address where he pays.
async fn shop(world: &World) -> String {
    world.furnish().await;
    let name = json!({"en": "Board", "fa": "برد", "zh": "电路板", "pl": "Płyta"});
    let part = json!({"code": "BOARD", "name": name, "price": "10000000", "unit": "piece"});
    let added = world.as_user("admin").await.post("/api/parts", &part).await;
    assert_eq!(added.status, 201, "{}", added.text);
    let body = json!({"process": "parts_sale", "customer": "C1", "data": {
        "parts": [{"code": "BOARD", "quantity": 1}], "delivery_address": "Zand Street 5"}});
    let opened = world.as_user("reception").await.post("/api/tickets", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    format!("/api/tickets/{}", opened.at("/code").as_str().unwrap())
}

/// The customer pays parts of the price: a voucher each.
async fn pay(world: &World, ticket: &str, amounts: &[i64]) {
    let clerk = world.as_user("reception").await;
    for amount in amounts {
        let revision = clerk.get(ticket).await.at("/ticket/revision");
        let step = json!({"revision": revision, "data": {"amount": amount, "method": "cash"}});
        let paid = clerk.post(&format!("{ticket}/steps/pay"), &step).await;
        assert_eq!(paid.status, 200, "{}", paid.text);
    }
}

fn today(world: &World) -> NaiveDate {
    world.app.catalog.current().day(world.app.clock.now())
}

async fn review(user: &Client, reference: i64) -> Reply {
    user.send(user.request("POST".parse().unwrap(), &format!("/api/vouchers/{reference}/review"))).await
}

async fn finalise(user: &Client, up_to: NaiveDate) -> Reply {
    user.post("/api/vouchers/finalise", &json!({"up_to": up_to})).await
}

async fn reverse(user: &Client, reference: i64, reason: &str) -> Reply {
    user.post(&format!("/api/vouchers/{reference}/reverse"), &json!({"reason": reason})).await
}

/// One value of every voucher, in the order of entry.
async fn all(user: &Client, pointer: &str) -> Vec<Value> {
    let items = user.get("/api/vouchers").await.at("/items");
    let items = items.as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item.pointer(pointer).cloned().unwrap_or_default()).collect()
}

#[tokio::test]
async fn reviewed_vouchers_get_numbers_without_a_gap_in_the_order_of_their_days() {
    let world = World::start().await;
    let ticket = shop(&world).await;
    let (accountant, approver) = (world.as_user("accountant").await, world.as_user("finance_approver").await);
    let first_day = today(&world);
    pay(&world, &ticket, &[1_000_000, 1_000_000, 1_000_000]).await;
    world.app.tick(TimeDelta::days(1)).await.unwrap();
    pay(&world, &ticket, &[1_000_000, 1_000_000]).await;
    assert_eq!(all(&accountant, "/status").await, vec![json!("draft"); 5]);

    // Entered later, for the first day: by day it comes before the fourth and fifth.
    let late = "INSERT INTO voucher (reference_no, source, event, template, date, fiscal_year, currency, status, kind,
        text, detail, ticket, total, prepared_by, prepared_at) SELECT 6, 'late', event, template, date, fiscal_year,
        currency, status, kind, text, detail, ticket, total, prepared_by, prepared_at FROM voucher WHERE reference_no = 1";
    let lines = "INSERT INTO voucher_line SELECT 6, line, account, memo, party_kind, party, details, text, explanation,
        debit, credit, currency, date FROM voucher_line WHERE voucher = 1";
    raw(&world, late).await.unwrap();
    raw(&world, lines).await.unwrap();

    for reference in [1, 3, 4, 5, 6] {
        let reviewed = review(&accountant, reference).await;
        assert_eq!((reviewed.status, reviewed.at("/status")), (200, json!("reviewed")), "{}", reviewed.text);
        assert_eq!(reviewed.at("/reviewed_by"), "accountant");
    }
    let again = review(&accountant, 1).await;
    assert_eq!(again.status, 409, "{}", again.text);

    let held_up = finalise(&approver, first_day).await;
    assert_eq!((held_up.status, held_up.at("/reference")), (422, json!(2)), "{}", held_up.text);
    assert!(held_up.at("/detail").as_str().unwrap().contains("Voucher 2 of "), "{}", held_up.text);
    assert_eq!(all(&accountant, "/number").await, vec![Value::Null; 6], "nothing was numbered");

    assert_eq!(review(&accountant, 2).await.status, 200);
    let done = finalise(&approver, first_day).await;
    assert_eq!((done.status, done.at("/count")), (200, json!(4)), "{}", done.text);
    assert_eq!((done.at("/series/0/first"), done.at("/series/0/last")), (json!(1), json!(4)));
    let rest = finalise(&approver, today(&world)).await;
    assert_eq!((rest.status, rest.at("/series/0/last")), (200, json!(6)), "{}", rest.text);
    let numbers = all(&accountant, "/number").await;
    assert_eq!(numbers, [1, 2, 3, 5, 6, 4].map(|number| json!(number)).to_vec());

    let report = aftercare::verify::verify(&world.app).await.unwrap();
    assert!(
        !report
            .findings
            .iter()
            .any(|finding| finding.kind == "number" && finding.subject != "voucher reference"),
        "{report:?}"
    );
    for change in [
        "UPDATE voucher SET total = total + 1 WHERE reference_no = 1",
        "UPDATE voucher SET status = 'draft' WHERE reference_no = 1",
        "UPDATE voucher SET voucher_no = 9 WHERE reference_no = 1",
        "UPDATE voucher_line SET debit = debit + 1 WHERE voucher = 1 AND debit > 0",
        "DELETE FROM voucher WHERE reference_no = 1",
        "DELETE FROM voucher_line WHERE voucher = 1",
    ] {
        assert!(raw(&world, change).await.is_err(), "the database let it happen: {change}");
    }
}

#[tokio::test]
async fn of_people_who_make_vouchers_final_at_once_one_does_and_the_others_are_told() {
    for world in World::each(&definitions()).await {
        one_makes_vouchers_final(&world).await;
    }
}

async fn one_makes_vouchers_final(world: &World) {
    let ticket = shop(world).await;
    let (accountant, approver) = (world.as_user("accountant").await, world.as_user("finance_approver").await);
    pay(world, &ticket, &[1_000_000; 4]).await;
    let reviews = join_all((1..=4).map(|reference| review(&accountant, reference))).await;
    assert!(reviews.iter().all(|reply| reply.status == 200));

    let day = today(world);
    let replies = join_all((0..6).map(|_| finalise(&approver, day))).await;
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409]);
    let loser = replies.iter().find(|reply| reply.status == 409).unwrap();
    assert!(loser.at("/detail").as_str().unwrap().contains("faster"), "{}", loser.text);
    assert_eq!(all(&accountant, "/number").await, [1, 2, 3, 4].map(|number| json!(number)).to_vec());
}

#[tokio::test]
async fn a_final_voucher_is_taken_back_once_by_its_reverse_which_somebody_else_reviews() {
    let world = World::start().await;
    let ticket = shop(&world).await;
    let (accountant, approver) = (world.as_user("accountant").await, world.as_user("finance_approver").await);
    pay(&world, &ticket, &[1_000_000]).await;
    let early = reverse(&approver, 1, "wrong amount").await;
    assert_eq!(early.status, 422, "a draft was reversed: {}", early.text);
    assert_eq!(review(&approver, 1).await.status, 200);
    assert_eq!(finalise(&approver, today(&world)).await.status, 200);
    let original = accountant.get("/api/vouchers/1").await;

    let silent = reverse(&approver, 1, "  ").await;
    assert_eq!((silent.status, silent.at("/errors/0/field")), (422, json!("reason")), "{}", silent.text);
    let path = "/api/vouchers/1/reverse";
    let body = json!({"reason": "wrong amount"});
    let made = approver.post_once(path, "back-1", &body).await;
    assert_eq!((made.status, made.at("/status")), (201, json!("draft")), "{}", made.text);
    assert_eq!((made.at("/reference"), made.at("/reverses")), (json!(2), json!(1)));
    assert!(made.at("/text").as_str().unwrap().contains("wrong amount"), "{}", made.text);
    assert_eq!(approver.post_once(path, "back-1", &body).await.text, made.text, "once is once");
    assert_eq!(made.at("/lines/0/account"), original.at("/lines/1/account"));
    assert_eq!(made.at("/lines/0/debit"), original.at("/lines/1/credit"));
    assert_eq!(made.at("/lines/1/credit"), original.at("/lines/0/debit"));

    let second = reverse(&approver, 1, "again").await;
    assert_eq!((second.status, second.at("/reversed_by")), (409, json!(2)), "{}", second.text);
    let now = accountant.get("/api/vouchers/1").await;
    assert_eq!((now.at("/status"), now.at("/reversed_by")), (json!("reversed"), json!(2)));
    assert_eq!((now.at("/number"), now.at("/lines")), (json!(1), original.at("/lines")), "it stands");

    let own = review(&approver, 2).await;
    assert_eq!(own.status, 403, "its own maker reviewed it: {}", own.text);
    assert_eq!(review(&accountant, 2).await.status, 200);
    let done = finalise(&approver, today(&world)).await;
    assert_eq!((done.status, done.at("/series/0/first")), (200, json!(2)), "{}", done.text);
    let back = reverse(&approver, 2, "it was right after all").await;
    assert_eq!(
        (back.status, back.at("/lines/0/debit")),
        (201, original.at("/lines/0/debit")),
        "{}",
        back.text
    );
}

#[tokio::test]
async fn reversals_at_once_make_one() {
    let world = World::start().await;
    let ticket = shop(&world).await;
    let approver = world.as_user("finance_approver").await;
    pay(&world, &ticket, &[1_000_000]).await;
    assert_eq!(review(&approver, 1).await.status, 200);
    assert_eq!(finalise(&approver, today(&world)).await.status, 200);
    let replies = join_all((0..5).map(|_| reverse(&approver, 1, "twice"))).await;
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409]);
    assert_eq!(all(&approver, "/reference").await, [json!(1), json!(2)], "a refused one leaves no hole");
}

#[tokio::test]
async fn who_has_not_the_right_is_refused_and_nothing_changes() {
    let world = World::start().await;
    let ticket = shop(&world).await;
    pay(&world, &ticket, &[1_000_000]).await;
    let accountant = world.as_user("accountant").await;
    for name in ["reception", "manager", "admin"] {
        let user = world.as_user(name).await;
        assert_eq!(review(&user, 1).await.status, 403, "{name}");
        assert_eq!(finalise(&user, today(&world)).await.status, 403, "{name}");
        assert_eq!(reverse(&user, 1, "no").await.status, 403, "{name}");
    }
    let refused = finalise(&accountant, today(&world)).await;
    assert_eq!(refused.status, 403, "an accountant reviews; another makes final: {}", refused.text);
    assert!(refused.at("/detail").as_str().unwrap().contains("vouchers.finalise"), "{}", refused.text);
    assert_eq!(all(&accountant, "/status").await, [json!("draft")]);

    assert_eq!(review(&accountant, 99).await.status, 404);
    let approver = world.as_user("finance_approver").await;
    let wrong = approver.post("/api/vouchers/finalise", &json!({"up_to": "soon"})).await;
    assert_eq!((wrong.status, wrong.at("/errors/0/field")), (400, json!("up_to")), "{}", wrong.text);
}

#[tokio::test]
async fn what_does_not_balance_stays_a_draft() {
    let world = World::start().await;
    let ticket = shop(&world).await;
    pay(&world, &ticket, &[1_000_000]).await;
    raw(&world, "UPDATE voucher_line SET debit = debit + 1 WHERE debit > 0").await.unwrap();
    let accountant = world.as_user("accountant").await;
    let refused = review(&accountant, 1).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(all(&accountant, "/status").await, [json!("draft")]);
}

/// As any other program that opens the database would do it.
async fn raw(world: &World, sql: &'static str) -> Result<(), StoreError> {
    world
        .app
        .store
        .write(move |tx| {
            Box::pin(async move {
                tx.execute_unprepared(sql).await?;
                Ok(())
            })
        })
        .await
}
