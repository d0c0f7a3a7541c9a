//! Reports over a few vouchers whose sums can be worked out by hand.

use aftercare_tests::world::{Person, World};
use chrono::{Days, TimeDelta};
use serde_json::{Value, json};

use crate::{extension, line, post, take, today};

/// Vouchers on three days: a hundred days ago, and today. The first of today's closes the year.
async fn books(world: &World) -> (aftercare_tests::client::Client, chrono::NaiveDate) {
    world.furnish().await;
    world.app.tick(TimeDelta::days(100)).await.unwrap();
    let (user, day) = (world.as_user("accountant").await, today(world));
    let early = day - Days::new(99);
    let none = || json!({});
    let bill = vec![
        line("710002", "debit", "1000", none()),
        line("117001", "debit", "100", none()),
        line("310001", "credit", "1100", json!({"technician": "technician"})),
    ];
    post(&user, early, "Work of the month", bill).await;
    let sale = vec![
        line("113001", "debit", "5500", json!({"customer": "C1"})),
        line("610001", "credit", "5000", json!({"cost_center": "B1"})),
        line("312001", "credit", "500", none()),
    ];
    post(&user, day, "Service invoice", sale).await;
    let paid = vec![
        line("110001", "debit", "2000", none()),
        line("113001", "credit", "2000", json!({"customer": "C1"})),
    ];
    post(&user, day, "Payment", paid).await;
    (user, day)
}

