//! Paying through providers that are real HTTP servers: our sandbox, and one with Zarinpal's documented API.

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use aftercare::config::Secret;
use aftercare::config::gateway::{Payment, PaymentKind};
use aftercare::gateway::payment::Payments;
use aftercare::pay::settle::late;
use aftercare::sandbox;
use aftercare_tests::client::Client;
use aftercare_tests::world::{Person, World};
use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{extension, raw};

const SECRET: &str = "a key that only the two know";

fn provider(kind: PaymentKind, url: &str) -> Payment {
    Payment { kind, url: url.to_owned(), secret: Secret::new(SECRET), method: "online".into(), private: true }
}

/// A company whose customers can pay at our sandbox.
async fn with_sandbox() -> World {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", socket.local_addr().unwrap());
    tokio::spawn(async move { sandbox::serve(socket, SECRET, std::future::pending()).await });
    World::start_with(|config| {
        let payments = &mut config.gateways.payments;
        payments.insert("sandbox".into(), provider(PaymentKind::Sandbox, &url));
    })
    .await
}

/// A browser that tells where it is sent.
fn browser() -> reqwest::Client {
    reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

fn location(response: &reqwest::Response) -> String {
    assert_eq!(response.status(), 303, "{response:?}");
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// The path and query of an address.
fn path_of(address: &str) -> String {
    let after = address.split_once("//").map_or(address, |(_, after)| after);
    after[after.find('/').unwrap()..].to_owned()
}

async fn order(user: &Client, code: &str, provider: &str, amount: &str) -> Value {
    let body = json!({"event": "pay", "provider": provider, "amount": amount, "return_to": "/my?tab=1"});
    let begun = user.post(&format!("/api/tickets/{code}/payments"), &body).await;
    assert_eq!((begun.status, begun.at("/status")), (201, json!("new")), "{}", begun.text);
    begun.json()
}

/// Goes to the provider and presses a button there; where the browser is sent then, on our side.
async fn decide(world: &World, begun: &Value, status: &str) -> String {
    let go = world.anyone.url(begun["go"].as_str().unwrap());
    let there = location(&browser().get(&go).send().await.unwrap());
    let again = location(&browser().get(&go).send().await.unwrap());
    assert_eq!(there, again, "asked once, the same ever after");
    let page = browser().get(&there).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("13200000 IRR") || page.contains("1000 IRR"), "{page}");
    let form = browser().post(&there).header("content-type", "application/x-www-form-urlencoded");
    path_of(&location(&form.body(format!("status={status}")).send().await.unwrap()))
}

async fn count(world: &World, code: &str) -> usize {
    let paid = world.as_user("accountant").await.get(&format!("/api/tickets/{code}/charges")).await;
    usize::from(paid.at("/paid") == "13200000")
}

#[tokio::test]
async fn a_payer_is_sent_to_the_provider_and_the_money_is_booked_once_however_often_they_come_back() {
    let world = with_sandbox().await;
    let code = extension(&world).await;
    let clerk = world.as_user("reception").await;
    let providers = clerk.get("/api/payment-providers").await;
    assert_eq!(providers.json(), json!(["counter", "sandbox"]));

    // Declined: nothing is booked, and another payment may be begun.
    let declined = order(&clerk, &code, "sandbox", "13200000").await;
    let back = decide(&world, &declined, "declined").await;
    let seen = location(&browser().get(world.anyone.url(&back)).send().await.unwrap());
    assert_eq!(seen, format!("/my?tab=1&payment={}&status=failed", declined["id"].as_str().unwrap()));
    assert_eq!(count(&world, &code).await, 0);

    let begun = order(&clerk, &code, "sandbox", "13200000").await;
    let back = decide(&world, &begun, "paid").await;
    // Whoever changes what the provider has signed is not believed.
    for forged in [back.replace("amount=13200000", "amount=1"), back.replace("signature=", "signature=00")] {
        assert_eq!(world.anyone.get(&forged).await.status, 422);
    }
    let other = back.replace(begun["id"].as_str().unwrap(), declined["id"].as_str().unwrap());
    let stays = location(&browser().get(world.anyone.url(&other)).send().await.unwrap());
    assert!(stays.ends_with("status=failed"), "what has ended stays: {stays}");
    assert_eq!(count(&world, &code).await, 0);

    // The browser, the provider and an impatient reload at once.
    let url = world.anyone.url(&back);
    let all = join_all((0..6).map(|n| {
        let request = if n % 2 == 0 { browser().get(&url) } else { browser().post(&url) };
        request.send()
    }))
    .await;
    for answer in all {
        let answer = answer.unwrap();
        assert!([200, 303].contains(&answer.status().as_u16()), "{answer:?}");
    }
    let shown = world.anyone.get(&format!("/api/payments/{}", begun["id"].as_str().unwrap())).await;
    assert_eq!((shown.at("/status"), shown.at("/go")), (json!("paid"), Value::Null), "{}", shown.text);
    let history = clerk.get(&format!("/api/tickets/{code}/history")).await;
    assert_eq!(history.text.matches("\"event\":\"pay\"").count(), 1, "{}", history.text);
    let books = world.as_user("accountant").await.get("/api/books/ledger/110004").await;
    assert_eq!(books.at("/closing"), "13200000", "on its way to the bank: {}", books.text);
    let text = books.at("/lines").as_array().unwrap().len();
    assert_eq!(text, 1);
}

#[tokio::test]
async fn a_payment_that_would_be_refused_is_not_begun_and_one_that_comes_too_late_is_told_to_people() {
    let world = with_sandbox().await;
    let code = extension(&world).await;
    let clerk = world.as_user("reception").await;
    let path = format!("/api/tickets/{code}/payments");
    let ask = |amount: &str, provider: &str, event: &str, to: &str| json!({"event": event, "provider": provider, "amount": amount, "return_to": to});
    for (body, told) in [
        (ask("0", "sandbox", "pay", "/"), "amount above zero"),
        (ask("1.5", "sandbox", "pay", "/"), "amount above zero"),
        (ask("99999999", "sandbox", "pay", "/"), "reasons"),
        (ask("1000", "nobody", "pay", "/"), "no payment provider `nobody`"),
        (ask("1000", "sandbox", "give_back", "/"), "records no payment"),
        (ask("1000", "sandbox", "pay", "//evil.example"), "return_to"),
        (ask("1000", "counter", "pay", "/"), "how it was paid"),
    ] {
        let refused = clerk.post(&path, &body).await;
        assert!(refused.status == 422 && refused.text.contains(told), "{body}: {}", refused.text);
    }

    let begun = order(&clerk, &code, "sandbox", "13200000").await;
    let back = decide(&world, &begun, "paid").await;
    // Meanwhile the customer pays at the counter, and is given a receipt.
    let cash = json!({"event": "pay", "provider": "counter", "amount": "13200000", "method": "cash"});
    let taken = clerk.post(&path, &cash).await;
    assert_eq!((taken.status, taken.at("/status")), (201, json!("paid")), "{}", taken.text);
    let seen = location(&browser().get(world.anyone.url(&back)).send().await.unwrap());
    assert!(seen.ends_with("status=stranded"), "{seen}");
    let incidents = world.as_user("manager").await.get("/api/incidents").await;
    let own = incidents.at("/items/0");
    assert_eq!((&own["kind"], &own["ticket"]), (&json!("payment"), &json!(code)), "{}", incidents.text);
    let again = location(&browser().get(world.anyone.url(&back)).send().await.unwrap());
    assert_eq!(again, seen);
    let incidents = world.as_user("manager").await.get("/api/incidents").await;
    assert_eq!(incidents.at("/items").as_array().unwrap().len(), 1, "told once");
}

#[tokio::test]
async fn money_of_another_amount_than_asked_for_is_not_booked() {
    let world = with_sandbox().await;
    let code = extension(&world).await;
    let begun = order(&world.as_user("reception").await, &code, "sandbox", "13200000").await;
    let back = decide(&world, &begun, "paid").await;
    // Somebody has changed what we wanted after the payer was sent away.
    raw(&world, "UPDATE payment_order SET amount = 13200001").await;
    let seen = location(&browser().get(world.anyone.url(&back)).send().await.unwrap());
    assert!(seen.ends_with("status=stranded"), "{seen}");
    assert_eq!(count(&world, &code).await, 0);
}

/// Zarinpal's two calls, as its documentation has them. Its calls are kept. `paid`: whether somebody has paid.
async fn zarinpal(calls: Arc<Mutex<Vec<(String, Value)>>>, paid: Arc<AtomicBool>) -> String {
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", socket.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = socket.accept().await {
            let (calls, paid) = (Arc::clone(&calls), Arc::clone(&paid));
            tokio::spawn(async move {
                let mut request = Vec::new();
                let mut piece = [0; 4096];
                let (path, body) = loop {
                    let read = stream.read(&mut piece).await.unwrap();
                    request.extend_from_slice(&piece[..read]);
                    let text = String::from_utf8_lossy(&request).into_owned();
                    let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                    if let Ok(body) = serde_json::from_str::<Value>(body) {
                        break (head.split(' ').nth(1).unwrap().to_owned(), body);
                    }
                };
                let known = calls.lock().unwrap().iter().filter(|(other, _)| *other == path).count();
                let answer = match path.as_str() {
                    "/pg/v4/payment/request.json" => json!({"data": {"code": 100, "message": "Success",
                        "authority": if known == 0 { AUTHORITY.to_owned() } else { format!("A{known:035}") }, "fee_type": "Merchant", "fee": 100}, "errors": []}),
                    "/pg/v4/payment/verify.json" if !paid.load(Ordering::SeqCst) => {
                        json!({"data": [], "errors": {"code": -51, "message": "Session is not valid, session is not active paid try."}})
                    }
                    "/pg/v4/payment/verify.json" if body["amount"] == 13_200_000 => json!({"data": {
                        "code": if known == 0 { 100 } else { 101 }, "message": "Verified", "card_pan": "502229******5995",
                        "ref_id": 201, "fee_type": "Merchant", "fee": 0}, "errors": []}),
                    _ => {
                        json!({"data": [], "errors": {"code": -50, "message": "Session is not valid, amounts values is not the same."}})
                    }
                };
                calls.lock().unwrap().push((path, body));
                let text = answer.to_string();
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
                let whole = format!("{head}content-length: {}\r\n\r\n{text}", text.len());
                stream.write_all(whole.as_bytes()).await.unwrap();
            });
        }
    });
    address
}

