//! Rows of the posting table that runs post, to the last unit: A1, A2, I2, I6, L1.

use aftercare_engine::definition::run::Every;
use aftercare_engine::run::Period;
use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::World;
use chrono::{Days, Months, NaiveDate};
use serde_json::{Value, json};

use crate::{extension, extension_at, line, post, take};

/// The last day of the newest period that has ended.
fn ended(world: &World, every: Every) -> NaiveDate {
    let version = world.app.catalog.current();
    let year = &version.company().unwrap().fiscal_year;
    Period::of(every, crate::today(world), year).unwrap().from - Days::new(1)
}

/// A1, A2: at the end of a quarter the provision is what cover will still cost, and what is for cover beyond twelve
/// months stands on 411001. Netted: one difference is posted, not the old provision out and a new one in.
#[tokio::test]
async fn a_provision_is_trued_up_and_its_part_beyond_a_year_is_long_term_a1_a2() {
    let world = World::start().await;
    world.furnish().await;
    let (admin, end) = (world.as_user("admin").await, ended(&world, Every::Quarter));
    let name = json!({"en": "P", "fa": "P", "zh": "P", "pl": "P"});
    let terms = json!({"start_basis": "sale", "kind": "internal",
        "guarantee": {"months": 24, "parts": 100, "labour": 100, "travel": 100}});
    let (from, to) = (end + Days::new(1), end + Months::new(24));
    for (path, body) in [
        ("policies", json!({"code": "P", "name": name, "terms": terms})),
        (
            "products",
            json!({"code": "RF", "category": "COOL", "name": name, "price": "50000000", "policy": "P"}),
        ),
        ("devices", json!({"serial": "RF-1", "product": "RF", "status": "sold", "owner": "C1"})),
        (
            "cards",
            json!({"number": "C-1", "device": "RF-1", "status": "active", "stamped": true,
            "kind": "internal", "holder": "C1", "issued_on": end, "guarantee_from": from, "guarantee_to": to}),
        ),
    ] {
        let put = admin.post(&format!("/api/{path}"), &body).await;
        assert_eq!(put.status, 201, "{path}: {}", put.text);
    }
    let user = world.as_user("accountant").await;
    let product = || json!({"product": "RF"});
    let lines =
        vec![line("810001", "debit", "1400000", product()), line("315001", "credit", "1400000", product())];
    post(&user, end - Days::new(5), "Set aside", lines).await;
    let start = json!({"until": end});
    let ran = user.post("/api/runs/provision_true_up", &start).await;
    assert_eq!((ran.status, ran.at("/periods/0/posted")), (200, json!(2)), "{}", ran.text);
    // 2 % of 50,000,000 for one whole term; of its days those after a year are long-term.
    let (whole, beyond) = ((to - from).num_days() + 1, (to - (end + Months::new(12))).num_days());
    let long = (1_000_000 * beyond * 2 + whole) / (whole * 2);
    let vouchers = user.get("/api/vouchers").await.json();
    let of = |template: &str| -> Value {
        let items = vouchers["items"].as_array().unwrap().iter();
        items.filter(|one| one["template"] == template).cloned().collect()
    };
    let trued = of("provision_trued_up");
    assert_eq!(trued[0]["total"], "400000", "only the difference: {trued}");
    assert_eq!(
        (&trued[0]["lines"][0]["account"], &trued[0]["lines"][1]["account"]),
        (&json!("315001"), &json!("810001"))
    );
    assert_eq!(of("provision_reclassified")[0]["total"], long.to_string());
    let balance = user.get(&format!("/api/books/trial-balance?to={end}&from={end}")).await.json();
    let on = |account: &str| {
        let rows = balance["rows"].as_array().unwrap().iter();
        rows.clone().find(|row| row["account"] == account).map(|row| row["balance_credit"].clone())
    };
    assert_eq!(on("411001"), Some(json!(long.to_string())));
    assert_eq!(on("315001"), Some(json!((1_000_000 - long).to_string())));
    let rolled = user
        .get(&format!(
            "/api/books/roll-forward/provision?from={from}&to={to}",
            from = end - Days::new(9),
            to = end
        ))
        .await;
    assert_eq!(
        (rolled.at("/difference"), rolled.at("/total/released")),
        (json!("0"), json!("400000")),
        "{}",
        rolled.text
    );
    assert_eq!(user.post("/api/runs/provision_true_up", &start).await.at("/periods"), json!([]));
}

