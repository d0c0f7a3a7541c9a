//! The accountant's desk: vouchers are reviewed, made final up to a day, taken back.

use aftercare_tests::browser::{Browser, DESKTOP, Driver};
use aftercare_tests::world::{PASSWORD, World};
use serde_json::json;

/// A company that has been paid twice.
async fn paid_twice() -> World {
    let world = World::start().await;
    world.furnish().await;
    let name = json!({"en": "Board", "fa": "برد", "zh": "电路板", "pl": "Płyta"});
    let part = json!({"code": "BOARD", "name": name, "price": "10000000", "unit": "piece"});
    assert_eq!(world.as_user("admin").await.post("/api/parts", &part).await.status, 201);
    let clerk = world.as_user("reception").await;
    let sale = json!({"process": "parts_sale", "customer": "C1", "data": {
        "parts": [{"code": "BOARD", "quantity": 1}], "delivery_address": "Zand Street 5"}});
    let opened = clerk.post("/api/tickets", &sale).await;
    let ticket = format!("/api/tickets/{}", opened.at("/code").as_str().expect("a code"));
    for _ in 0..2 {
        let revision = clerk.get(&ticket).await.at("/ticket/revision");
        let step = json!({"revision": revision, "data": {"amount": "1000000", "method": "cash"}});
        let paid = clerk.post(&format!("{ticket}/steps/pay"), &step).await;
        assert_eq!(paid.status, 200, "{}", paid.text);
    }
    world
}

/// How many vouchers the page lists.
async fn listed(browser: &Browser) -> usize {
    let found = browser.run("return document.querySelectorAll('.voucher').length").await;
    found.as_u64().and_then(|count| count.try_into().ok()).expect("a count")
}

#[tokio::test]
async fn an_accountant_reviews_and_another_makes_final_and_takes_back() {
    let world = paid_twice().await;
    let driver = Driver::start().await;
    let base = world.anyone.base();
    let accountant = driver.open(DESKTOP).await;
    accountant.sign_in(base, "accountant", PASSWORD, "en").await;
    for left in [1, 0] {
        accountant.goto(&format!("{base}/vouchers?status=draft")).await;
        // One alone is open already.
        accountant.run("document.querySelector('.voucher').open = true").await;
        accountant.click(".voucher form[action$='/review'] button").await;
        let reviewed = async || (listed(&accountant).await == left).then_some(());
        accountant.until("the draft is reviewed", reviewed).await;
    }

    let approver = driver.open(DESKTOP).await;
    approver.sign_in(base, "finance_approver", PASSWORD, "en").await;
    approver.goto(&format!("{base}/vouchers")).await;
    approver.click(".finalise summary").await;
    let today = world.app.catalog.current().day(world.app.clock.now());
    approver.set(".finalise [name=up_to]", &today.to_string()).await;
    approver.click(".finalise button.main").await;
    let are_final = async || (listed(&approver).await == 2).then_some(());
    approver.until("both are final", are_final).await;
    let numbers =
        "return [...document.querySelectorAll('.voucher-number')].map((one) => one.innerText).join(' ')";
    assert_eq!(approver.run(numbers).await, "1 2");

    approver.click(".voucher summary").await;
    approver.click(".voucher .buttons details > summary").await;
    approver.set(".voucher [name=reason]", "paid twice by mistake").await;
    approver.click(".voucher form[action$='/reverse'] button").await;
    approver.sees("paid twice by mistake").await;
    let report = aftercare::verify::verify(&world.app).await.expect("a report");
    assert!(report.findings.is_empty(), "{report:?}");
}
