//! The pages in a real browser: as people use them, by keyboard, side by side, and as axe-core judges them.

mod accessible;
mod live;
mod pictures;
mod quick;
mod stories;

use aftercare_tests::world::World;

/// A process whose form has many kinds of fields.
const PROCESS: &str = "onsite_repair";

/// A world with an open request; its code.
async fn furnished() -> (World, String) {
    let world = World::start().await;
    world.furnish().await;
    let opened = world.open().await;
    let code = opened.at("/code").as_str().expect("a code").to_owned();
    (world, code)
}

/// The pages that somebody of reception, dispatch or the workshop sees.
fn pages(code: &str) -> Vec<(&'static str, &'static str, String)> {
    vec![
        ("board", "reception", "/tickets".into()),
        ("board-table", "reception", "/tickets?view=table".into()),
        ("ticket", "dispatcher", format!("/tickets/{code}")),
        ("intake", "reception", "/intake".into()),
        ("intake-device", "reception", format!("/intake?q=SN1&process={PROCESS}")),
        ("my-day", "technician", "/my-day".into()),
        ("books", "accountant", "/vouchers".into()),
        ("nothing", "reception", "/tickets/none".into()),
    ]
}
