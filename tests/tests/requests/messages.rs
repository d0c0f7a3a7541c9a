//! What is written to customers, and what they write: with their request, each once.

use aftercare_tests::world::Person;
use serde_json::{Value, json};

use super::{card, furnished, reading};

// BS-16, BS-28
#[tokio::test]
async fn staff_write_to_the_customer_from_the_request_and_the_log_tells_of_every_message() {
    let (world, code) = furnished().await;
    let mut browser = reading(&world, "reception").await;
    let board = browser.get("/tickets").await;
    assert!(card(&board, &code).contains(&format!("href=\"/tickets/{code}#tell\"")), "{}", board.html);
    let path = format!("/tickets/{code}/messages");
    let page = browser.get(&format!("/tickets/{code}")).await;
    let hidden = |name: &str| page.hidden(&format!("{path}\""), name);
    let (csrf, once) = (hidden("csrf"), hidden("once"));
    assert!(!page.html.contains("value=\"email\">E-mail"), "there is no address: {}", page.html);
    let send = |text: &'static str, channel: &'static str| {
        [
            ("csrf", csrf.clone()),
            ("once", format!("{once}{text}")),
            ("text", text.into()),
            ("channel", channel.into()),
        ]
    };
    for (text, channel, status, told) in [
        ("", "sms", 422, "Message is not right"),
        ("Reminder: we come on Monday", "email", 422, "cannot be reached"),
        ("Reminder: we come on Monday", "sms", 303, ""),
        ("Reminder: we come on Monday", "sms", 303, ""),
    ] {
        let fields = send(text, channel);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = browser.post(&path, &fields).await;
        assert_eq!(answer.status, status, "{channel}: {}", answer.html);
        assert!(answer.html.contains(told), "{}", answer.html);
    }
    // Looked at first, it is in the form still and has not left.
    let mut look = send("Is anybody at home?", "sms").to_vec();
    look.push(("deed", "look".into()));
    let fields: Vec<(&str, &str)> = look.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let looked = browser.post(&path, &fields).await;
    assert_eq!(looked.status, 200, "{}", looked.html);
    assert!(looked.html.contains(">Is anybody at home?</textarea>"), "{}", looked.html);
    assert!(looked.html.contains("1 SMS"), "{}", looked.html);
    let sent = world.as_user("reception").await.get(&format!("/api{path}")).await.json();
    let sent: Vec<&Value> = sent.as_array().into_iter().flatten().collect();
    let own: Vec<&&Value> = sent.iter().filter(|one| one["message"] == "told").collect();
    assert_eq!(own.len(), 1, "pressed twice it leaves once: {sent:?}");
    assert_eq!((&own[0]["channel"], &own[0]["status"]), (&json!("sms"), &json!("pending")));
    assert_eq!(own[0]["recipient"], "09121234567");
    let text = own[0]["text"].as_str().unwrap_or_default();
    assert!(
        text.starts_with("Reminder: we come on Monday\n") && text.contains(&format!("/track/{code}/")),
        "{text}"
    );

    // Each message stands in the log with its words, its day and what became of it.
    let log = browser.get(&format!("/tickets/{code}?show=message")).await;
    let told = log.html.matches("class=\"of-message").count();
    assert!(told == sent.len() && told > 1, "{told} of {}", sent.len());
    let day = world.app.catalog.current().day(world.app.clock.now()).format("%-d %b %Y").to_string();
    for part in log.html.split("class=\"of-message").skip(1) {
        let part = part.split("</li>").next().unwrap_or_default();
        assert!(part.contains(&day) && part.contains("class=\"badge"), "{day}: {part}");
    }
    assert!(log.html.contains("Reminder: we come on Monday"));

    // Nobody outside writes in the name of the house.
    world.employ(vec![Person { customer: Some("C1".into()), ..Person::with("owner", &["customer"]) }]).await;
    let body = json!({"channel": "sms", "text": "free repair for you"});
    assert_eq!(world.as_user("owner").await.post(&format!("/api{path}"), &body).await.status, 403);
}

// SOS-24
#[tokio::test]
async fn mails_in_both_directions_are_kept_with_their_request() {
    let (world, code) = furnished().await;
    let admin = world.as_user("admin").await;
    let old = admin.get("/api/customers/C1").await.json();
    let changed = json!({"code": "C1", "kind": "person", "name": "علی کاظمی", "phones": ["09121234567"],
        "email": "ali@example.com", "language": "en", "version": old["version"]});
    assert_eq!(admin.put("/api/customers/C1", &changed).await.status, 200);
    let clerk = world.as_user("reception").await;
    let written = json!({"channel": "email", "text": "Which colour is it?"});
    assert_eq!(clerk.post(&format!("/api/tickets/{code}/messages"), &written).await.status, 201);
    let came = json!({"kind": "email_in", "text": "From: ali@example.com\nIt is <white>."});
    assert_eq!(clerk.post(&format!("/api/tickets/{code}/activities"), &came).await.status, 201);
    let page = reading(&world, "manager").await.get(&format!("/tickets/{code}")).await;
    for told in ["E-mail received", "It is &lt;white&gt;.", "ali@example.com", "Which colour is it?"] {
        assert!(page.html.contains(told), "`{told}`: {}", page.html);
    }
    let sent = clerk.get(&format!("/api/tickets/{code}/messages")).await.json();
    let mail = sent.as_array().into_iter().flatten().find(|one| one["message"] == "told").cloned();
    let mail = mail.expect("an e-mail");
    assert_eq!((&mail["channel"], &mail["recipient"]), (&json!("email"), &json!("ali@example.com")));
    assert!(mail["subject"].as_str().is_some_and(|subject| subject.contains(&code)), "{mail}");
}

#[tokio::test]
async fn an_incident_is_told_in_words_and_closed_with_what_was_done_about_it() {
    let (world, code) = furnished().await;
    let (store, now) = (&world.app.store, world.app.clock.now());
    let payment = store.open_incident("payment", Some(code), "P-1".into(), "too late".into(), now);
    payment.await.unwrap();
    let mut browser = reading(&world, "manager").await;
    let page = browser.get("/incidents").await;
    assert!(page.html.contains("A payment is not in the books"), "{}", page.html);
    assert!(!page.html.contains("/redrive\""), "nobody can do it again: {}", page.html);
    let id = world.as_user("manager").await.get("/api/incidents").await.at("/items/0/id");
    let path = format!("/incidents/{id}/resolve");
    let (csrf, once) = (page.hidden(&path, "csrf"), page.hidden(&path, "once"));
    let mut fields = [("csrf", csrf.as_str()), ("once", once.as_str()), ("reason", " ")];
    let refused = browser.post(&path, &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.html.contains("The reason is not right"), "{}", refused.html);
    let again = refused.hidden(&path, "once");
    (fields[1].1, fields[2].1) = (&again, "paid back by hand");
    assert_eq!(browser.post(&path, &fields).await.status, 303);
    assert!(!browser.get("/incidents").await.html.contains("not in the books"));
    let resolved = browser.get("/incidents?status=resolved").await;
    assert!(resolved.html.contains("paid back by hand"), "{}", resolved.html);
}