#[tokio::test]
async fn zarinpals_documented_api_is_spoken() {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let url = zarinpal(Arc::clone(&calls), Arc::new(AtomicBool::new(true))).await;
    let world = World::start_with(|config| {
        config.gateways.payments.insert("zarinpal".into(), provider(PaymentKind::Zarinpal, &url));
    })
    .await;
    let code = extension(&world).await;
    let begun = order(&world.as_user("reception").await, &code, "zarinpal", "13200000").await;
    let (id, go) = (begun["id"].as_str().unwrap(), begun["go"].as_str().unwrap());
    let there = location(&browser().get(world.anyone.url(go)).send().await.unwrap());
    assert_eq!(there, format!("{url}/pg/StartPay/A00000000000000000000000000217885159"));
    let asked = calls.lock().unwrap()[0].1.clone();
    assert_eq!(
        (&asked["amount"], &asked["currency"], &asked["merchant_id"]),
        (&json!(13_200_000), &json!("IRR"), &json!(SECRET))
    );
    assert!(
        asked["callback_url"].as_str().unwrap().ends_with(&format!("/api/payments/{id}/back")),
        "{asked}"
    );

    let back = |query: &str| world.anyone.url(&format!("/api/payments/{id}/back?{query}"));
    let foreign = browser().get(back("Authority=A1&Status=OK")).send().await.unwrap();
    assert_eq!(foreign.status(), 422, "another payment's authority");
    for _ in 0..2 {
        let own = back("Authority=A00000000000000000000000000217885159&Status=OK");
        let seen = location(&browser().get(own).send().await.unwrap());
        assert!(seen.ends_with("status=paid"), "{seen}");
    }
    let shown = world.anyone.get(&format!("/api/payments/{id}")).await;
    assert_eq!(shown.at("/reference"), "201", "{}", shown.text);
    assert_eq!(count(&world, &code).await, 1);
    assert_eq!(calls.lock().unwrap().len(), 2, "a payment that has ended is not asked for again");
    let body = json!({"event": "pay", "provider": "counter", "amount": "1", "method": "cash"});
    let over = world.as_user("reception").await.post(&format!("/api/tickets/{code}/payments"), &body).await;
    assert_eq!(over.status, 422, "everything is paid: {}", over.text);
}

