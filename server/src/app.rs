//! What every part of a running server shares: store, definitions, clock, settings.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::catalog::Catalog;
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{Store, StoreError};

/// Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub catalog: Arc<Catalog>,
    pub clock: Arc<dyn Clock>,
    pub config: Arc<Config>,
}

/// Setting that says how far the demo's clock is ahead, in milliseconds.
const AHEAD: &str = "clock_ahead_ms";

impl App {
    /// Moves the demo's clock on; every process that shares the store follows.
    pub async fn tick(&self, by: TimeDelta) -> Result<TimeDelta, StoreError> {
        let ahead = self.ahead().await? + by;
        self.store.set_setting(AHEAD, &ahead.num_milliseconds().to_string()).await?;
        self.clock.put_ahead(ahead);
        Ok(ahead)
    }

    /// Follows the demo's clock where another process has moved it.
    pub async fn follow_clock(&self) -> Result<(), StoreError> {
        self.clock.put_ahead(self.ahead().await?);
        Ok(())
    }

    async fn ahead(&self) -> Result<TimeDelta, StoreError> {
        let ms = self.store.setting(AHEAD).await?.and_then(|text| text.parse().ok()).unwrap_or(0);
        Ok(TimeDelta::milliseconds(ms))
    }
}
