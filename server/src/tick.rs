//! Moving the demo's clock: it goes from one due moment to the next, so that what a timer sets off comes due in
//! its turn, as if the time had really passed. It never goes back.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::app::App;
use crate::entity::ticket_event;
use crate::store::StoreError;
use crate::worker::fire_due;

/// How often we look whether other workers are done.
const GLANCE: Duration = Duration::from_millis(20);
/// Glances after which we go on without them.
const GLANCES: usize = 100;

/// Moves the clock to a moment and fires what comes due on the way. Returns the steps that timers have taken,
/// here or in a server on the same store.
pub async fn tick(app: &App, to: DateTime<Utc>) -> Result<Vec<ticket_event::Model>, StoreError> {
    let begun = app.clock.now();
    loop {
        let next = app.store.next_free_timer(app.clock.now()).await?.filter(|due| *due <= to);
        reach(app, next.unwrap_or(to)).await?;
        let fired = fire_due(app).await?;
        let waited = others_are_done(app).await?;
        if next.is_none() && fired == 0 && !waited {
            return app.store.steps_of_timers(begun).await;
        }
    }
}

/// The clock also runs by itself: it may be there already.
async fn reach(app: &App, moment: DateTime<Utc>) -> Result<(), StoreError> {
    let missing = moment - app.clock.now();
    if missing.num_milliseconds() > 0 {
        app.tick(missing).await?;
    }
    Ok(())
}

/// Waits for timers that a running server has in hand. True: there were some.
async fn others_are_done(app: &App) -> Result<bool, StoreError> {
    for glance in 0..GLANCES {
        if !app.store.has_timers_in_hand(app.clock.now()).await? {
            return Ok(glance > 0);
        }
        tokio::time::sleep(GLANCE).await;
    }
    Ok(false)
}
