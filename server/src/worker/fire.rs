//! Fires the timers that came due: oldest first, in small batches, never early; what came due while everything
//! was down fires at the start.

use aftercare_engine::facts::Map;
use tokio_util::sync::CancellationToken;

use super::{IDLE, TROUBLE, backoff, rest, token};
use crate::app::App;
use crate::entity::timer;
use crate::step::{Answer, Due};
use crate::store::StoreError;

/// Timers of one claim.
const BATCH: u64 = 50;
/// Tries after which a person must look.
const TRIES: i64 = 8;

pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let pause = match round(&app).await {
            Ok(0) => IDLE,
            Ok(_) => {
                tokio::task::yield_now().await;
                continue;
            }
            Err(error) => {
                tracing::warn!(%error, "timers cannot be read");
                TROUBLE
            }
        };
        if rest(&stop, pause).await {
            return;
        }
    }
}

/// Fires all that is due now, batch after batch; for commands and tests.
pub async fn fire_due(app: &App) -> Result<usize, StoreError> {
    let mut count = 0;
    loop {
        match round(app).await? {
            0 => return Ok(count),
            fired => count += fired,
        }
    }
}

/// One batch.
async fn round(app: &App) -> Result<usize, StoreError> {
    app.follow_clock().await?;
    let now = app.clock.now();
    if app.store.next_free_timer(now).await?.is_none_or(|due| due > now) {
        return Ok(0);
    }
    let claim = token();
    let timers = app.store.claim_timers(&claim, now, BATCH).await?;
    for timer in &timers {
        fire(app, timer, &claim).await?;
    }
    Ok(timers.len())
}

async fn fire(app: &App, row: &timer::Model, claim: &str) -> Result<(), StoreError> {
    let data: Map = serde_json::from_str(&row.data).unwrap_or_default();
    let due = Due {
        ticket: row.ticket.clone(),
        timer: row.name.clone(),
        event: row.event.clone(),
        data,
        claim: claim.to_owned(),
    };
    let why = match app.fire_timer(due).await {
        Ok(Answer::Done { .. } | Answer::Ignored(_) | Answer::NotFound) => return Ok(()),
        Ok(Answer::Refused { reasons, .. }) => {
            let reason = reasons.first().map(|reason| serde_json::to_string(reason).unwrap_or_default());
            reason.unwrap_or_default()
        }
        Ok(_) => "the ticket is busy".into(),
        Err(error) if error.is_passing() => return Err(error),
        Err(error) => error.to_string(),
    };
    let now = app.clock.now();
    let again = (row.tries + 1 < TRIES).then(|| now + backoff::wait(row.tries + 1, backoff::chance()));
    app.store.delay_timer(row, claim, again).await?;
    if again.is_none() {
        let subject = format!("{}/{}", row.ticket, row.name);
        app.store.open_incident("timer", Some(row.ticket.clone()), subject, why, now).await?;
    } else {
        tracing::warn!(ticket = %row.ticket, timer = %row.name, %why, "a timer could not fire");
    }
    Ok(())
}