/// What a run would post in the periods to come: day, template and total of each voucher.
async fn to_come(world: &World, run: &str, months: u32) -> Vec<(String, String, i64)> {
    let user = world.as_user("accountant").await;
    let until = crate::today(world) + Months::new(months);
    let shown = user.post(&format!("/api/runs/{run}"), &json!({"until": until, "preview": true})).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    let periods = shown.json()["periods"].as_array().unwrap().clone();
    let vouchers = periods.iter().flat_map(|period| period["vouchers"].as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let told = vouchers
        .map(|one| (text(&one["date"]), text(&one["template"]), text(&one["total"]).parse().unwrap()));
    told.collect()
}

fn sum(vouchers: &[(String, String, i64)], template: &str) -> i64 {
    vouchers.iter().filter(|(_, own, _)| own == template).map(|(.., total)| total).sum()
}

/// I1, I2: nothing is earned before the extension's own cover begins, all of it by its end, and what comes within a
/// year becomes current.
#[tokio::test]
async fn an_extension_is_earned_by_its_days_to_the_last_unit_i2() {
    let world = World::start().await;
    let code = extension(&world).await;
    let clerk = world.as_user("reception").await;
    take(&clerk, &format!("/api/tickets/{code}"), "pay", json!({"amount": 13_200_000, "method": "cash"}))
        .await;
    let user = world.as_user("accountant").await;
    let sold = user.get(&format!("/api/tickets/{code}/vouchers")).await.json();
    let lines = sold.as_array().unwrap().iter().flat_map(|one| one["lines"].as_array().unwrap());
    let long: i64 = lines
        .filter(|line| line["account"] == "410001")
        .map(|line| line["credit"].as_str().unwrap().parse::<i64>().unwrap())
        .sum();
    assert!(long > 0, "a part is long-term: {sold}");
    let vouchers = to_come(&world, "deferral_recognition", 27).await;
    assert_eq!(sum(&vouchers, "deferral_recognised"), 12_000_000);
    assert_eq!(sum(&vouchers, "deferral_reclassified"), long);
    let begins = (crate::today(&world) + Days::new(11)).to_string();
    let early = vouchers.iter().find(|(day, template, _)| template == "deferral_recognised" && *day < begins);
    assert_eq!(early, None, "nothing is earned before {begins}");
}

/// I6: what an extension that was sold below its cost is expected to lose is released as its cover goes by.
#[tokio::test]
async fn what_an_extension_loses_is_released_by_its_end_i6() {
    let world = World::start().await;
    let code = extension_at(&world, 1).await;
    let clerk = world.as_user("reception").await;
    take(&clerk, &format!("/api/tickets/{code}"), "pay", json!({"amount": 1_100_000, "method": "cash"}))
        .await;
    let user = world.as_user("accountant").await;
    let sold = user.get(&format!("/api/tickets/{code}/vouchers")).await.json();
    let onerous = sold.as_array().unwrap().iter().find(|one| one["template"] == "extension_onerous");
    assert_eq!(onerous.map(|one| one["total"].clone()), Some(json!("1000000")), "{sold}");
    let vouchers = to_come(&world, "onerous_contracts", 30).await;
    assert_eq!(sum(&vouchers, "onerous_trued_up"), 1_000_000, "{vouchers:?}");
}

/// SP-32: what a technician has earned in a month, what of it is paid and what is open; as a table and to print.
#[tokio::test]
async fn a_technicians_statement_tells_what_is_paid_and_what_is_open_sp_32() {
    let world = World::start().await;
    let user = world.as_user("accountant").await;
    let end = ended(&world, Every::Month);
    let own = || json!({"technician": "technician"});
    let earned =
        vec![line("710002", "debit", "500000", json!({})), line("310001", "credit", "500000", own())];
    post(&user, end - Days::new(9), "Work of the month", earned).await;
    let paid = vec![line("310001", "debit", "200000", own()), line("110003", "credit", "200000", json!({}))];
    post(&user, end - Days::new(2), "Paid on account", paid).await;
    let ran = user.post("/api/runs/technician_statements", &json!({"until": end})).await;
    assert_eq!((ran.status, ran.at("/periods/0/written")), (200, json!(1)), "{}", ran.text);
    let told = user.get("/api/statements?kind=technician&party=technician").await;
    let (first, number) = (told.at("/0"), told.at("/0/number"));
    let number = number.as_str().expect("a number");
    assert_eq!((&first["closing"], &first["to"]), (&json!("300000"), &json!(end)), "{first}");
    assert_eq!(
        (&first["lines"][0]["credit"], &first["lines"][0]["open"]),
        (&json!("500000"), &json!("300000"))
    );
    let table = user.get(&format!("/api/statements/{number}/csv")).await;
    assert!(table.status == 200 && table.text.lines().count() == 3, "{}", table.text);
    let mut browser = Browser::of(&world);
    browser.sign_in("accountant").await;
    let printed = browser.get(&format!("/statements/{number}/print")).await;
    assert!(printed.status == 200 && printed.html.contains(number), "{}", printed.html);
    let page = browser.get("/technicians/technician").await;
    assert!(page.html.contains(number), "the technician's page leads to it: {}", page.html);
}
