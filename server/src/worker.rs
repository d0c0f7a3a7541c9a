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

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
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
    let gateways = Arc::new(gateways);
    let own = (app.clone(), stop);
    let mut workers = JoinSet::new();
    workers.spawn(lasting(own.clone(), move |app, stop| deliver::run(app, Arc::clone(&gateways), stop)));
    workers.spawn(lasting(own.clone(), fire::run));
    workers.spawn(lasting(own.clone(), follow::run));
    workers.spawn(lasting(own.clone(), forget::run));
    workers.spawn(lasting(own.clone(), payments::run));
    workers.spawn(lasting(own, seal::run));
    workers.join_all().await;
    seal::now(&app).await;
}

/// Runs a worker to its end. After a panic it begins anew: what it had in hand is in the store and is claimed again.
async fn lasting<Own, F>((own, stop): (Own, CancellationToken), run: impl Fn(Own, CancellationToken) -> F)
where
    Own: Clone,
    F: Future<Output = ()>,
{
    while AssertUnwindSafe(run(own.clone(), stop.clone())).catch_unwind().await.is_err() {
        tracing::error!("A worker panicked and begins anew");
        if rest(&stop, TROUBLE).await {
            return;
        }
    }
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use tokio_util::sync::CancellationToken;

    #[tokio::test]
    async fn a_worker_that_panics_begins_anew_until_it_ends_by_itself() {
        let begun = Arc::new(AtomicU64::new(0));
        let work = |begun: Arc<AtomicU64>, _: CancellationToken| async move {
            assert!(begun.fetch_add(1, Ordering::SeqCst) == 1, "planted");
        };
        super::lasting((Arc::clone(&begun), CancellationToken::new()), work).await;
        assert_eq!(begun.load(Ordering::SeqCst), 2);
    }
}