fn row<'r>(reply: &'r Value, account: &str) -> &'r Value {
    let rows = reply["rows"].as_array().unwrap();
    rows.iter().find(|row| row["account"] == account).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn a_trial_balance_has_two_to_eight_columns_at_every_level_and_its_sides_are_equal() {
    let world = World::start().await;
    let (user, day) = books(&world).await;
    let get = async |query: &str| {
        let reply = user.get(&format!("/api/books/trial-balance?from={day}&to={day}&{query}")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()
    };
    let six = get("").await;
    let owed = row(&six, "113001");
    assert_eq!(
        (&owed["debit"], &owed["credit"], &owed["balance_debit"]),
        (&json!("5500"), &json!("2000"), &json!("3500"))
    );
    assert_eq!(row(&six, "310001")["opening_credit"], "1100");
    assert_eq!(row(&six, "310001")["together_credit"], Value::Null, "not among six columns");
    let two = get("columns=2").await;
    assert_eq!(row(&two, "113001")["debit"], Value::Null);
    assert_eq!(row(&two, "113001")["balance_debit"], "3500");
    let four = get("columns=4").await;
    assert_eq!(row(&four, "310001")["credit"], "1100", "in four columns the opening counts as moved");
    for level in ["group", "general", "subsidiary", "detail"] {
        let eight = get(&format!("columns=8&level={level}")).await;
        for pair in ["opening", "together", "balance"] {
            let [debit, credit] = ["debit", "credit"].map(|side| &eight["totals"][format!("{pair}_{side}")]);
            assert!(debit.is_string() && debit == credit, "{level} {pair}: {debit} {credit}");
        }
        assert_eq!(eight["totals"]["debit"], "7500", "{level}");
    }
    let general = get("level=general").await;
    assert_eq!(
        (row(&general, "113")["balance_debit"].as_str(), row(&general, "113001")),
        (Some("3500"), &Value::Null)
    );
    let detail = get("level=detail&account=113").await;
    let own = row(&detail, "113001");
    assert_eq!((&own["details"], own["names"].as_str()), (&json!({"customer": "C1"}), Some("علی کاظمی")));
    assert_eq!(detail["rows"].as_array().unwrap().len(), 1, "only what was asked for");
    for wrong in ["columns=5", "level=deep", "from=2030-01-01&to=2029-01-01"] {
        let refused = user.get(&format!("/api/books/trial-balance?{wrong}")).await;
        assert_eq!(refused.status, 400, "{wrong}: {}", refused.text);
    }
}

#[tokio::test]
async fn closing_vouchers_can_be_left_out_and_drafts_too() {
    let world = World::start().await;
    let (user, day) = books(&world).await;
    let close = json!({"date": day, "text": "Closing", "closing": true, "lines": [
        line("610001", "debit", "5000", json!({"cost_center": "B1"})),
        line("710002", "credit", "1000", json!({})),
        line("110003", "credit", "4000", json!({})),
    ]});
    let made = user.post("/api/vouchers", &close).await;
    assert_eq!((made.status, made.at("/kind")), (201, json!("closing")), "{}", made.text);
    let balance = async |query: &str| {
        user.get(&format!("/api/books/trial-balance?from={day}&to={day}{query}")).await.json()
    };
    assert_eq!(row(&balance("").await, "610001")["balance_credit"], "0");
    let open = balance("&closing=false").await;
    assert_eq!(row(&open, "610001")["balance_credit"], "5000");
    assert_eq!(row(&open, "710002")["balance_debit"], "1000");
    assert_eq!(open["totals"]["balance_debit"], open["totals"]["balance_credit"]);

    assert_eq!(balance("&only_final=true").await["rows"], json!([]), "nothing is final yet");
    let approver = world.as_user("finance_approver").await;
    assert_eq!(approver.post("/api/vouchers/1/review", &json!({})).await.status, 200);
    let first = day - Days::new(99);
    assert_eq!(approver.post("/api/vouchers/finalise", &json!({"up_to": first})).await.status, 200);
    let finals = balance("&only_final=true").await;
    assert_eq!(finals["rows"].as_array().unwrap().len(), 3, "{finals}");
}

#[tokio::test]
async fn an_amount_leads_to_its_lines_its_voucher_its_ticket_and_back_sp_58() {
    let world = World::start().await;
    let day = today(&world);
    let code = extension(&world).await;
    let ticket = format!("/api/tickets/{code}");
    let clerk = world.as_user("reception").await;
    take(&clerk, &ticket, "pay", json!({"amount": 13_200_000, "method": "cash"})).await;

    let user = world.as_user("accountant").await;
    let balance = user.get("/api/books/trial-balance?level=detail").await.json();
    let sold = row(&balance, "410001");
    let ledger = user.get(sold["ledger"].as_str().unwrap()).await;
    assert_eq!(ledger.status, 200, "{}", ledger.text);
    assert_eq!(ledger.at("/lines/0/credit"), sold["balance_credit"]);
    let voucher = user.get(&format!("/api/vouchers/{}", ledger.at("/lines/0/reference"))).await;
    assert_eq!((voucher.status, voucher.at("/ticket")), (200, json!(code)), "{}", voucher.text);
    let own = user.get(&format!("/api/tickets/{}/vouchers", code)).await.json();
    let references: Vec<&Value> = own.as_array().unwrap().iter().map(|own| &own["reference"]).collect();
    assert!(references.contains(&&voucher.at("/reference")), "{references:?}");

    // What was sold is deferred: the roll-forward says so and ties to the ledger.
    let rolled = user.get("/api/books/roll-forward/deferral").await;
    assert_eq!((rolled.at("/total/added"), rolled.at("/difference")), (json!("12000000"), json!("0")));
    assert_eq!(rolled.at("/rows/0/code"), json!(code));
    assert_eq!(rolled.at("/total/closing"), rolled.at("/ledger"), "{}", rolled.text);
    world.app.tick(TimeDelta::days(130)).await.unwrap();
    let user = world.as_user("accountant").await;
    let run = json!({"until": today(&world), "preview": false});
    assert_eq!(user.post("/api/runs/deferral_recognition", &run).await.status, 200);
    let rolled = user.get(&format!("/api/books/roll-forward/deferral?from={}", day + Days::new(1))).await;
    assert_eq!((rolled.at("/total/opening"), rolled.at("/difference")), (json!("12000000"), json!("0")));
    assert_ne!(rolled.at("/total/used"), "0", "some of it is earned: {}", rolled.text);
    assert_eq!(rolled.at("/total/released"), "0");
}

#[tokio::test]
async fn a_ledger_keeps_its_running_balance_from_piece_to_piece() {
    let world = World::start().await;
    let (user, day) = books(&world).await;
    let path = format!("/api/books/ledger/113?from={day}&to={day}");
    let whole = user.get(&path).await;
    assert_eq!((whole.at("/opening"), whole.at("/closing")), (json!("0"), json!("3500")), "{}", whole.text);
    assert_eq!(whole.at("/lines/0/balance"), "5500");
    let first = user.get(&format!("{path}&limit=1")).await;
    let next = first.at("/next");
    let second = user.get(&format!("{path}&limit=1&after={}", next.as_str().unwrap())).await;
    assert_eq!((second.at("/opening"), second.at("/lines/0/balance")), (json!("5500"), json!("3500")));
    assert_eq!(second.at("/next"), Value::Null);
    let detail = user.get("/api/books/ledger/310001?detail_kind=technician&detail=technician").await;
    assert_eq!(detail.at("/closing"), "-1100", "{}", detail.text);
    assert_eq!(
        user.get("/api/books/ledger/310001?detail_kind=technician&detail=nobody").await.at("/lines"),
        json!([])
    );
    assert_eq!(user.get("/api/books/ledger/999999").await.status, 404);
    assert_eq!(user.get(&format!("{path}&after=nonsense")).await.status, 400);

    let journal = user.get(&format!("/api/books/journal?from={day}&to={day}&limit=3")).await;
    assert_eq!(
        (journal.at("/vouchers"), journal.at("/debit")),
        (json!(2), json!("7500")),
        "{}",
        journal.text
    );
    let rest =
        format!("/api/books/journal?from={day}&to={day}&after={}", journal.at("/next").as_str().unwrap());
    let rest = user.get(&rest).await;
    assert_eq!(rest.at("/lines").as_array().unwrap().len(), 2);
    assert_eq!(rest.at("/lines/0/title"), "Cash");
}

#[tokio::test]
async fn vat_is_told_by_rate_with_what_it_is_on_and_what_was_taken_back() {
    let world = World::start().await;
    let (user, day) = books(&world).await;
    let none = || json!({});
    let back = vec![
        line("619001", "debit", "1000", none()),
        line("312001", "debit", "100", none()),
        line("113001", "credit", "1100", json!({"customer": "C1"})),
    ];
    post(&user, day, "Credit note", back).await;
    let odd = vec![
        line("110001", "debit", "1033", none()),
        line("610001", "credit", "1000", json!({"cost_center": "B1"})),
        line("312001", "credit", "33", none()),
    ];
    post(&user, day, "Partly without VAT", odd).await;
    let vat = user.get(&format!("/api/books/vat?from={}&to={day}", day - Days::new(99))).await;
    assert_eq!(vat.status, 200, "{}", vat.text);
    let rates = vat.at("/sales/rates");
    let of = |rate: Value| {
        rates.as_array().unwrap().iter().find(|row| row["rate"] == rate).cloned().unwrap_or_default()
    };
    let ten = of(json!("10"));
    assert_eq!((&ten["base"], &ten["vat"], &ten["vouchers"]), (&json!("4000"), &json!("400"), &json!(2)));
    let mixed = of(Value::Null);
    assert_eq!((&mixed["base"], &mixed["vat"]), (&json!("1000"), &json!("33")), "{rates}");
    assert_eq!(
        (vat.at("/purchases/total/base"), vat.at("/purchases/total/vat")),
        (json!("1000"), json!("100"))
    );
    assert_eq!(vat.at("/payable"), "333");
    let ledger = user.get("/api/books/ledger/312001").await;
    assert_eq!(ledger.at("/closing"), "-433", "it ties to the ledger");
}

#[tokio::test]
async fn a_provision_rolls_forward_by_product_and_ties_to_the_ledger() {
    let world = World::start().await;
    world.furnish().await;
    world.app.tick(TimeDelta::days(3)).await.unwrap();
    let (user, day) = (world.as_user("accountant").await, today(&world));
    let product = || json!({"product": "F200"});
    let put = async |back: u64, text: &str, debit: (&str, Value), credit: (&str, Value), amount: &str| {
        let lines = vec![line(debit.0, "debit", amount, debit.1), line(credit.0, "credit", amount, credit.1)];
        post(&user, day - Days::new(back), text, lines).await;
    };
    put(2, "set aside", ("810001", product()), ("315001", product()), "1000").await;
    put(0, "set aside", ("810001", product()), ("315001", product()), "500").await;
    put(0, "part used", ("315001", product()), ("116001", json!({"warehouse": "W1"})), "300").await;
    put(0, "old part kept", ("116002", json!({"warehouse": "W1"})), ("315001", product()), "20").await;
    put(0, "not needed", ("315001", product()), ("810001", product()), "200").await;
    put(0, "long-term", ("315001", product()), ("411001", product()), "100").await;
    let rolled = user.get(&format!("/api/books/roll-forward/provision?from={day}&to={day}")).await;
    assert_eq!(rolled.status, 200, "{}", rolled.text);
    let told =
        ["opening", "added", "used", "released", "closing"].map(|key| rolled.at(&format!("/rows/0/{key}")));
    assert_eq!(told, ["1000", "500", "280", "200", "1020"].map(|amount| json!(amount)), "{}", rolled.text);
    assert_eq!((rolled.at("/ledger"), rolled.at("/difference")), (json!("1020"), json!("0")));
    assert_eq!(rolled.at("/rows/0/name"), "Fridge 200");

    // The part has left the ledger, but no warehouse.
    let stock = user.get("/api/books/stock").await;
    assert_eq!(stock.at("/0/warehouse"), "W1", "{}", stock.text);
    assert_eq!((stock.at("/0/ledger"), stock.at("/0/difference")), (json!("-300"), json!("300")));
    for list in ["unbilled", "uncosted"] {
        assert_eq!(user.get(&format!("/api/books/{list}")).await.json(), json!([]));
    }
}

#[tokio::test]
async fn only_whoever_may_see_the_whole_company_reads_its_books() {
    let world = World::start().await;
    world.furnish().await;
    let bound = Person { branch: Some("B1".into()), ..Person::with("clerk", &["accountant"]) };
    let mut bound_roles = vec![bound];
    bound_roles.push(Person { branch: Some("B1".into()), ..Person::with("desk", &["reception"]) });
    world.employ(bound_roles).await;
    for path in [
        "trial-balance",
        "journal",
        "ledger/113",
        "vat",
        "roll-forward/provision",
        "stock",
        "unbilled",
        "uncosted",
    ] {
        let path = format!("/api/books/{path}");
        for who in ["accountant", "manager"] {
            let read = world.as_user(who).await.get(&path).await;
            assert_eq!(read.status, 200, "{who} {path}: {}", read.text);
        }
        assert_eq!(world.as_user("reception").await.get(&path).await.status, 403, "{path}");
        assert_eq!(world.anyone.get(&path).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn a_customers_account_tells_what_is_owed_with_devices_and_open_requests_sp_63() {
    let world = World::start().await;
    let code = extension(&world).await;
    let clerk = world.as_user("reception").await;
    take(&clerk, &format!("/api/tickets/{code}"), "pay", json!({"amount": 13_200_000, "method": "cash"}))
        .await;
    assert_eq!(world.open().await.status, 201, "a request that is open");
    let user = world.as_user("accountant").await;
    let told = user.get("/api/customers/C1/account").await;
    assert_eq!((told.status, told.at("/closing")), (200, json!("0")), "{}", told.text);
    assert_eq!(told.at("/name"), "علی کاظمی");
    let lines = told.at("/lines");
    assert!(lines.as_array().unwrap().iter().all(|line| line["details"]["customer"] == "C1"), "{lines}");
    assert!(
        lines.as_array().unwrap().iter().any(|line| line["balance"] == "13200000"),
        "what was owed for a while"
    );
    let papers = told.at("/documents");
    let invoice = papers.as_array().unwrap().iter().find(|paper| paper["series"] == "invoice").unwrap();
    assert_eq!((&invoice["gross"], &invoice["ticket"]), (&json!("13200000"), &json!(code)));
    assert_eq!(
        (told.at("/payments/0/amount"), told.at("/payments/0/direction")),
        (json!("13200000"), json!("in"))
    );
    let serials: Vec<Value> =
        told.at("/devices").as_array().unwrap().iter().map(|one| one["serial"].clone()).collect();
    assert_eq!(serials, [json!("RF-1"), json!("SN1")]);
    assert_eq!(told.at("/devices/0/card"), "C-1");
    let open = told.at("/open_tickets");
    assert!(open.as_array().unwrap().iter().any(|ticket| ticket["device"] == "SN1"), "{open}");

    // Customers see their own account, and no other.
    let own = Person { customer: Some("C1".into()), ..Person::with("ali", &["customer"]) };
    world.employ(vec![own]).await;
    let own = world.as_user("ali").await;
    assert_eq!(own.get("/api/customers/C1/account").await.at("/closing"), "0");
    assert_eq!(own.get("/api/customers/C2/account").await.status, 403);
    assert_eq!(world.as_user("reception").await.get("/api/customers/C1/account").await.status, 403);
}
