//! The machine's clock jumps, a day ahead and back again (F17).

use std::sync::Arc;
use std::time::Duration;

use aftercare::app::App;
use aftercare::auth::token;
use aftercare::clock::StandingClock;
use aftercare::store::StoreError;
use aftercare::store::registry::session::{self, SessionKind};
use aftercare::worker::fire_due;
use aftercare_tests::client::Client;
use aftercare_tests::company::{self, BRANCH, Company, SERIAL, morning};
use aftercare_tests::database::{self, Fresh};
use aftercare_tests::world::World;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

/// A server of a small company, and its clock.
async fn served(fresh: &Fresh) -> (World, Arc<StandingClock>) {
    let Company { app, clock } = company::found(fresh).await;
    (World::serve(app, tempfile::tempdir().expect("a folder")), clock)
}

fn day(days: i64) -> DateTime<Utc> {
    morning() + TimeDelta::days(days)
}

#[tokio::test]
async fn a_clock_that_jumps_turns_no_history_around_and_fires_no_timer_early() {
    let fresh = database::sqlite().await;
    let (world, clock) = served(&fresh).await;
    clock.set(day(-2));
    let (reception, dispatcher) = (world.as_user("reception").await, world.as_user("dispatcher").await);
    clock.set(day(1));
    let data = json!({"fault": "does not spin"});
    let opening = json!({"process": "errand", "branch": BRANCH, "device": SERIAL, "data": data});
    let opened = reception.post("/api/tickets", &opening).await;
    let code = opened.at("/code").as_str().expect("a code").to_owned();
    clock.set(day(-1));
    let step = format!("/api/tickets/{code}/steps/assign");
    let technician = json!({"revision": 1, "data": {"technician": "technician"}});
    assert_eq!(dispatcher.post(&step, &technician).await.status, 200);
    clock.set(day(0));
    let step = format!("/api/tickets/{code}/steps/pay");
    let paid = reception.post(&step, &json!({"revision": 2, "data": {"amount": "1000"}})).await;
    assert_eq!(paid.status, 200, "{}", paid.text);

    let history = reception.get(&format!("/api/tickets/{code}/history")).await;
    let times: Vec<DateTime<Utc>> = history
        .json()
        .as_array()
        .expect("a history")
        .iter()
        .map(|event| event["at"].as_str().expect("a moment").parse().expect("a moment"))
        .collect();
    assert_eq!(times.len(), 3, "{}", history.text);
    assert!(times.is_sorted(), "{times:?}");

    // Five days from when its work began by the ticket's own time.
    let due = day(1) + TimeDelta::days(5);
    for early in [day(-3), day(0), day(5), due - TimeDelta::milliseconds(1)] {
        clock.set(early);
        assert_eq!(fire_due(&world.app).await.expect("timers"), 0, "{early}");
    }
    clock.set(due);
    assert_eq!(fire_due(&world.app).await.expect("timers"), 1);
    clock.set(day(0));
    assert_eq!(fire_due(&world.app).await.expect("timers"), 0);
    clock.set(day(8));
    assert_eq!(fire_due(&world.app).await.expect("timers"), 0, "it fires once");
    let report = aftercare::verify::verify(&world.app).await.expect("a report");
    assert!(report.is_sound(), "{report:?}");
}

#[tokio::test]
async fn a_clock_that_is_put_back_makes_no_session_hold_longer() {
    let fresh = database::sqlite().await;
    let (world, clock) = served(&fresh).await;
    let status = async |client: &Client| client.get("/api/session").await.status;
    clock.set(day(1));
    let (session, program) = (signed_in(&world).await, world.as_user("reception").await);
    assert_eq!((status(&session).await, status(&program).await), (200, 200));
    // Nobody knows how old they are.
    clock.set(day(0));
    assert_eq!((status(&session).await, status(&program).await), (401, 401));
    // A little apart the clocks of two servers may be.
    clock.set(day(1) - TimeDelta::seconds(30));
    assert_eq!((status(&session).await, status(&program).await), (200, 200));
    clock.set(day(2));
    assert_eq!((status(&session).await, status(&program).await), (401, 200));
}

/// Somebody who has signed in as a person.
async fn signed_in(world: &World) -> Client {
    let (secret, hash) = token::new().expect("randomness");
    let App { clock, store, .. } = &world.app;
    let (now, day) = (clock.now(), Duration::from_secs(86_400));
    let begun = store.write::<_, StoreError, _>(move |tx| {
        Box::pin(
            async move { session::begin(tx, &hash, "reception", SessionKind::Session, None, now, day).await },
        )
    });
    begun.await.expect("a session");
    world.anyone.with_token(&secret)
}