#[tokio::test]
async fn where_there_is_a_provider_customers_do_not_say_of_themselves_that_they_have_paid() {
    let world = with_sandbox().await;
    let code = extension(&world).await;
    let own = Person { customer: Some("C1".into()), ..Person::with("ali", &["customer"]) };
    world.employ(vec![own]).await;
    let customer = world.as_user("ali").await;
    let ticket = format!("/api/tickets/{code}");
    let revision = customer.get(&ticket).await.at("/ticket/revision");
    let data = json!({"amount": 13_200_000, "method": "cash"});
    let claimed =
        customer.post(&format!("{ticket}/steps/pay"), &json!({"revision": revision, "data": data})).await;
    assert_eq!(claimed.status, 403, "{}", claimed.text);
    let counter = json!({"event": "pay", "provider": "counter", "amount": "13200000", "method": "cash"});
    assert_eq!(customer.post(&format!("{ticket}/payments"), &counter).await.status, 403);
    let begun = order(&customer, &code, "sandbox", "13200000").await;
    let back = decide(&world, &begun, "paid").await;
    let seen = location(&browser().get(world.anyone.url(&back)).send().await.unwrap());
    assert!(seen.ends_with("status=paid"), "{seen}");
    assert_eq!(count(&world, &code).await, 1);
}

