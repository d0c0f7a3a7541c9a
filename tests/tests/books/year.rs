//! The end of a fiscal year: income and expenses to retained earnings, closing and opening vouchers, once.

use aftercare_tests::client::Client;
use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::{World, definitions};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::{line, post, today};

/// Last day of the fiscal year before this one.
fn year_end(world: &World) -> NaiveDate {
    let version = world.app.catalog.current();
    let year = &version.company().unwrap().fiscal_year;
    year.span(year.of(today(world)) - 1).unwrap().1
}

/// A year of sales and costs, none of it final.
async fn a_year(world: &World) -> (Client, NaiveDate) {
    world.furnish().await;
    let (user, end) = (world.as_user("accountant").await, year_end(world));
    let none = || json!({});
    let customer = || json!({"customer": "C1"});
    let sale = vec![
        line("113001", "debit", "5500", customer()),
        line("610001", "credit", "5000", json!({"cost_center": "B1"})),
        line("312001", "credit", "500", none()),
    ];
    post(&user, end - Days::new(40), "Service invoice", sale).await;
    let paid = vec![line("110001", "debit", "2000", none()), line("113001", "credit", "2000", customer())];
    post(&user, end - Days::new(30), "Payment", paid).await;
    let cost = vec![line("710002", "debit", "1200", none()), line("110001", "credit", "1200", none())];
    post(&user, end, "Cost", cost).await;
    (user, end)
}

async fn make_final(world: &World, up_to: NaiveDate) {
    let approver = world.as_user("finance_approver").await;
    let drafts = approver.get(&format!("/api/vouchers?status=draft&to={up_to}")).await.json();
    for one in drafts["items"].as_array().unwrap() {
        let review = format!("/api/vouchers/{}/review", one["reference"]);
        let reply = approver.post(&review, &json!({})).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    let done = approver.post("/api/vouchers/finalise", &json!({"up_to": up_to})).await;
    assert_eq!(done.status, 200, "{}", done.text);
}

async fn balance(user: &Client, from: NaiveDate, to: NaiveDate, query: &str) -> Value {
    let path = format!("/api/books/trial-balance?from={from}&to={to}&columns=8{query}");
    let reply = user.get(&path).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

fn row<'r>(reply: &'r Value, account: &str, cell: &str) -> &'r Value {
    let rows = reply["rows"].as_array().unwrap();
    rows.iter().find(|row| row["account"] == account).map_or(&Value::Null, |row| &row[cell])
}

const RUN: &str = "/api/runs/year_closing";

#[tokio::test]
async fn a_year_is_closed_once_and_its_balances_go_on() {
    for world in World::each(&definitions()).await {
        let (user, end) = a_year(&world).await;
        let body = |preview: bool| json!({"until": end, "preview": preview});
        let shown = user.post(RUN, &body(true)).await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        let texts: Vec<Value> = (0..3).map(|n| shown.at(&format!("/periods/0/vouchers/{n}/total"))).collect();
        // Income 5,000; then 3,500 receivable and 800 cash against 500 VAT and 3,800 result, closed and opened.
        assert_eq!(texts, [json!("5000"), json!("4300"), json!("4300")], "{}", shown.text);
        let refused = user.post(RUN, &body(false)).await;
        assert_eq!((refused.status, refused.at("/reference")), (422, json!(1)), "{}", refused.text);
        let before = user.get("/api/vouchers").await.json();
        assert_eq!(before["items"].as_array().unwrap().len(), 3, "neither has written anything");

        make_final(&world, end).await;
        let start = body(false);
        let (one, other) = tokio::join!(user.post(RUN, &start), user.post(RUN, &start));
        let posted = [&one, &other].map(|reply| reply.at("/periods/0/posted").as_i64().unwrap_or(0));
        assert_eq!(posted.iter().sum::<i64>(), 3, "{} {}", one.text, other.text);
        let again = user.post(RUN, &body(false)).await;
        assert_eq!((again.status, again.at("/periods")), (200, json!([])), "{}", again.text);

        let first = end - Days::new(100);
        let closed = balance(&user, first, end, "").await;
        assert_eq!(row(&closed, "610001", "balance_credit"), "0");
        assert_eq!(row(&closed, "710002", "balance_debit"), "0");
        assert_eq!(row(&closed, "510002", "balance_credit"), "3800");
        assert_eq!(row(&closed, "113001", "balance_debit"), "3500", "no balance counts the closing voucher");
        let open = balance(&user, first, end, "&closing=false").await;
        assert_eq!(row(&open, "610001", "balance_credit"), "5000");
        let next = balance(&user, end + Days::new(1), end + Days::new(20), "").await;
        assert_eq!(row(&next, "113001", "opening_debit"), "3500");
        assert_eq!(row(&next, "113001", "debit"), "0", "the opening voucher moves nothing");
        assert_eq!(row(&next, "610001", "opening_credit"), &Value::Null, "a year begins without income");
        let path = format!("/api/books/journal?from={0}&to={0}", end + Days::new(1));
        let journal = user.get(&path).await;
        assert_eq!(journal.at("/debit"), "4300", "the journal shows it: {}", journal.text);
        // Each amount opens to where it comes from.
        for reference in [4, 6] {
            let told = user.get(&format!("/api/vouchers/{reference}/lines/1/explanation")).await;
            assert_eq!((told.status, told.at("/same")), (200, json!(true)), "{}", told.text);
            assert!(told.at("/source").as_str().unwrap().starts_with("workflows/runs/year_closing.yaml:"));
        }
        let found = aftercare::verify::verify(&world.app).await.unwrap();
        assert!(found.is_sound(), "{found:?}");
    }
}

#[tokio::test]
async fn a_year_is_not_closed_before_the_other_runs_are_done() {
    let world = World::start().await;
    let (user, end) = a_year(&world).await;
    let product = || json!({"product": "F200"});
    let accrual = vec![line("810001", "debit", "70", product()), line("315001", "credit", "70", product())];
    post(&user, end - Days::new(3), "Provision", accrual).await;
    make_final(&world, end).await;
    let refused = user.post(RUN, &json!({"until": end})).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("provision_true_up"), "{}", refused.text);
}

#[tokio::test]
async fn an_accountant_looks_at_a_run_on_its_page_and_starts_it_there() {
    let world = World::start().await;
    let (_, end) = a_year(&world).await;
    make_final(&world, end).await;
    let mut browser = Browser::of(&world);
    browser.sign_in("accountant").await;
    let page = browser.get("/runs").await;
    assert!(page.status == 200 && page.html.contains("Closing of the fiscal year"), "{}", page.html);
    let token = page.hidden("/runs/year_closing", "csrf");
    let until = end.to_string();
    let fields =
        |deed: &'static str| [("csrf", token.clone()), ("until", until.clone()), ("deed", deed.to_owned())];
    let mut send = async |deed: &'static str| {
        let fields = fields(deed);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post("/runs/year_closing", &fields).await
    };
    let shown = send("look").await;
    assert!(shown.status == 200 && shown.html.contains("It would post 3 vouchers"), "{}", shown.html);
    let done = send("start").await;
    assert!(done.html.contains("3 vouchers posted"), "{}", done.html);
    assert!(send("start").await.html.contains("No period has ended"));
    let mut other = Browser::of(&world);
    other.sign_in("reception").await;
    assert_eq!(other.get("/runs").await.status, 403);
}
