//! Mail servers, SMS gateways and webhook receivers on real sockets, well and badly behaved: each message arrives,
//! or stands where a person finds it; every try carries the same id.

mod http_server;
mod mail_server;

use std::collections::BTreeMap;
use std::sync::Arc;

use aftercare::auth::policy::Scope;
use aftercare::config::Secret;
use aftercare::config::gateway::{self as settings, Mail, Sms, SmsKeys, Tls, Webhook};
use aftercare::entity::{incident, outbox};
use aftercare::gateway::Gateways;
use aftercare::store::outbox::redrive;
use aftercare::worker::Courier;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{ConnectionTrait, EntityTrait};
use sha2::Sha256;

use aftercare_tests::company::{self, Company, morning};
use aftercare_tests::database::{self, Fresh};
use http_server::HttpServer;
use mail_server::MailServer;

/// The port of a service that nobody offers any more.
const NOBODY_LISTENS: u16 = 9;

/// A company with one message waiting, and somebody who delivers it.
struct Post {
    fresh: Fresh,
    company: Company,
    courier: Courier,
}

impl Post {
    /// The message goes by this channel to this receiver, with this text.
    async fn with(gateways: settings::Gateways, channel: &str, to: &str, text: &str) -> Self {
        let fresh = database::sqlite().await;
        let company = company::found(&fresh).await;
        company.open_errand().await;
        let sql = format!(
            "UPDATE outbox SET channel = '{channel}', recipient = '{to}', body = '{text}', subject = 'Zgłoszenie ✓'"
        );
        fresh.raw.execute_unprepared(&sql).await.unwrap();
        let gateways = Arc::new(Gateways::open(&gateways).unwrap());
        let courier = Courier::new(company.app.clone(), gateways);
        Self { fresh, company, courier }
    }

    /// Delivers what is due now; the message afterwards.
    async fn deliver(&self) -> outbox::Model {
        self.courier.deliver_due().await.unwrap();
        outbox::Entity::find().one(self.fresh.store.reader()).await.unwrap().unwrap()
    }

    async fn deliver_after(&self, seconds: i64) -> outbox::Model {
        self.company.clock.advance(TimeDelta::seconds(seconds));
        self.deliver().await
    }

    async fn incidents(&self) -> Vec<String> {
        let rows = incident::Entity::find().all(self.fresh.store.reader()).await.unwrap();
        rows.into_iter().map(|row| row.message).collect()
    }
}

fn by_mail(port: u16) -> settings::Gateways {
    let mail = Mail {
        host: "127.0.0.1".into(),
        port,
        tls: Tls::None,
        user: None,
        password: None,
        from: "Aftercare <service@example.org>".into(),
    };
    settings::Gateways { mail: Some(mail), ..Default::default() }
}

fn by_sms(server: &HttpServer) -> settings::Gateways {
    let url = format!("{}/messages", server.address);
    let sms = Sms { url, token: None, from: Some("4711".into()), keys: SmsKeys::default(), private: true };
    settings::Gateways { sms: Some(sms), ..Default::default() }
}

#[tokio::test]
async fn a_letter_arrives_whole_with_an_id_of_its_own() {
    let server = MailServer::start().await;
    let post =
        Post::with(by_mail(server.port), "email", "jan@example.org", "Dzień dobry, pralka działa").await;
    let row = post.deliver().await;
    assert_eq!((row.status.as_str(), row.provider_ref.as_deref()), ("sent", Some("letter 4711")));
    let letters = server.letters();
    assert_eq!(letters.len(), 1);
    let has = |text: &str| assert!(letters[0].contains(text), "no `{text}` in {}", letters[0]);
    has("To: \"Jan Nowak\" <jan@example.org>");
    has("Message-ID: <");
    // Encoded words and quoted-printable, as mail demands of letters beyond ASCII.
    has("Subject: =?utf-8?b?WmfFgm9zemVuaWUg4pyT?=");
    has("Dzie=C5=84 dobry");
    assert!(post.deliver_after(3600).await.status == "sent" && server.letters().len() == 1, "sent once");
}

#[tokio::test]
async fn a_busy_mail_server_is_tried_again_and_one_that_knows_nobody_is_not() {
    let server = MailServer::start().await;
    let post = Post::with(by_mail(server.port), "email", "busy@example.org", "text").await;
    let row = post.deliver().await;
    assert_eq!((row.status.as_str(), row.attempt), ("pending", 1));
    assert!(row.next_at > morning() && row.last_error.unwrap().contains("come back later"));
    assert_eq!(post.deliver_after(7).await.attempt, 2, "the second try comes within seven seconds");

    let post = Post::with(by_mail(server.port), "email", "nobody@example.org", "text").await;
    assert_eq!(post.deliver().await.status, "dead");
    assert!(post.incidents().await[0].contains("nobody of this name"));
    assert!(server.letters().is_empty());
}