const AUTHORITY: &str = "A00000000000000000000000000217885159";

#[tokio::test]
async fn what_the_browser_says_of_a_payment_is_asked_of_the_provider() {
    let (calls, paid) = (Arc::default(), Arc::new(AtomicBool::new(false)));
    let url = zarinpal(calls, Arc::clone(&paid)).await;
    let world = World::start_with(|config| {
        config.gateways.payments.insert("zarinpal".into(), provider(PaymentKind::Zarinpal, &url));
    })
    .await;
    let code = extension(&world).await;
    let clerk = world.as_user("reception").await;
    let begin = async || {
        let begun = order(&clerk, &code, "zarinpal", "13200000").await;
        let go = world.anyone.url(begun["go"].as_str().unwrap());
        let there = location(&browser().get(&go).send().await.unwrap());
        (begun["id"].as_str().unwrap().to_owned(), there.rsplit('/').next().unwrap().to_owned())
    };
    let back = async |(id, authority): &(String, String), status: &str| {
        let path = format!("/api/payments/{id}/back?Authority={authority}&Status={status}");
        browser().get(world.anyone.url(&path)).send().await.unwrap()
    };
    // Nobody has paid, whatever the browser says; only when it says so too, the payment has ended.
    let first = begin().await;
    let unsure = back(&first, "OK").await;
    assert_eq!(unsure.status(), 503, "{unsure:?}");
    assert!(location(&back(&first, "NOK").await).ends_with("status=failed"));
    assert_eq!(count(&world, &code).await, 0);

    let second = begin().await;
    paid.store(true, Ordering::SeqCst);
    assert!(location(&back(&second, "NOK").await).ends_with("status=paid"), "the money is there");
    assert_eq!(count(&world, &code).await, 1);
}

#[tokio::test]
async fn a_payer_who_never_comes_back_has_paid_all_the_same() {
    let world = with_sandbox().await;
    let code = extension(&world).await;
    let clerk = world.as_user("reception").await;
    let providers = Payments::open(&world.app.config.gateways).unwrap();
    let status = async |begun: &Value| {
        let id = begun["id"].as_str().unwrap();
        world.anyone.get(&format!("/api/payments/{id}")).await.at("/status")
    };
    let (open, begun) = (
        order(&clerk, &code, "sandbox", "13200000").await,
        order(&clerk, &code, "sandbox", "13200000").await,
    );
    location(&browser().get(world.anyone.url(open["go"].as_str().unwrap())).send().await.unwrap());
    decide(&world, &begun, "paid").await;
    assert_eq!(late(&world.app, &providers).await.unwrap(), 0, "the payer may still be on the way");
    world.app.tick(TimeDelta::minutes(20)).await.unwrap();
    assert_eq!(late(&world.app, &providers).await.unwrap(), 1);
    assert_eq!((status(&begun).await, status(&open).await), (json!("paid"), json!("sent")));
    assert_eq!(count(&world, &code).await, 1);
    world.app.tick(TimeDelta::days(2)).await.unwrap();
    assert_eq!(late(&world.app, &providers).await.unwrap(), 1);
    assert_eq!(status(&open).await, "failed");
    assert_eq!(late(&world.app, &providers).await.unwrap(), 0);
}

// P3, P8
#[tokio::test]
async fn a_payment_asked_for_again_under_its_key_gets_its_answer_although_it_could_not_be_begun_any_more() {
    let world = with_sandbox().await;
    let code = extension(&world).await;
    let clerk = world.as_user("reception").await;
    let path = format!("/api/tickets/{code}/payments");
    let online = json!({"event": "pay", "provider": "sandbox", "amount": "13200000"});
    let cash = json!({"event": "pay", "provider": "counter", "amount": "13200000", "method": "cash"});
    let begun = clerk.post_once(&path, "online", &online).await;
    assert_eq!(begun.status, 201, "{}", begun.text);
    let paid = clerk.post_once(&path, "cash", &cash).await;
    assert_eq!((paid.status, paid.at("/status")), (201, json!("paid")), "{}", paid.text);
    assert_eq!(clerk.post(&path, &cash).await.status, 422, "everything is paid");
    for (key, body, first) in [("online", &online, &begun), ("cash", &cash, &paid)] {
        let again = clerk.post_once(&path, key, body).await;
        assert_eq!((again.status, &again.text), (first.status, &first.text), "{key}");
        let other = json!({"event": "pay", "provider": "counter", "amount": "1", "method": "cash"});
        assert_eq!(clerk.post_once(&path, key, &other).await.status, 422, "{key}");
    }
    let history = clerk.get(&format!("/api/tickets/{code}/history")).await;
    assert_eq!(history.text.matches("\"event\":\"pay\"").count(), 1, "{}", history.text);
}
