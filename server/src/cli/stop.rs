//! Being asked to end: Ctrl-C, or the signal that service managers send.

use tokio_util::sync::CancellationToken;

/// Cancels the token when the process is asked to end.
pub fn when_asked(stop: &CancellationToken) {
    let stop = stop.clone();
    tokio::spawn(async move {
        asked().await;
        stop.cancel();
    });
}

async fn asked() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Without a handler the default action ends the process, which is what was asked for.
    drop(interrupted.await);
}
