//! Amounts that are opened and worked out again: the same, or the difference is named.

use std::process::Command;

use aftercare_tests::world::World;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{extension, line, post, raw, take, today};

async fn paid(world: &World) -> String {
    let code = extension(world).await;
    let clerk = world.as_user("reception").await;
    take(&clerk, &format!("/api/tickets/{code}"), "pay", json!({"amount": 13_200_000, "method": "cash"}))
        .await;
    code
}

#[tokio::test]
async fn every_line_of_a_voucher_opens_to_its_clause_and_comes_to_the_same_amount_bw_18() {
    let world = World::start().await;
    let code = paid(&world).await;
    let user = world.as_user("accountant").await;
    let vouchers = user.get(&format!("/api/tickets/{code}/vouchers")).await.json();
    let mut opened = 0;
    for voucher in vouchers.as_array().unwrap() {
        for line in voucher["lines"].as_array().unwrap() {
            let path = format!("/api/vouchers/{}/lines/{}/explanation", voucher["reference"], line["line"]);
            let told = user.get(&path).await;
            assert_eq!(
                (told.status, told.at("/same"), told.at("/by")),
                (200, json!(true), json!("history")),
                "{}",
                told.text
            );
            assert_eq!(told.at("/recomputed"), told.at("/booked"));
            let source = told.at("/source");
            assert!(source.as_str().unwrap().starts_with("workflows/vouchers/"), "{source}");
            assert!(told.at("/clause").is_string() && told.at("/bundle").is_string(), "{}", told.text);
            opened += 1;
        }
    }
    assert!(opened >= 5, "{vouchers}");
    let vat = vouchers
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|voucher| {
            voucher["lines"].as_array().unwrap().iter().map(move |line| (voucher["reference"].clone(), line))
        })
        .find(|(_, line)| line["account"] == "312001");
    let (reference, vat) = vat.unwrap();
    let told = user.get(&format!("/api/vouchers/{reference}/lines/{}/explanation", vat["line"])).await;
    assert_eq!((told.at("/expression"), told.at("/arithmetic")), (json!("charges.vat"), json!("1200000")));
    assert_eq!(told.at("/inputs/0"), json!({"fact": "charges.vat", "value": "1200000"}));
    assert_eq!(user.get("/api/vouchers/1/lines/99/explanation").await.status, 404);
    assert_eq!(world.as_user("reception").await.get("/api/vouchers/1/lines/1/explanation").await.status, 403);
}

#[tokio::test]
async fn a_price_opens_to_its_rule_and_its_arithmetic_and_a_changed_one_is_named() {
    let world = World::start().await;
    let code = paid(&world).await;
    let path = format!("/api/tickets/{code}/charges/1/explanation");
    let user = world.as_user("accountant").await;
    let told = user.get(&path).await;
    assert_eq!((told.status, told.at("/same")), (200, json!(true)), "{}", told.text);
    assert!(told.at("/source").as_str().unwrap().starts_with("rules/"), "{}", told.text);
    assert!(told.at("/clause").as_str().unwrap().starts_with("fn "), "{}", told.text);
    let steps = told.at("/arithmetic");
    let step = |key: &str| {
        steps.as_array().unwrap().iter().find(|step| step["key"] == key).cloned().unwrap_or_default()
    };
    assert_eq!(step("vat"), json!({"key": "vat", "arithmetic": "12000000 × 10 %", "amount": "1200000"}));
    assert_eq!(step("gross")["amount"], "13200000");
    let clerk = world.as_user("reception").await.get(&path).await;
    assert!(!clerk.text.contains("charged_cost"), "our cost is not for reception: {}", clerk.text);

    raw(
        &world,
        "UPDATE charge_line SET body = replace(body, '\"net\":\"12000000\"', '\"net\":\"11000000\"')",
    )
    .await;
    let told = user.get(&path).await;
    assert_eq!(told.at("/same"), json!(false));
    let named = told.at("/differences/0");
    assert_eq!(named, "`net` is 11000000, the history leads to 12000000", "{}", told.text);
    assert_eq!(user.get(&format!("/api/tickets/{code}/charges/9/explanation")).await.status, 404);
}

#[tokio::test]
async fn an_amount_that_was_changed_behind_our_back_is_named_and_the_command_says_so_too() {
    let world = World::start().await;
    let code = paid(&world).await;
    let user = world.as_user("accountant").await;
    let vouchers = user.get(&format!("/api/tickets/{code}/vouchers")).await.json();
    let reference = &vouchers[0]["reference"];
    let explain = |what: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aftercare-under-test"));
        let done = command.arg("explain").args(what).arg("--data").arg(world.folder()).output().unwrap();
        (done.status.code(), String::from_utf8([done.stdout, done.stderr].concat()).unwrap())
    };
    let (code_of, told) = explain(&["--voucher", &reference.to_string()]);
    assert!(code_of == Some(0) && told.contains("the ticket's history, taken again: the same"), "{told}");
    let (code_of, told) = explain(&[&code, "--charge", "1"]);
    assert!(code_of == Some(0) && told.contains("12000000 × 10 %"), "{told}");

    raw(
        &world,
        &format!(
            "UPDATE voucher_line SET debit = debit * 2, credit = credit * 2 WHERE voucher = {reference}"
        ),
    )
    .await;
    let opened = user.get(&format!("/api/vouchers/{reference}/lines/1/explanation")).await;
    assert_eq!(opened.at("/same"), json!(false), "{}", opened.text);
    assert!(opened.at("/difference").as_str().unwrap().contains("is booked"), "{}", opened.text);
    let (code_of, told) = explain(&["--voucher", &reference.to_string()]);
    assert!(code_of == Some(1) && told.contains("is booked"), "{told}");
    assert_eq!(explain(&["--voucher", "999"]).0, Some(2));
}

#[tokio::test]
async fn what_a_run_posts_is_worked_out_by_its_clause_and_what_a_person_wrote_says_so() {
    let world = World::start().await;
    paid(&world).await;
    world.app.tick(TimeDelta::days(130)).await.unwrap();
    let user = world.as_user("accountant").await;
    let run = json!({"until": today(&world), "preview": false});
    assert_eq!(user.post("/api/runs/deferral_recognition", &run).await.status, 200);
    let all = user.get("/api/vouchers?limit=200").await.at("/items");
    let earned =
        all.as_array().unwrap().iter().find(|voucher| voucher["template"] == "deferral_recognised").unwrap();
    let told = user.get(&format!("/api/vouchers/{}/lines/1/explanation", earned["reference"])).await;
    assert_eq!((told.at("/by"), told.at("/same")), (json!("clause"), json!(true)), "{}", told.text);
    assert_eq!(told.at("/clause"), json!("amount: due.amount"), "{}", told.text);

    let lines: Vec<Value> = vec![
        line("710002", "debit", "10", json!({})),
        line("310001", "credit", "10", json!({"technician": "technician"})),
    ];
    let reference = post(&user, today(&world), "By hand", lines).await;
    let told = user.get(&format!("/api/vouchers/{reference}/lines/1/explanation")).await;
    assert_eq!((told.at("/by"), told.at("/recomputed")), (json!("hand"), Value::Null), "{}", told.text);
}
