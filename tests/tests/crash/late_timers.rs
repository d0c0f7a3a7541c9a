//! How late timers fire while people work.

use std::time::Duration;

use aftercare::entity::timer;
use aftercare_tests::company;
use aftercare_tests::database::{self, Fresh};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::journal::{Journal, Request};
use super::server::Server;
use super::{founded, send};

/// Tickets, opened one after the other: their timers come due at the same distances.
const TICKETS: usize = 120;
const APART: Duration = Duration::from_millis(40);
/// People who open and assign tickets meanwhile, without a pause.
const BUSY: usize = 3;
/// Longest that ninety-nine of a hundred may be late.
const LATE: TimeDelta = TimeDelta::seconds(2);

// P22, P24
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_people_work_timers_fire_within_two_seconds_and_none_is_early() {
    let fresh = database::sqlite().await;
    let journal = Journal::new(founded(&fresh).await);
    let server = Server::start(&fresh.url);
    journal.connect(&server.address);
    let mut codes = Vec::new();
    let mut beat = tokio::time::interval(APART);
    for n in 0..TICKETS {
        beat.tick().await;
        codes.push(journal.send(Request::open(&n.to_string())).await.expect("an answer"));
    }
    let app = company::open(&fresh.store).await.app;
    // Their deadlines pass first, all of them at once.
    app.tick(TimeDelta::days(9)).await.expect("a clock that moves");
    let deadlines = fired(&fresh, &codes, 1).await;
    assert_eq!(deadlines.len(), TICKETS);
    let first = due(&fresh, &codes[0]).await;
    let ahead = TimeDelta::days(9);
    let clients: Vec<_> = (0..BUSY).map(|client| tokio::spawn(send(journal.clone(), 1, client))).collect();
    app.tick(first - (Utc::now() + ahead) - TimeDelta::seconds(1)).await.expect("a clock that moves");
    let fired = fired(&fresh, &codes, 2).await;
    server.kill();
    for client in clients {
        client.await.expect("a client ends by itself");
    }
    let mut late: Vec<TimeDelta> = fired[TICKETS..].iter().map(|(due, fired)| *fired - *due).collect();
    late.sort();
    let (least, most) = (late[0], late[late.len() * 99 / 100 - 1]);
    println!(
        "{} timers, {least} to {most} late, {} steps meanwhile",
        late.len(),
        journal.codes().len() - TICKETS
    );
    assert!(least >= TimeDelta::zero(), "one fired {least} early");
    assert!(most <= LATE, "one of a hundred is {most} late or more");
}

/// When the first timer of a ticket that has not fired is due.
async fn due(fresh: &Fresh, code: &str) -> DateTime<Utc> {
    let armed = timer::Entity::find().filter(timer::Column::Ticket.eq(code));
    let armed = armed.filter(timer::Column::State.eq("armed")).order_by_asc(timer::Column::DueAt);
    armed.one(fresh.store.reader()).await.expect("timers").and_then(|row| row.due_at).expect("a timer")
}

/// Waits until so many timers of each ticket have fired: when they were due and when they fired, in that order.
async fn fired(fresh: &Fresh, codes: &[String], each: usize) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    for _ in 0..300 {
        let own = timer::Entity::find().filter(timer::Column::Ticket.is_in(codes));
        let rows = own.filter(timer::Column::State.eq("fired")).order_by_asc(timer::Column::DueAt);
        let rows = rows.all(fresh.store.reader()).await.expect("timers");
        if rows.len() == codes.len() * each {
            return rows.iter().filter_map(|row| Some((row.due_at?, row.fired_at?))).collect();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("timers have not fired");
}
