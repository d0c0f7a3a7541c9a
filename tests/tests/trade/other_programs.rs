//! What comes from other programs and goes to them: accounting, receipts and payments, personnel, warehouse, sales and
//! production, each both ways.

use aftercare_tests::client::Client;
use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::{Person, World};
use serde_json::{Value, json};

use super::{take, today};

const CSV: &str = "text/csv";

/// A file from another program; how many entries it has added.
async fn comes_in(client: &Client, register: &str, file: &str) -> u64 {
    let reply = client.send_file(&format!("/api/imports/{register}"), CSV, file).await;
    assert_eq!(reply.status, 200, "{register}: {}", reply.text);
    reply.at("/added").as_u64().unwrap()
}

/// A file for another program, as its lines.
async fn goes_out(client: &Client, path: &str) -> Vec<String> {
    let bytes = client.bytes(path).await;
    String::from_utf8(bytes)
        .unwrap()
        .lines()
        .map(|line| line.trim_start_matches('\u{feff}').to_owned())
        .collect()
}

fn some_line(lines: &[String], parts: &[&str]) {
    let is_it = |line: &&String| parts.iter().all(|part| line.contains(part));
    assert!(lines.iter().any(|line| is_it(&line)), "no line with {parts:?} in {lines:#?}");
}

#[tokio::test]
async fn sp_17_every_neighbouring_program_gives_and_takes() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    production(&admin).await;
    sales(&admin).await;
    personnel(&world, &admin).await;
    let ticket = warehouse(&world, &admin).await;
    accounting(&world, &ticket).await;
}

/// Serials come from production, and what became of them goes back.
async fn production(admin: &Client) {
    let file = "serial,product,status,produced_on,batch\nP-1,F200,in_stock,2026-10-01,B7\nP-2,F200,in_stock,2026-10-02,B7\n";
    assert_eq!(comes_in(admin, "devices", file).await, 2);
    assert_eq!(admin.get("/api/devices/P-2").await.at("/produced_on"), "2026-10-02");
    some_line(&goes_out(admin, "/api/exports/devices").await, &["P-1,F200", "B7"]);
}

/// Sales are registered by a file of their cards and owners, and go out in the same form.
async fn sales(admin: &Client) {
    assert_eq!(
        comes_in(admin, "customers", "code,kind,name,language,phones\nC7,person,Maryam,fa,09121110000\n")
            .await,
        1
    );
    let file = "number,device,status,kind,holder,issued_on,sold_on,store,seller,invoice_no,guarantee_from,guarantee_to\n\
                K-1,P-1,active,internal,C7,2026-10-05,2026-10-05,Valiasr,Hamid,INV-77,2026-10-05,2027-10-04\n";
    assert_eq!(comes_in(admin, "cards", file).await, 1);
    assert_eq!(comes_in(admin, "devices", "serial,status,owner,sold_on\nP-1,sold,C7,2026-10-05\n").await, 0);
    let card = admin.get("/api/cards/K-1").await;
    assert_eq!(
        (card.at("/seller"), card.at("/invoice_no")),
        (json!("Hamid"), json!("INV-77")),
        "{}",
        card.text
    );
    some_line(&goes_out(admin, "/api/exports/cards").await, &["K-1", "P-1", "Valiasr", "INV-77"]);
    some_line(&goes_out(admin, "/api/exports/devices").await, &["P-1", "sold", "C7"]);
}

/// Staff come from personnel with what they are, and can work at once.
async fn personnel(world: &World, admin: &Client) {
    let file = "name,full_name,language,branch,kind,roles\nreza,Reza Karimi,fa,B1,internal,technician\n";
    assert_eq!(comes_in(admin, "users", file).await, 1);
    let reza = world.as_user("reza").await.get("/api/tickets").await;
    assert_eq!(reza.status, 200, "{}", reza.text);
    some_line(&goes_out(admin, "/api/exports/users").await, &["reza", "Reza Karimi", "internal"]);
}

