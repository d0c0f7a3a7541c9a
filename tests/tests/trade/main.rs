//! What the trade asks for beside its processes, tried from outside: reports over tickets, and the ways to other
//! programs. Requirement ids stand in the names of the tests.

mod bad_input;
mod claims;
mod complaints;
mod desk;
mod other_programs;
mod service_plans;

use aftercare_tests::client::Client;
use aftercare_tests::world::World;
use chrono::NaiveDate;
use serde_json::{Value, json};

/// The company's day.
fn today(world: &World) -> NaiveDate {
    world.app.catalog.current().day(world.app.clock.now())
}

/// Takes a step of a ticket.
async fn take(user: &Client, ticket: &str, event: &str, data: Value) {
    let revision = user.get(ticket).await.at("/ticket/revision");
    let path = format!("{ticket}/steps/{event}");
    let done = user.post(&path, &json!({"revision": revision, "data": data})).await;
    assert_eq!(done.status, 200, "{event}: {}", done.text);
}