#[tokio::test]
async fn a_letter_whose_end_nobody_confirmed_is_left_to_a_person() {
    let server = MailServer::start().await;
    let post = Post::with(by_mail(server.port), "email", "vanishes@example.org", "text").await;
    assert_eq!(post.deliver().await.status, "uncertain");
    assert_eq!(post.incidents().await.len(), 1);
    assert_eq!(post.deliver_after(86_400).await.status, "uncertain", "it is not sent again by itself");
    assert_eq!(server.letters().len(), 1);
    let ids = vec![post.deliver().await.id];
    let now = morning() + TimeDelta::days(2);
    let again = post
        .fresh
        .store
        .write(move |tx| Box::pin(async move { redrive(tx, ids, &Scope::All, "manager", now).await }));
    assert_eq!(again.await.unwrap(), 1);
    post.deliver_after(2 * 86_400).await;
    let id = |letter: &String| letter.lines().find(|line| line.starts_with("Message-ID")).map(str::to_owned);
    let letters = server.letters();
    assert_eq!(letters.len(), 2, "a person may send it again");
    assert_eq!(id(&letters[0]), id(&letters[1]), "and its receiver can tell");
}

#[tokio::test]
async fn a_mail_server_that_is_away_holds_up_nothing_but_its_letters() {
    let server = HttpServer::start().await;
    let mut gateways = by_sms(&server);
    gateways.mail = by_mail(NOBODY_LISTENS).mail;
    let post = Post::with(gateways, "email", "jan@example.org", "text").await;
    post.company.open_errand().await;
    post.courier.deliver_due().await.unwrap();
    let rows = outbox::Entity::find().all(post.fresh.store.reader()).await.unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.channel.as_str(), row.status.as_str())).collect();
    assert_eq!(seen, [("email", "pending"), ("sms", "sent")]);
}

#[tokio::test]
async fn a_text_message_carries_our_id_and_keeps_the_providers() {
    let server = HttpServer::start().await;
    let post = Post::with(by_sms(&server), "sms", "+48123456789", "gotowe").await;
    let row = post.deliver().await;
    assert_eq!((row.status.as_str(), row.provider_ref.as_deref()), ("sent", Some("P-17")));
    let call = &server.calls()[0];
    let expected =
        serde_json::json!({"to": "+48123456789", "text": "gotowe", "from": "4711", "id": row.effect});
    assert_eq!((call.json(), call.path.as_str()), (expected, "/messages"));
    assert_eq!(call.header("idempotency-key"), row.effect);
}

#[tokio::test]
async fn a_provider_that_asks_for_patience_gets_it() {
    let server = HttpServer::start().await;
    let post = Post::with(by_sms(&server), "sms", "+48123456789", "busy").await;
    let row = post.deliver().await;
    assert_eq!((row.status.as_str(), row.next_at), ("pending", morning() + TimeDelta::seconds(120)));
    assert_eq!(post.deliver_after(119).await.attempt, 1);
    assert_eq!(post.deliver_after(1).await.status, "sent");
}

#[tokio::test]
async fn whether_a_text_message_is_tried_again_depends_on_what_went_wrong() {
    for (text, first, later, calls) in [
        ("broken", "pending", "sent", 2),
        ("vanishes", "pending", "sent", 2),
        ("wrong", "dead", "dead", 1),
        ("elsewhere", "dead", "dead", 1),
        ("endless", "sent", "sent", 1),
    ] {
        let server = HttpServer::start().await;
        let post = Post::with(by_sms(&server), "sms", "+48123456789", text).await;
        assert_eq!(post.deliver().await.status, first, "{text}");
        assert_eq!(post.deliver_after(10).await.status, later, "{text}");
        let made = server.calls();
        assert_eq!(made.len(), calls, "{text}: {made:?}");
        assert!(made.iter().all(|call| call.path == "/messages"), "a redirection is not followed");
        assert!(made.iter().all(|call| call.json()["id"] == made[0].json()["id"]), "{text}: one id");
    }
}

#[tokio::test]
async fn a_receiver_can_prove_that_a_call_is_ours() {
    let server = HttpServer::start().await;
    let endpoint =
        Webhook { url: format!("{}/hook", server.address), secret: Some(Secret::new("key")), private: true };
    let webhooks = BTreeMap::from([("partner".to_owned(), endpoint)]);
    let gateways = settings::Gateways { webhooks, ..Default::default() };
    let post = Post::with(gateways, "webhook", "partner", "{}").await;
    let row = post.deliver().await;
    assert_eq!(row.status, "sent");
    let call = &server.calls()[0];
    let signed = format!("{}.{}.{}", call.header("webhook-id"), call.header("webhook-timestamp"), call.body);
    assert_eq!(call.header("webhook-id"), row.effect);
    assert_eq!(call.header("webhook-signature"), format!("v1,{}", hmac(b"key", signed.as_bytes())));
}

/// HMAC-SHA256 in base64, as a receiver computes it.
fn hmac(key: &[u8], text: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key will do");
    mac.update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}

#[tokio::test]
async fn an_address_inside_the_own_network_is_refused_unless_it_is_meant() {
    for url in
        ["https://127.0.0.1/x", "https://[::1]/x", "https://169.254.169.254/latest", "http://example.org"]
    {
        let sms = Sms { url: url.into(), private: false, ..by_sms(&HttpServer::start().await).sms.unwrap() };
        let opened = Gateways::open(&settings::Gateways { sms: Some(sms), ..Default::default() });
        assert!(opened.is_err(), "{url} was accepted");
    }
}
