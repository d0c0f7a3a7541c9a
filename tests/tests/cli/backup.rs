//! `backup` under load, `restore` into an empty folder, and what leaves the house afterwards (P31).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aftercare::app::App;
use aftercare::catalog::Catalog;
use aftercare::config::Config;
use aftercare::gateway::Gateways;
use aftercare::store::{Store, chain};
use aftercare::worker::Courier;
use aftercare_tests::client::pixel;
use aftercare_tests::database::Fresh;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;

use crate::on_a_store::{on, with_ticket};
use crate::{run, text};

async fn count(raw: &impl ConnectionTrait, sql: &str) -> i64 {
    let row =
        raw.query_one_raw(Statement::from_string(raw.get_database_backend(), sql)).await.expect("an answer");
    row.expect("a row").try_get_by_index(0).expect("a number")
}

/// A picture of a ticket.
async fn with_a_picture(fresh: &Fresh, code: &str) {
    let put = format!(
        "INSERT INTO ticket_file (ticket, kind, seen_by, name, media_type, size, hash, body, actor, at)
         VALUES ('{code}', 'photo', 'staff', 'a.png', 'image/png', {}, '{}', x'{}', 'reza', '2026-11-21T08:00:00+00:00')",
        pixel().len(),
        chain::hash_bytes(&pixel()),
        chain::hex(&pixel()),
    );
    fresh.raw.execute_unprepared(&put).await.expect("a picture");
}

/// The store in a folder.
async fn opened(data: &Path) -> App {
    let config = Config { data: data.to_owned(), demo: false, ..Config::default() };
    let store = Store::open(&config.database()).await.expect("a store");
    let catalog = Arc::new(Catalog::open(store.clone()).await.expect("a catalog"));
    let clock = Arc::new(aftercare::clock::SystemClock::default());
    App { store, catalog, clock, config: Arc::new(config) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_under_load_comes_back_whole_and_held() {
    let (fresh, company, code) = with_ticket().await;
    with_a_picture(&fresh, &code).await;
    let folder = tempfile::tempdir().expect("a folder");
    let (backup, data) = (folder.path().join("backup"), folder.path().join("data"));
    // Tickets are opened all the while.
    let company = Arc::new(company);
    let stop = Arc::new(AtomicBool::new(false));
    let (busy, until) = (Arc::clone(&company), Arc::clone(&stop));
    let load = tokio::spawn(async move {
        let mut opened = 0;
        while !until.load(Ordering::Relaxed) {
            busy.open_errand().await;
            opened += 1;
        }
        opened
    });
    while count(&fresh.raw, "SELECT count(*) FROM ticket").await < 5 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let made = tokio::task::block_in_place(|| on(&fresh, &["backup", text(&backup)]));
    assert_eq!(made.code, 0, "{made:?}");
    let during = count(&fresh.raw, "SELECT count(*) FROM ticket").await;
    while count(&fresh.raw, "SELECT count(*) FROM ticket").await < during + 5 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    stop.store(true, Ordering::Relaxed);
    assert!(load.await.expect("the load") > 9);
    // A second one does not overwrite the first, and one that was touched does not come back.
    assert_eq!(on(&fresh, &["backup", text(&backup)]).code, 3);

    let restored = run(&["restore", text(&backup), "--data", text(&data)]);
    assert_eq!(restored.code, 0, "{restored:?}");
    let old = fresh.url.trim_start_matches("sqlite://").trim_end_matches("aftercare.db");
    std::fs::copy(Path::new(old).join("seal.key"), data.join("seal.key")).expect("the key, kept elsewhere");
    let seals = backup.join("seals.jsonl");
    let verified = run(&["verify", "--json", "--seals", text(&seals), "--data", text(&data)]);
    assert_eq!(verified.code, 0, "{verified:?}");
    let report: Value = serde_json::from_str(&verified.out).expect("JSON");
    let back = report["tickets"].as_i64().expect("a number");
    assert!(back >= 5 && back <= during, "{back} of {during}");
    assert!(report["sealed_at"].is_string(), "{report}");
    assert_eq!(run(&["restore", text(&backup), "--data", text(&data)]).code, 3, "it is not empty any more");

    // Numbers go on where they were, and nothing leaves before it is released.
    let app = opened(&data).await;
    let again = aftercare_tests::company::Company { app: app.clone(), clock: Arc::clone(&company.clock) };
    let next = again.open_errand().await;
    let number =
        |code: &str| code.rsplit('-').next().and_then(|digits| digits.parse::<i64>().ok()).expect("a number");
    assert_eq!(number(&next), number(&code) + back, "{code} and {back} later {next}");
    let raw = sea_orm::Database::connect(app.config.database()).await.expect("a connection");
    let waiting = count(&raw, "SELECT count(*) FROM outbox WHERE status = 'pending'").await;
    assert!(waiting > 0);
    let courier =
        Courier::new(app.clone(), Arc::new(Gateways::open(&app.config.gateways).expect("gateways")));
    assert_eq!(courier.deliver_due().await.expect("a round"), 0);
    let released = tokio::task::block_in_place(|| run(&["release", "--discard", "--data", text(&data)]));
    assert_eq!(released.code, 0, "{released:?}");
    let dead = count(&raw, "SELECT count(*) FROM outbox WHERE status = 'dead'").await;
    assert!(dead > 0 && dead < waiting, "{dead} of {waiting}: what came after the restore still leaves");
    assert!(courier.deliver_due().await.expect("a round") > 0);
    assert!(run(&["release", "--data", text(&data)]).out.contains("nothing is held"));
}

#[tokio::test]
async fn a_backup_that_was_touched_does_not_come_back() {
    let (fresh, ..) = with_ticket().await;
    let folder = tempfile::tempdir().expect("a folder");
    let (backup, data) = (folder.path().join("backup"), folder.path().join("data"));
    assert_eq!(on(&fresh, &["backup", text(&backup)]).code, 0);
    let database = backup.join("aftercare.db");
    let mut bytes = std::fs::read(&database).expect("the database");
    *bytes.last_mut().expect("a byte") ^= 1;
    std::fs::write(&database, bytes).expect("another one");
    let refused = run(&["restore", text(&backup), "--data", text(&data)]);
    assert!(refused.code == 3 && refused.problems.contains("SHA-256"), "{refused:?}");
    assert!(!data.join("aftercare.db").exists());
    let none = run(&["restore", text(folder.path()), "--data", text(&data)]);
    assert!(none.code == 3 && none.problems.contains("no backup"), "{none:?}");
}
