//! `verify`, `tick`, `explain TICKET` and `token` on a company with a ticket.

use aftercare::clock::Clock;
use aftercare::entity::ticket_event;
use chrono::Utc;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::Value;

use crate::{Ended, run};
use aftercare_tests::company::{self, Company};
use aftercare_tests::database::{self, Fresh};

/// A company with one ticket, opened now.
pub async fn with_ticket() -> (Fresh, Company, String) {
    let fresh = database::sqlite().await;
    let company = company::found(&fresh).await;
    company.clock.set(Utc::now());
    let code = company.open_errand().await;
    (fresh, company, code)
}

pub fn on(fresh: &Fresh, arguments: &[&str]) -> Ended {
    let data = fresh.url.trim_start_matches("sqlite://").trim_end_matches("/aftercare.db");
    run(&[arguments, &["--data", data]].concat())
}

#[tokio::test]
async fn a_store_that_says_the_truth_is_sound() {
    let (fresh, ..) = with_ticket().await;
    let verified = on(&fresh, &["verify"]);
    assert_eq!(verified.code, 0, "{verified:?}");
    let sound = "Looked at 1 tickets with 1 steps, and 0 vouchers: nothing is wrong\nNothing is sealed yet";
    assert!(verified.out.starts_with(sound), "{verified:?}");
}

#[tokio::test]
async fn a_demo_that_was_interrupted_is_not_taken_for_a_whole_one() {
    let (fresh, ..) = with_ticket().await;
    fresh.store.set_setting("demo_state", "begun").await.expect("a setting");
    for command in [&["verify"][..], &["token", "reception"], &["serve", "--listen", "127.0.0.1:0"]] {
        let ended = on(&fresh, command);
        assert_ne!(ended.code, 0, "{ended:?}");
        assert!(ended.problems.contains("the demo company is not whole"), "{ended:?}");
    }
    fresh.store.set_setting("demo_state", "whole").await.expect("a setting");
    assert_eq!(on(&fresh, &["verify"]).code, 0);
}

#[tokio::test]
async fn a_changed_history_is_found_and_ends_with_1() {
    let (fresh, _, code) = with_ticket().await;
    for attack in ["DROP TRIGGER", "UPDATE ticket_event SET actor = 'nobody'"] {
        if attack.starts_with("UPDATE") {
            fresh.raw.execute_unprepared(attack).await.expect("no trigger holds it any more");
            continue;
        }
        let triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ticket_event'";
        let rows = fresh
            .raw
            .query_all_raw(sea_orm::Statement::from_string(fresh.raw.get_database_backend(), triggers));
        for row in rows.await.expect("a list") {
            let name: String = row.try_get("", "name").expect("a name");
            fresh.raw.execute_unprepared(&format!("{attack} {name}")).await.expect("it is dropped");
        }
    }
    let verified = on(&fresh, &["verify", "--json"]);
    assert_eq!(verified.code, 1, "{verified:?}");
    let report: Value = serde_json::from_str(&verified.out).expect("JSON");
    assert_eq!(report["sound"], false);
    assert_eq!(report["findings"][0]["kind"], "chain");
    let subject = report["findings"][0]["subject"].as_str().expect("a text");
    assert!(subject.starts_with(&code), "{report}");
}

#[tokio::test]
async fn time_that_is_moved_fires_what_comes_due_each_at_its_own_moment() {
    let (fresh, company, code) = with_ticket().await;
    fresh.store.set_setting("demo_seed", "1").await.expect("it is a demo");
    let opened = company.clock.now();
    let moved = on(&fresh, &["tick", "--by", "11 days"]);
    assert_eq!(moved.code, 0, "{moved:?}");
    assert!(moved.out.contains(&code), "{}", moved.out);
    let steps = ticket_event::Entity::find().all(fresh.store.reader()).await.expect("a history");
    let last = steps.last().expect("a step");
    assert!((last.at - opened).num_minutes() - 10 * 24 * 60 < 1, "at {}, opened at {opened}", last.at);
    assert!(company.ticket(&code).await.finished);
    // The clock stays where it was put.
    let again = on(&fresh, &["tick", "--to", &opened.to_rfc3339()]);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.problems.starts_with("error: it is "), "{}", again.problems);
    assert_eq!(on(&fresh, &["verify"]).code, 0);
}

#[tokio::test]
async fn the_clock_of_a_real_company_is_not_moved() {
    let (fresh, ..) = with_ticket().await;
    fresh
        .raw
        .execute_unprepared(
            "INSERT INTO user (name, full_name, language, active, created_at, updated_at, version)
             VALUES ('reza', 'Reza', 'fa', TRUE, '2026-01-01', '2026-01-01', 1)",
        )
        .await
        .expect("a user");
    let moved = on(&fresh, &["tick", "--by", "3 days"]);
    assert_eq!((moved.code, moved.out.as_str()), (2, ""), "{moved:?}");
}

#[tokio::test]
async fn a_ticket_tells_its_story_in_the_language_asked_for() {
    let (fresh, _, code) = with_ticket().await;
    let told = on(&fresh, &["explain", &code]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.starts_with(&code) && told.out.contains("Registered"), "{}", told.out);
    let told = on(&fresh, &["explain", &code, "--language", "fa"]);
    assert!(told.out.contains("ثبت شده"), "{}", told.out);
    assert_eq!(on(&fresh, &["explain", "T0"]).code, 2);
}

#[test]
fn commands_that_look_into_a_store_make_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("none");
    let data = data.to_str().expect("a plain path");
    for command in [&["verify"][..], &["token", "admin"], &["tick", "--by", "1 day"], &["explain", "T1"]] {
        let ended = run(&[command, &["--data", data]].concat());
        assert_eq!(ended.code, 3, "{ended:?}");
    }
    assert!(!std::path::Path::new(data).exists());
}

#[tokio::test]
async fn a_run_that_is_not_there_ends_with_2() {
    let (fresh, ..) = with_ticket().await;
    let ended = on(&fresh, &["run", "nothing", "--preview"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.problems.contains("there is no run `nothing`"), "{ended:?}");
}