/// Parts come in with their cost, and what there is goes out as a file. The ticket of the receipt.
async fn warehouse(world: &World, admin: &Client) -> String {
    comes_in(admin, "warehouses", "code,name.en,kind,branch\nW1,Main,main,B1\n").await;
    let mut branch = admin.get("/api/branches/B1").await.json();
    branch["warehouse"] = json!("W1");
    let put = admin.put("/api/branches/B1", &branch).await;
    assert_eq!(put.status, 200, "{}", put.text);
    comes_in(admin, "agencies", "code,name.en,kind,status,language\nS1,Supplier Ltd,partner,active,en\n")
        .await;
    assert_eq!(comes_in(admin, "parts", "code,name.en,unit,price\nFAN,Fan,piece,800000\n").await, 1);
    world.employ(vec![Person { branch: Some("B1".into()), ..Person::with("keeper", &["warehouse"]) }]).await;
    let (keeper, accountant) = (world.as_user("keeper").await, world.as_user("accountant").await);
    let parts = json!([{"code": "FAN", "quantity": 4, "unit_cost": "500000"}]);
    let data = json!({"entry_kind": "receipt", "supplier": "S1", "bill_no": "77", "parts": parts});
    let opened = keeper.post("/api/tickets", &json!({"process": "stock_entry", "data": data})).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let ticket = opened.at("/code").as_str().unwrap().to_owned();
    take(&accountant, &format!("/api/tickets/{ticket}"), "approve", json!({})).await;
    let lines = goes_out(&accountant, "/api/stock/file?format=csv").await;
    assert_eq!(lines, ["warehouse,part,currency,quantity,value,cost", "W1,FAN,IRR,4,2000000,500000"]);
    let sheet = accountant.bytes("/api/stock/file?format=xlsx&warehouse=W1").await;
    assert!(sheet.starts_with(b"PK"));
    ticket
}

/// SP-38: what lies below its minimum is told to whoever looks after the registers, and can be ordered from a list.
#[tokio::test]
async fn sp_38_a_part_below_its_minimum_is_told_on_the_page_and_in_the_api() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    warehouse(&world, &admin).await;
    let short = async || admin.get("/api/stock?short=true").await.json();
    assert_eq!(short().await, json!([]));
    let mut browser = Browser::of(&world);
    browser.sign_in("admin").await;
    assert!(!browser.get("/registers").await.html.contains("Below their minimum"));
    let mut fan = admin.get("/api/parts/FAN").await.json();
    fan["min_level"] = json!("5");
    assert_eq!(admin.put("/api/parts/FAN", &fan).await.status, 200);
    let told = short().await;
    assert_eq!((&told[0]["part"], &told[0]["quantity"]), (&json!("FAN"), &json!("4")), "{told}");
    let page = browser.get("/registers").await;
    assert!(page.html.contains("Below their minimum") && page.html.contains("FAN"), "{}", page.html);
}

/// Vouchers go out in what accounting packages read, vouchers of other programs come in; so do receipts and payments.
async fn accounting(world: &World, ticket: &str) {
    let (accountant, approver) = (world.as_user("accountant").await, world.as_user("finance_approver").await);
    // A payment that the bank has told of: ordered, approved, posted.
    let order = json!({"order_kind": "partner_payment", "order_amount": "2000000", "order_partner": "S1",
        "method": "transfer", "reference": "BANK-991", "order_note": "bill 77"});
    let opened = accountant
        .post("/api/tickets", &json!({"process": "accounting_order", "branch": "B1", "data": order}))
        .await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let paid = opened.at("/code").as_str().unwrap().to_owned();
    take(&approver, &format!("/api/tickets/{paid}"), "approve", json!({})).await;
    // A receipt of another program, once although it is sent twice.
    let line = |account: &str, side: &str, details: Value| json!({"account": account, side: "300000", "details": details});
    let lines = [line("110003", "debit", json!({})), line("113001", "credit", json!({"customer": "C7"}))];
    let voucher = json!({"date": today(world), "text": "receipt of the shop's till", "lines": lines});
    let first = accountant.post_once("/api/vouchers", "till-1", &voucher).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let again = accountant.post_once("/api/vouchers", "till-1", &voucher).await;
    assert_eq!(again.text, first.text);

    let out = goes_out(&accountant, "/api/vouchers/export?format=csv").await;
    some_line(&out, &["116001", "2000000", ticket]);
    some_line(&out, &["110003", "2000000", &paid]);
    some_line(&out, &["110003", "300000"]);
    assert_eq!(out.iter().filter(|line| line.contains("300000")).count(), 2, "posted twice: {out:#?}");
    for format in ["hledger", "beancount"] {
        let journal = goes_out(&accountant, &format!("/api/vouchers/export?format={format}")).await;
        some_line(&journal, &["110003", "300000"]);
    }
    let ledger = accountant.get("/api/books/ledger/110003").await;
    assert_eq!(ledger.at("/closing").as_str(), Some("-1700000"), "{}", ledger.text);
}
