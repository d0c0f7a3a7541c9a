//! The workers: they deliver what the outbox holds, fire the timers that came due, and keep house. They know no effect.
//!
//! Any number of processes may run them: what one has claimed, no other touches.

mod backoff;
mod deliver;
mod fire;
mod follow;
pub mod forget;
mod payments;
mod seal;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::gateway::Gateways;

pub use deliver::Courier;
pub use fire::fire_due;

/// How long a worker with nothing to do sleeps.
const IDLE: Duration = Duration::from_millis(500);
/// How long it sleeps when the store cannot be reached.
const TROUBLE: Duration = Duration::from_secs(2);

/// Runs until `stop`; then finishes what it has in hand.
pub async fn run(app: App, gateways: Gateways, stop: CancellationToken) {
    let mut workers = JoinSet::new();
    workers.spawn(deliver::run(app.clone(), Arc::new(gateways), stop.clone()));
    workers.spawn(fire::run(app.clone(), stop.clone()));
    workers.spawn(follow::run(app.clone(), stop.clone()));
    workers.spawn(forget::run(app.clone(), stop.clone()));
    workers.spawn(payments::run(app.clone(), stop.clone()));
    workers.spawn(seal::run(app.clone(), stop));
    while let Some(ended) = workers.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a worker ended");
        }
    }
    seal::now(&app).await;
}

/// A token that nobody else has.
fn token() -> String {
    static GIVEN: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [0; 12];
    // Where there is no randomness, process and count still tell the claims of one machine apart.
    let random = getrandom::fill(&mut bytes).is_ok();
    let random: String = bytes.iter().filter(|_| random).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{random}", std::process::id(), GIVEN.fetch_add(1, Ordering::Relaxed))
}

/// Sleeps, but wakes when it is told to stop. True: stop.
async fn rest(stop: &CancellationToken, time: Duration) -> bool {
    tokio::select! {
        () = stop.cancelled() => true,
        () = tokio::time::sleep(time) => stop.is_cancelled(),
    }
}
